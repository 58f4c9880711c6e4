"""Tables of plain text: aligned, and on a terminal no wider than it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, width

GAP = "  "
Cells = Sequence[Sequence[str]]


class Fit:
    """How a table becomes as narrow as `columns`; None leaves it as wide as it wants to be."""

    def __init__(
        self, columns: int | None, gives: Mapping[int, int], spare: Sequence[int] = ()
    ) -> None:
        self.columns = columns
        self.gives = gives
        """Columns that are cut, the first first, and the least that each must keep."""
        self.spare = spare
        """Columns that are left out, the first first, where cutting is not enough."""


ROOMY = Fit(None, {})


def table(
    header: Sequence[str], rows: Iterable[Sequence[object]], fit: Fit = ROOMY
) -> Iterator[str]:
    """Yield the lines of a table: numbers to the right, text to the left, two spaces between."""
    cells = [[safe_line(str(cell)) for cell in row] for row in rows]
    numeric = [_numbers(column) for column in zip(*cells, strict=True)] or [False] * len(header)
    natural = [max(map(width, column)) for column in zip(header, *cells, strict=True)]
    widths = natural if fit.columns is None else _fitted(natural, fit, fit.columns)
    for row in (list(header), *cells):
        padded = [
            _padded(cut(cell, size), size, right=right)
            for cell, size, right in zip(row, widths, numeric, strict=True)
            if size
        ]
        line = GAP.join(padded).rstrip()
        yield line if fit.columns is None else cut(line, fit.columns)


def _numbers(column: Sequence[str]) -> bool:
    return all(not cell or cell.replace(".", "").replace("-", "").isdigit() for cell in column)


def _padded(cell: str, size: int, *, right: bool) -> str:
    blank = " " * (size - width(cell))
    return blank + cell if right else cell + blank


def _fitted(natural: Sequence[int], fit: Fit, columns: int) -> list[int]:
    """Return the width of each column; 0 for one that is left out."""
    widths = list(natural)
    for i in fit.spare:
        least = [min(size, fit.gives.get(at, size)) for at, size in enumerate(widths)]
        if _whole(least) > columns:
            widths[i] = 0
    for i, least_width in fit.gives.items():
        excess = _whole(widths) - columns
        widths[i] -= max(0, min(excess, widths[i] - min(least_width, widths[i])))
    return widths


def _whole(widths: Sequence[int]) -> int:
    some = [size for size in widths if size]
    return sum(some) + len(GAP) * (len(some) - 1)
