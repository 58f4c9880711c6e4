"""Rows of a table as text: what parts its fields is found out, and no quote eats the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.errors import FlashcardsError

SEPARATORS = ("\t", ";", ",", "|")
NAMES = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ",
}  # fmt: skip
SIGNS = NAMES | {"newline": "\n", "blank-line": "\n\n", "\\t": "\t", "\\n": "\n", "\\n\\n": "\n\n"}
"""What a person types for a sign that cannot be typed, or that the shell takes for its own."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
LONGEST_FIELD = 1 << 20
"""Letters of a field; a longer one is taken for a quote that was never closed."""
MOST_LINES = 2_000
"""Lines of a row; more are taken for a quote that was never closed."""
MOST_AGAIN = 2_000_000
"""Lines read a second time, for all open quotes of a file together."""
LEAST = 3
"""Rows that are needed to tell them in one line."""
SAMPLE = 100
"""Rows that tell the separator."""


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a row, and its line (from 1); `why` says what is wrong with it."""

    line: int
    fields: list[str]
    why: str = ""


class _OpenQuoteError(Exception):
    """A row goes on for longer than rows do."""


class Lines:
    """Gives the lines of a text to the reader of rows, and stops it where a row does not end."""

    def __init__(self, text: str, start: int = 0) -> None:
        self._text = text
        self._place = self._row_place = 0
        self.at = self.row = 0
        for _ in range(start):
            self._pass()

    @property
    def over(self) -> bool:
        """Whether there is no line left."""
        return self._place >= len(self._text)

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self.over:
            raise StopIteration
        if self.at - self.row > MOST_LINES:
            raise _OpenQuoteError
        return self._pass()

    def _pass(self) -> str:
        found = LINE.match(self._text, self._place)
        self._place, self.at = found.end() if found else len(self._text), self.at + 1
        return found[0] if found else ""

    def begin(self) -> None:
        """Let a row begin here."""
        self._row_place, self.row = self._place, self.at

    def again(self) -> str:
        """Go back to where the row began, and return its first line without what ends it."""
        self._place, self.at = self._row_place, self.row
        return self._pass().rstrip("\r\n")


def rows(text: str, separator: str, start: int = 0) -> Iterator[Row]:
    """Yield the rows of a text after its first `start` lines; blank lines are none.

    A line whose quotes do not match is taken as it stands. Raises FlashcardsError when that is so
    with too much of the text.
    """
    csv.field_size_limit(LONGEST_FIELD)
    lines = Lines(text, start)
    again = 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while not lines.over:
        lines.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _OpenQuoteError):
            again += lines.at - lines.row
            if again > MOST_AGAIN:
                raise FlashcardsError(
                    f"Line {lines.row + 1}: so many quotation marks lack their partners that this "
                    "cannot be read as a table. Mend them, or say what it is: --format NAME."
                ) from None
            yield _as_it_stands(lines.again(), lines.row + 1, separator)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            continue
        if fields and any(fields):
            yield Row(lines.row + 1, fields)


def _as_it_stands(line: str, number: int, separator: str) -> Row:
    """Return the row of one line in which quotation marks mean nothing."""
    if len(line) > LONGEST_FIELD:
        return Row(number, [], f"it has more than {LONGEST_FIELD:,} letters")
    return Row(number, [part.strip() for part in line.split(separator)])


@dataclass(frozen=True, slots=True)
class Guess:
    """What parts the fields of a text, how many there mostly are, and how much of it agrees."""

    separator: str
    columns: int
    agreement: float
    """0 to 1."""


def separator_of(text: str, separators: Sequence[str] = SEPARATORS) -> Guess:
    """Return what parts the fields of a text most evenly."""
    return max((_tried(text, one) for one in separators), key=lambda guess: guess.agreement)


def _tried(text: str, separator: str) -> Guess:
    if separator not in text:
        return Guess(separator, 1, 0.0)
    counts: Counter[int] = Counter()
    try:
        for row in rows(text[: 1 << 18], separator):
            counts[len(row.fields)] += 1
            if counts.total() >= SAMPLE:
                break
    except FlashcardsError:
        return Guess(separator, 1, 0.0)
    if not counts:
        return Guess(separator, 1, 0.0)
    columns, many = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1]))
    return Guess(separator, columns, many / counts.total() if columns > 1 else 0.0)


def runs_on(text: str) -> bool:
    """Tell rows of two fields that go on in one line: a tab in each, another sign between them."""
    rows_ = ([row for row in text.split(sign) if row.strip()] for sign in (";", "|"))
    return "\n" not in text.strip() and any(
        len(found) >= LEAST and all(row.count("\t") == 1 for row in found) for found in rows_
    )
