"""Split a table into rows, and guess its separator."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from flashcards.errors import FlashcardsError

SEPARATORS = ("\t", ";", ",", "|")
SEPARATOR_NAMES = {
    "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " ",
}  # fmt: skip
TYPED_SEPARATORS = SEPARATOR_NAMES | {  # words for separators that are hard to type in a shell
    "newline": "\n",
    "blank-line": "\n\n",
    "\\t": "\t",
    "\\n": "\n",
    "\\n\\n": "\n\n",
}
LIST_LINE = re.compile(r"\s*(?:[-*•–+]|\d{1,2}[.)])\s")
LINE_PATTERN = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
MAX_FIELD_LENGTH = 1 << 20  # a longer field is taken for an unclosed quote
MAX_ROW_LINES = 2_000  # a row of more lines is taken for an unclosed quote
MAX_REREAD_LINES = 2_000_000  # lines read again because of unclosed quotes, in the whole file
MIN_ROWS = 3  # rows needed to recognise them within one line
SAMPLE_ROWS = 100  # rows examined to guess the separator


class TableRow(NamedTuple):
    """The fields of a row, its line from 1, and its problem if any."""

    line: int
    fields: list[str]
    problem: str = ""


class _OpenQuoteError(Exception):
    """A row is too long, so that a quote must be unclosed."""


class RowLines:
    """Feeds lines to csv.reader, and stops it in endless rows."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = self._row_position = 0
        self.line_index = self.row_start = 0

    def __iter__(self) -> Iterator[str]:
        """Yield the lines from the current position on."""
        for found in LINE_PATTERN.finditer(self._text, self._position):
            if self.line_index - self.row_start > MAX_ROW_LINES:
                raise _OpenQuoteError
            self._position, self.line_index = found.end(), self.line_index + 1
            yield found[0]

    def begin_row(self) -> None:
        """Mark the start of a row."""
        self._row_position, self.row_start = self._position, self.line_index

    def reread_first_line(self) -> str:
        """Go back to the start of the row; return its first line."""
        self._position, self.line_index = self._row_position, self.row_start
        return next(iter(self)).rstrip("\r\n")


def read_rows(text: str, separator: str, start: int = 0) -> Iterator[TableRow]:
    """Yield the rows after the first `start` lines, without blank ones."""
    # A line with unbalanced quotes is split literally. Raises FlashcardsError if there are too many.
    csv.field_size_limit(MAX_FIELD_LENGTH)
    lines = RowLines(text)
    for _ in islice(lines, start):
        lines.begin_row()
    again = 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin_row()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _OpenQuoteError):
            again += lines.line_index - lines.row_start
            if again > MAX_REREAD_LINES:
                raise FlashcardsError(
                    f"Line {lines.row_start + 1}: too many unclosed quotation marks; "
                    "this cannot be read as a table. Fix them, or name the format: --format NAME."
                ) from None
            yield _unquoted_row(lines.reread_first_line(), lines.row_start + 1, separator)
            # After an error the old reader still holds half a row.
            reader = csv.reader(lines, delimiter=separator, strict=True)
            continue
        if fields and any(fields):
            yield TableRow(lines.row_start + 1, fields)


def _unquoted_row(line: str, number: int, separator: str) -> TableRow:
    """Split a line, taking quotation marks literally."""
    if len(line) > MAX_FIELD_LENGTH:
        return TableRow(number, [], f"it has more than {MAX_FIELD_LENGTH:,} letters")
    return TableRow(number, [part.strip() for part in line.split(separator)])


class SeparatorGuess(NamedTuple):
    """A separator, the usual number of columns, and how many rows agree."""

    separator: str
    column_count: int
    agreement: float  # 0 to 1


def guess_separator(text: str) -> SeparatorGuess:
    """Return the separator that splits a text most evenly."""
    return max((_try_separator(text, one) for one in SEPARATORS), key=lambda guess: guess.agreement)


def _try_separator(text: str, separator: str) -> SeparatorGuess:
    counts: Counter[int] = Counter()
    try:
        rows = read_rows(text[: 1 << 18], separator) if separator in text else ()
        counts.update(len(row.fields) for row in islice(rows, SAMPLE_ROWS))
    except FlashcardsError:
        counts.clear()
    if not counts:
        return SeparatorGuess(separator, 1, 0.0)
    columns, many = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1]))
    return SeparatorGuess(separator, columns, many / counts.total() if columns > 1 else 0.0)


def has_continued_rows(text: str) -> bool:
    """Recognise rows of two fields, some continued by list lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    rows = [line for line in lines if line.count("\t") == 1 and not line.startswith("\t")]
    others = [line for line in lines if "\t" not in line]
    is_rest = len(rows) + len(others) == len(lines) and all(map(LIST_LINE.match, others))
    return len(rows) > 1 and bool(others) and lines[0] == rows[0] and is_rest


def has_rows_in_one_line(text: str) -> bool:
    """Recognise rows in one line: a tab in each, another separator between."""
    rows_ = ([row for row in text.split(sign) if row.strip()] for sign in (";", "|"))
    return "\n" not in text.strip() and any(
        len(found) >= MIN_ROWS and all(row.count("\t") == 1 for row in found) for found in rows_
    )
