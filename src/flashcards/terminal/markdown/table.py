"""A Markdown table as lines: columns as wide as they need, or as the room lets them be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.text.bidi import ANY_RIGHT, runs_left, visual
from flashcards.terminal.text.width import width, wrap

GAP, LEAST = 2, 4
"""Columns between two cells, and those that a cell is never narrowed below."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and the side to which it keeps: left, right or center."""

    text: Text
    side: str = ""


def set_table(rows: Sequence[Sequence[Cell]], room: int, *, turns: bool) -> Iterator[Text]:
    """Yield the lines of a table, its first row as a heading; right-to-left cells are turned."""
    widths = narrowed(
        [max(width(cell.text.plain) for cell in column) for column in zip(*rows, strict=True)],
        room,
    )
    for i, row in enumerate(rows):
        for line in _lines(row, widths, turns=turns):
            if i == 0:
                line.stylize(theme.HEADING)
            yield line


def narrowed(widths: Sequence[int], room: int) -> list[int]:
    """Return the columns that each cell gets: the widest give way until all fit."""
    found = list(widths)
    spare = room - GAP * (len(found) - 1) - sum(found)
    while spare < 0:
        widest = max(range(len(found)), key=found.__getitem__)
        if found[widest] <= LEAST:
            break
        found[widest] -= 1
        spare += 1
    return found


def _lines(row: Sequence[Cell], widths: Sequence[int], *, turns: bool) -> Iterator[Text]:
    """Yield the lines of one row; a cell that was narrowed has several."""
    columns = [
        [_turned(piece) if turns else piece for piece in wrap(cell.text, size)]
        for cell, size in zip(row, widths, strict=True)
    ]
    for pieces in zip_longest(*columns, fillvalue=Text()):
        line = Text()
        for cell, piece, size in zip(row, pieces, widths, strict=True):
            free = max(0, size - width(piece.plain))
            left = {"right": free, "center": free // 2}.get(cell.side, 0)
            line.append(" " * left)
            line.append_text(piece)
            line.append(" " * (free - left + GAP))
        line.rstrip()
        yield line


def _turned(piece: Text) -> Text:
    if not ANY_RIGHT.search(piece.plain):
        return piece
    return visual(piece, leftward=runs_left(piece.plain))
