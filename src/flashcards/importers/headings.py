"""Markdown whose headings ask and whose text answers: taken only where nothing else fits."""

from __future__ import annotations

from dataclasses import dataclass, field

from flashcards.core.cards import Note
from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.notations import ASKING, HEADINGS, heading, notation
from flashcards.importers.shared.code_fences import Fences
from flashcards.importers.shared.front_matter import front_matter
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, skipped

TITLE = "Markdown with questions as headings"
ENDINGS: tuple[str, ...] = ()


def fits(source: Source) -> bool:
    """Tell a text at least half of whose headings end with a question mark."""
    return notation(source) == HEADINGS


def read(source: Source) -> Brought:
    """Return a card for each heading that has text below it; a first heading without is a title."""
    text = decoded(source)
    lines = text.text.split("\n")
    about = front_matter(lines)
    reader = _Reader(source, about.text("name", "deck", "title"))
    for number, line in enumerate(lines[about.lines :], about.lines + 1):
        reader.line(number, line)
    reader.end()
    return Brought(
        reader.decks.all(), tuple(reader.skipped), (*text.remarks, *reader.decks.remarks())
    )


@dataclass(slots=True)
class _Reader:
    """Takes lines; a heading outside of code ends the card before it."""

    source: Source
    deck: str
    decks: Decks = field(default_factory=Decks)
    skipped: list[Skipped] = field(default_factory=list)
    _heading: str = ""
    _start: int = 0
    _body: list[str] = field(default_factory=list)
    _fences: Fences = field(default_factory=Fences)

    def line(self, number: int, line: str) -> None:
        """Take a line."""
        found = "" if self._fences.holds(line) else heading(line)
        if found:
            self.end()
            self._heading, self._start, self._body = found, number, []
        elif self._heading:
            self._body.append(line)

    def end(self) -> None:
        """End the card that is open."""
        back = "\n".join(self._body).strip()
        if self._heading and back:
            note = Note(self._heading, back, line=self._start)
            self.decks.add(self.deck or deck_name(self.source), BroughtNote(note))
        elif self._heading and not self.deck and not len(self.decks):
            self.deck = self._heading
        elif self._heading.endswith(ASKING):
            self.skipped.append(skipped(self.source, self._start, "no answer stands below it"))
        self._heading = ""
