"""Cards among notes, as Obsidian's spaced repetition plug-in finds them, with their schedule.

`front::back`, `front:::back` (both ways), `?` and `??` between lines, ==gaps== in a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flashcards.core.cards import SIBLING, Note
from flashcards.core.cloze import keys
from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.notations import (
    DECK_TAG,
    INLINE,
    MARKDOWN_ENDINGS,
    SCHEDULE,
    notation,
    pair,
)
from flashcards.importers.obsidian.cloze import ALWAYS, signs_in, with_gaps
from flashcards.importers.obsidian.schedule import lives
from flashcards.importers.shared.code_fences import Fences
from flashcards.importers.shared.front_matter import front_matter
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, skipped

TITLE = "Markdown with :: or ? (Obsidian spaced repetition)"
ENDINGS = MARKDOWN_ENDINGS

BULLET = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s+(?:\[.\]\s+)?")
BLOCK_ID = re.compile(r"[ \t]\^[A-Za-z0-9-]+$", re.MULTILINE)
EMBED = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
WIKI = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]\n]+)\]\]")
TAGS = re.compile(r"(?<![\w&/])#[^\s#]*[^\W\d][^\s#]*")
COMMENT = re.compile(r"<!--(?!SR:).*?(?:-->|\Z)")
NUMBER = re.compile(r"c\d{1,3}")
TURN = {"?": None, "??": True}


def fits(source: Source) -> bool:
    """Tell notes with any of the signs that make a card."""
    return notation(source) == INLINE


def read(source: Source) -> Brought:
    """Return the cards among the notes; all other text is left."""
    text = decoded(source)
    lines = text.text.split("\n")
    about = front_matter(lines)
    blocks = list(_blocks(lines, about.lines))
    reader = _Reader(source, deck_name(source), _signs(blocks))
    for tag in about.words("tags"):
        reader.enter(f"#{tag.removeprefix('#')}")
    for number, block in blocks:
        reader.block(number, block)
    return Brought(
        reader.decks.all(), tuple(reader.skipped), (*text.remarks, *reader.decks.remarks())
    )


def _blocks(lines: list[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the paragraphs of a text with the number of their first line; code stays whole."""
    block, begins, fences, hidden = list[str](), 0, Fences(), False
    for place in range(start, len(lines)):
        line = lines[place].rstrip()
        if not fences.inside and (hidden or "<!--" in line):
            line, hidden, nothing = _shown(line, hidden=hidden)
            if nothing:
                continue
        code = fences.holds(line)
        if line or code:
            begins = begins if block else place + 1
            block.append(line)
        if block and not fences.inside and (not line or SCHEDULE.search(line)):
            yield begins, block
            block = []
    if block:
        yield begins, block


def _shown(line: str, *, hidden: bool) -> tuple[str, bool, bool]:
    """Return what of a line no comment hides, whether one goes on, and whether all is hidden."""
    rest = line
    if hidden:
        _, ended, rest = line.partition("-->")
        if not ended:
            return "", True, True
    shown = COMMENT.sub("", rest)
    opened = rest.rfind("<!--")
    hidden = opened >= 0 and "-->" not in rest[opened:]
    return shown.rstrip(), hidden, not shown.strip()


def _signs(blocks: Sequence[tuple[int, list[str]]]) -> frozenset[str]:
    """Return the signs that mark gaps: the usual, and those of paragraphs with a schedule."""
    signs = set(ALWAYS)
    for _, lines in blocks:
        text = "\n".join(lines)
        if SCHEDULE.search(text) and not _is_other(lines):
            signs |= set(signs_in(text)[:1])
    return frozenset(signs)


def _is_other(lines: list[str]) -> bool:
    """Tell a paragraph that is a card without any gap."""
    return any(line.strip() in TURN or pair(line) for line in lines)


