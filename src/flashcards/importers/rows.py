"""Rows of a table as text: what parts its fields is found out, and no quote eats the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.errors import FlashcardsError

SEPARATORS = ("\t", ";", ",", "|")
NAMES = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ",
}  # fmt: skip
LONGEST_FIELD = 1 << 20
"""Letters of a field; a longer one is taken for a quote that was never closed."""
MOST_LINES = 2_000
"""Lines of a row; more are taken for a quote that was never closed."""
MOST_AGAIN = 2_000_000
"""Lines read a second time, for all open quotes of a file together."""
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
    """Gives lines to the reader of rows, and stops it where a row does not end."""

    def __init__(self, text: str, start: int = 0) -> None:
        self._lines = io.StringIO(text, newline="").readlines()
        self.at = start
        self.row = start

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        if self.at - self.row > MOST_LINES:
            raise _OpenQuoteError
        self.at += 1
        return self._lines[self.at - 1]

    def line(self, place: int) -> str:
        """Return a line without what ends it."""
        return self._lines[place].rstrip("\r\n")


def rows(text: str, separator: str, start: int = 0) -> Iterator[Row]:
    """Yield the rows of a text after its first `start` lines; blank lines are none.

    A line whose quotes do not match is taken as it stands. Raises FlashcardsError when that is so
    with too much of the text.
    """
    csv.field_size_limit(LONGEST_FIELD)
    lines = Lines(text, start)
    again = 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while lines.at < len(lines):
        lines.row = lines.at
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
            yield _as_it_stands(lines.line(lines.row), lines.row + 1, separator)
            lines.at = lines.row + 1
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
