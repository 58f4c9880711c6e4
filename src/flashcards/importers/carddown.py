"""Import cards marked for carddown."""

import re
from collections.abc import Iterator

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.markdown_notations import CARDDOWN_MARK, MARKDOWN_EXTENSIONS, notation_test
from flashcards.importers.shared.deck_collector import DeckCollector

TITLE = "notes marked for carddown"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("carddown")

TAG_PATTERN = re.compile(r"(?<!\S)#([\w-]+)")
HORIZONTAL_RULES = frozenset({"---", "***", "- - -", "* * *", "___"})


def read_source(source: ImportSource) -> ImportResult:
    """Return the marked cards; other text is ignored."""
    decks = DeckCollector(source, from_commonmark)
    for note in _parse_notes(decks.read_lines()):
        decks.add_complete(note)
    return decks.result()


def _parse_notes(lines: list[str]) -> Iterator[Note]:
    position = 0
    while position < len(lines):
        line, number = lines[position], position + 1
        position += 1
        if not CARDDOWN_MARK.search(line):
            continue
        marked = line.partition("#flashcard")[2] if "#flashcard" in line else line
        tags = tuple(tag for tag in TAG_PATTERN.findall(marked) if tag != "flashcard")
        bare = " ".join(TAG_PATTERN.sub("", CARDDOWN_MARK.sub("", line)).split())
        front, colon, back = (part.strip() for part in bare.partition(" : "))
        if colon:
            yield Note(front, back, tags=tags, line=number)
            continue
        end = next(
            (i for i in range(position, len(lines)) if lines[i].strip() in HORIZONTAL_RULES), len(lines)
        )
        yield Note(bare, "\n".join(lines[position:end]).strip(), tags=tags, line=number)
        position = end + 1