@dataclass(slots=True)
class _Reader:
    """Finds the cards of paragraphs."""

    source: Source
    deck: str
    signs: frozenset[str]
    decks: Decks = field(default_factory=Decks)
    skipped: list[Skipped] = field(default_factory=list)

    def enter(self, line: str) -> bool:
        """Go into the deck that a line of tags names; tell whether it is such a line."""
        found = DECK_TAG.search(line)
        if found:
            self.deck = _deck_of(found[0]) or self.deck
        return bool(found)

    def block(self, number: int, lines: list[str]) -> None:
        """Take a paragraph: a card of several lines, or cards of one line each."""
        while lines and TAGS.sub("", lines[0]).strip() == "" and not lines[0].startswith("```"):
            self.enter(lines[0])
            number, lines = number + 1, lines[1:]
        if not lines:
            return
        turn = next((i for i, line in enumerate(lines) if line.strip() in TURN), -1)
        paired = [i for i, line in enumerate(lines) if pair(line)]
        if turn >= 0 and not any(i < turn for i in paired):
            self._several_lines(number, lines, turn)
        elif paired and not lines[0].startswith(("```", "~~~")):
            self._single_lines(number, lines)
        elif lines[0].startswith(("```", "~~~")):
            return
        elif not self.signs.isdisjoint(signs_in("\n".join(lines))):
            self._gaps(number, lines)
        elif SCHEDULE.search("\n".join(lines)):
            self.skipped.append(skipped(self.source, number, "it has a schedule, and no card"))

    def _several_lines(self, number: int, lines: list[str], turn: int) -> None:
        body, schedule = _parted("\n".join(lines[turn + 1 :]))
        front, deck = self._own_deck("\n".join(lines[:turn]))
        both = TURN[lines[turn].strip()]
        self._add(number, deck, Note(_tidy(front), _tidy(body), reverse=both), schedule)

    def _single_lines(self, number: int, lines: list[str]) -> None:
        for place, line in enumerate(lines):
            found = pair(line)
            if not found:
                continue
            back, schedule = _parted(found.back)
            if not schedule and place + 1 < len(lines):
                schedule = _parted(lines[place + 1])[1]
            front, deck = self._own_deck(BULLET.sub("", found.front, count=1))
            note = Note(_tidy(front), _tidy(back), reverse=found.both_ways or None)
            self._add(number + place, deck, note, schedule)

    def _gaps(self, number: int, lines: list[str]) -> None:
        body, schedule = _parted("\n".join(lines))
        text, deck = self._own_deck(body)
        self._add(number, deck, Note(with_gaps(_tidy(text), self.signs), cloze=True), schedule)

    def _own_deck(self, text: str) -> tuple[str, str]:
        """Return a text without the tag of a deck of its own, and that deck."""
        found = DECK_TAG.match(text.strip())
        if not found:
            return text, self.deck
        return text.strip()[found.end() :], _deck_of(found[0]) or self.deck

    def _add(self, line: int, deck: str, note: Note, schedule: str) -> None:
        if not note.front or not (note.back or note.cloze):
            why = "its back is empty" if note.front else "its front is empty"
            self.skipped.append(skipped(self.source, line, why))
            return
        note = _at(note, line)
        self.decks.add(deck, BroughtNote(note, lives(_siblings(note), schedule)))


def _at(note: Note, line: int) -> Note:
    return Note(note.front, note.back, reverse=note.reverse, cloze=note.cloze, line=line)


def _siblings(note: Note) -> list[str]:
    """Return what the ids of a note's cards add to its own, in the order of its schedule."""
    if note.cloze:
        found = keys(note.front)
        numbered = all(NUMBER.fullmatch(key) for key in found)
        return [SIBLING + key for key in (sorted(found, key=_number) if numbered else found)]
    return ["", SIBLING + "r"] if note.reverse else [""]


def _number(key: str) -> int:
    return int(key[1:])


def _parted(text: str) -> tuple[str, str]:
    """Return a text without its schedule, and the schedule."""
    found = SCHEDULE.search(text)
    return (SCHEDULE.sub("", text), found["all"]) if found else (text, "")


def _deck_of(tag: str) -> str:
    """Return the deck that a tag stands for: #flashcards/a/b is a::b."""
    return "::".join(part for part in tag.split("/")[1:] if part)


def _tidy(text: str) -> str:
    """Return text without what only Obsidian knows: block ids, and links between notes."""
    text = BLOCK_ID.sub("", text)
    text = EMBED.sub(lambda found: f"![](<media/{found[1].rpartition('/')[2]}>)", text)
    return WIKI.sub(r"\1", text).strip()
