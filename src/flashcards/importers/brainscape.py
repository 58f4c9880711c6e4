"""A deck's page on Brainscape, copied as text: numbered cards, and the scale of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flashcards.core.cards import Note
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Skipped, Source
from flashcards.importers.shared.source_text import PLAIN_ENDINGS, deck_name, decoded, head, skipped

TITLE = "Brainscape page"
ENDINGS: tuple[str, ...] = ()

CARDS = re.compile(r"\(?(\d{1,6}) cards?\)?", re.IGNORECASE)
ASKS = "how well did you know this?"
SCALE = ("1", "not at all", "2", "3", "4", "5", "perfectly")
NUMBERED_QA = re.compile(r"^\d{1,6}\n+Q\n(?:.*\n){1,60}?A$", re.MULTILINE)
RUN_TOGETHER = re.compile(r"^\d{1,6}\n(?!Q\n)[^\n]+\n[^\n]+\n+\d{1,6}$", re.MULTILINE)
LONGEST_BULLET = 300
"""Letters of a paragraph that still makes an item of a list."""


def fits(source: Source) -> bool:
    """Tell a page by its numbered Q and A, or by its scale."""
    if source.ending not in PLAIN_ENDINGS:
        return False
    lines = "\n".join(line.strip() for line in head(source).split("\n"))
    if NUMBERED_QA.search(lines):
        return True
    told = CARDS.search(lines[:2000]) or ASKS in lines.casefold()
    return bool(told and RUN_TOGETHER.search(lines))


def read(source: Source) -> Brought:
    """Return the page's cards; each answer's lines as a list where it had several paragraphs."""
    text = decoded(source)
    page = _Page(source, [line.strip() for line in text.text.split("\n")])
    notes = tuple(BroughtNote(note) for note in page.notes())
    remarks = list(text.remarks)
    if page.told and page.told != len(notes):
        remarks.append(f"The page speaks of {page.told} cards; {len(notes)} were found in it.")
    deck = BroughtDeck(page.title or deck_name(source), notes)
    return Brought((deck,) if notes else (), tuple(page.skipped), tuple(remarks))


@dataclass(slots=True)
class _Page:
    """Goes down a page; `at` is the place of the line that comes next."""

    source: Source
    lines: list[str]
    skipped: list[Skipped] = field(default_factory=list)
    at: int = 0
    title: str = ""
    told: int = 0

    def notes(self) -> Iterator[Note]:
        """Yield the cards of the page, after its title."""
        number = self._first()
        while self.at < len(self.lines):
            if not self._starts(self.at, number):
                self._stray()
                continue
            begins, self.at = self.at, self._next(self.at + 1)
            if self.at < len(self.lines) and self.lines[self.at] == "Q":
                self.at += 1
                front = self._question(number + 1)
            else:
                front = self._line()
            back = self._answer(number + 1)
            number += 1
            if front and back:
                yield Note(_joined(front), _back(back), line=begins + 1)
            else:
                why = f"card {number - 1} has no {'answer' if front else 'question'}"
                self.skipped.append(skipped(self.source, begins + 1, why))

    def _first(self) -> int:
        """Read what stands above the first card, and return its number."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.isdecimal() and len(line) < 7 and self._starts(self.at, int(line)):
                return int(line)
            if found := CARDS.fullmatch(line):
                self.told = int(found[1])
            elif line and not self.title:
                self.title = line
            self.at += 1
        return 1

    def _next(self, place: int) -> int:
        """Return the place of the next line that says something."""
        while place < len(self.lines) and not self.lines[place]:
            place += 1
        return place

    def _starts(self, place: int, number: int) -> bool:
        """Tell whether a card with this number begins here: with Q, or with two lines at least."""
        if self.lines[place] != str(number):
            return False
        first = self._next(place + 1)
        if first >= len(self.lines):
            return False
        if self.lines[first] == "Q":
            return True
        second = self._next(first + 1)
        return second < len(self.lines) and self.lines[first].casefold() not in SCALE

    def _asks(self, place: int) -> bool:
        place = self._next(place + 1)
        return place < len(self.lines) and self.lines[place] == "Q"

    def _question(self, number: int) -> list[str]:
        """Take the lines before the A, and the A; those before the next card when there is none."""
        start = self.at
        while self.at < len(self.lines) and self.lines[self.at] != "A":
            if self._starts(self.at, number):
                return self.lines[start : self.at]
            self.at += 1
        self.at += 1
        return self.lines[start : self.at - 1]

    def _line(self) -> list[str]:
        self.at += 1
        return self.lines[self.at - 1 : self.at]

    def _answer(self, number: int) -> list[str]:
        """Take the lines of an answer, and the scale below it."""
        start = self.at = self._next(self.at)
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.casefold() == ASKS:
                answer = self.lines[start : self.at]
                self._scale()
                return answer
            if self._starts(self.at, number) and (self.at > start or self._asks(self.at)):
                break
            self.at += 1
        return self.lines[start : self.at]

    def _scale(self) -> None:
        self.at += 1
        for step in SCALE:
            place = self._next(self.at)
            if place < len(self.lines) and self.lines[place].casefold() == step:
                self.at = place + 1

    def _stray(self) -> None:
        """Pass a line that belongs to no card, and say so."""
        line, self.at = self.lines[self.at], self.at + 1
        if line:
            why = f"it belongs to no card: {line[:60]}"
            self.skipped.append(skipped(self.source, self.at, why))


def _joined(lines: Sequence[str]) -> str:
    """Return lines as one paragraph, or as several where blank lines part them."""
    return "\n\n".join(_paragraphs(lines))


def _paragraphs(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines)
    return [" ".join(part.split("\n")) for part in re.split(r"\n\n+", text.strip("\n")) if part]


def _back(lines: Sequence[str]) -> str:
    """Return an answer: several short paragraphs were the items of a list."""
    found = _paragraphs(lines)
    if len(found) > 1 and all(len(part) <= LONGEST_BULLET for part in found):
        return "\n".join(f"- {part}" for part in found)
    return "\n\n".join(found)
