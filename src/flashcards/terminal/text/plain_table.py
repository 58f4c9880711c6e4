"""Aligned plain-text tables that fit the terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

COLUMN_GAP = "  "


class TableFit(NamedTuple):
    """How a table is narrowed to `columns`; None keeps its natural width."""

    columns: int | None
    min_widths: Mapping[int, int]  # minimum widths of the columns that may be cut, in cutting order
    droppable: Sequence[int] = ()  # columns to leave out, in this order, where cutting is not enough


UNLIMITED_FIT = TableFit(None, {})


def table_lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], fit: TableFit = UNLIMITED_FIT
) -> Iterator[str]:
    """Yield a table's lines, numbers right-aligned."""
    cells = [[sanitize_line(str(cell)) for cell in row] for row in rows]
    numeric = [_is_numeric(column) for column in zip(*cells, strict=True)] or [False] * len(header)
    natural = [max(map(display_width, column)) for column in zip(header, *cells, strict=True)]
    widths = natural if fit.columns is None else _fit_widths(natural, fit, fit.columns)
    for row in (list(header), *cells):
        padded = [
            _pad_cell(truncate(cell, size), size, right=right)
            for cell, size, right in zip(row, widths, numeric, strict=True)
            if size
        ]
        line = COLUMN_GAP.join(padded).rstrip()
        yield line if fit.columns is None else truncate(line, fit.columns)


def _is_numeric(column: Sequence[str]) -> bool:
    return all(not cell or cell.replace(".", "").replace("-", "").isdigit() for cell in column)


def _pad_cell(cell: str, width: int, *, right: bool) -> str:
    blank = " " * (width - display_width(cell))
    return blank + cell if right else cell + blank


def _fit_widths(natural: Sequence[int], fit: TableFit, columns: int) -> list[int]:
    """Return the width of each column; 0 leaves it out."""
    widths = list(natural)
    for i in fit.droppable:
        least = [min(size, fit.min_widths.get(column, size)) for column, size in enumerate(widths)]
        if _total_width(least) > columns:
            widths[i] = 0
    for i, least_width in fit.min_widths.items():
        excess = _total_width(widths) - columns
        widths[i] -= max(0, min(excess, widths[i] - min(least_width, widths[i])))
    return widths


def _total_width(widths: Sequence[int]) -> int:
    some = [size for size in widths if size]
    return sum(some) + len(COLUMN_GAP) * (len(some) - 1)
