"""Render a Markdown table within a given width."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.text.bidi import reorder_rtl
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.width import display_width

CELL_GAP, MIN_CELL_WIDTH = 2, 4


class TableCell(NamedTuple):
    """A cell's text, and its alignment: left, right or center."""

    text: Text
    alignment: str


def render_table(rows: Sequence[Sequence[TableCell]], available_width: int, *, turns: bool) -> Iterator[Text]:
    """Yield a table's lines; the first row is the heading."""
    widths = shrink_widths(
        [max(display_width(cell.text.plain) for cell in column) for column in zip(*rows, strict=True)],
        available_width,
    )
    for i, row in enumerate(rows):
        for line in _row_lines(row, widths, turns=turns):
            if i == 0:
                line.stylize(theme.HEADING)
            yield line


def shrink_widths(widths: Sequence[int], available_width: int) -> list[int]:
    """Return the column widths, narrowing the widest until all fit."""
    shrunk = list(widths)
    spare = available_width - CELL_GAP * (len(shrunk) - 1) - sum(shrunk)
    while spare < 0:
        widest = max(range(len(shrunk)), key=shrunk.__getitem__)
        if shrunk[widest] <= MIN_CELL_WIDTH:
            break
        shrunk[widest] -= 1
        spare += 1
    return shrunk


def _row_lines(row: Sequence[TableCell], widths: Sequence[int], *, turns: bool) -> Iterator[Text]:
    columns = [
        [reorder_rtl(piece) if turns else piece for piece in wrap_text(cell.text, size)]
        for cell, size in zip(row, widths, strict=True)
    ]
    for pieces in zip_longest(*columns, fillvalue=Text()):
        line = Text()
        for cell, piece, size in zip(row, pieces, widths, strict=True):
            free = max(0, size - display_width(piece.plain))
            indent = {"right": free, "center": free // 2}.get(cell.alignment, 0)
            line.append(" " * indent)
            line.append_text(piece)
            line.append(" " * (free - indent + CELL_GAP))
        line.rstrip()
        yield line
