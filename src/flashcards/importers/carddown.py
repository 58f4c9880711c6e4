"""carddown's cards among notes: `question : answer 🧠`, or lines from a marked one to a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flashcards.core.cards import Note
from flashcards.importers.base import Brought, BroughtNote, Source
from flashcards.importers.notations import CARDDOWN, MARKDOWN_ENDINGS, MARKED, notation
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, skipped

TITLE = "notes marked for carddown"
ENDINGS = MARKDOWN_ENDINGS

TAG = re.compile(r"(?<!\S)#([\w-]+)")
RULES = frozenset({"---", "***", "- - -", "* * *", "___"})


def fits(source: Source) -> bool:
    """Tell notes with marked lines."""
    return notation(source) == CARDDOWN


def read(source: Source) -> Brought:
    """Return the marked cards; all other text is left."""
    text = decoded(source)
    decks, left_out = Decks(), []
    for note in _notes(text.text.split("\n")):
        if note.front and note.back:
            decks.add(deck_name(source), BroughtNote(note))
        else:
            left_out.append(skipped(source, note.line, "its front or its back is empty"))
    return Brought(decks.all(), tuple(left_out), (*text.remarks, *decks.remarks()))


def _notes(lines: list[str]) -> Iterator[Note]:
    place = 0
    while place < len(lines):
        line, number = lines[place], place + 1
        place += 1
        if not MARKED.search(line):
            continue
        marked = line.partition("#flashcard")[2] if "#flashcard" in line else line
        tags = tuple(tag for tag in TAG.findall(marked) if tag != "flashcard")
        bare = " ".join(TAG.sub("", MARKED.sub("", line)).split())
        front, colon, back = (part.strip() for part in bare.partition(" : "))
        if colon:
            yield Note(front, back, tags=tags, line=number)
            continue
        end = next((i for i in range(place, len(lines)) if lines[i].strip() in RULES), len(lines))
        yield Note(bare, "\n".join(lines[place:end]).strip(), tags=tags, line=number)
        place = end + 1
