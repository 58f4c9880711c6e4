"""Pieces that the views of `stats` are made of: blocks, rows, bars, and shares with their range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.text import Text

from flashcards.core.stats.proportion import Share
from flashcards.terminal import theme
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, width, wrap

Cell = str | Text
EIGHTHS = " ▏▎▍▌▋▊▉"
GAP = 4
"""Columns between two columns of blocks."""
COLUMN = 72
"""Columns that one column of blocks needs, for two of them to stand side by side."""
MEASURE = 100
"""The widest that a block is set."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines under a title."""

    title: str
    lines: Sequence[Text]

    def told(self, columns: int) -> list[Text]:
        """Return the title and the lines, set in a little."""
        head = wrap(Text(self.title, theme.HEADING), columns) if self.title else []
        return [*head, *(Text("  ") + line if self.title else line for line in self.lines)]


def room(columns: int) -> int:
    """Return how wide a block is set on a screen of so many columns."""
    half = (columns - GAP) // 2
    return min(half if half >= COLUMN else columns, MEASURE)


def arranged(blocks: Sequence[Block], columns: int) -> list[Text]:
    """Return blocks below each other, or in two columns where there is room for two."""
    told = [block.told(room(columns)) for block in blocks if block.lines]
    if (columns - GAP) // 2 < COLUMN or len(told) < 2:
        return _stacked(told)
    splits = [(_stacked(told[:i]), _stacked(told[i:])) for i in range(1, len(told))]
    left, right = min(splits, key=lambda split: max(map(len, split)))
    wide = room(columns) + GAP
    lines = []
    for i in range(max(len(left), len(right))):
        line = left[i].copy() if i < len(left) else Text()
        if i < len(right):
            line.append(" " * (wide - line.cell_len))
            line.append_text(right[i])
        lines.append(line)
    return lines


def _stacked(told: Sequence[list[Text]]) -> list[Text]:
    lines: list[Text] = []
    for block in told:
        lines += [*([Text()] if lines else []), *block]
    return lines


def rows(cells: Iterable[Sequence[Cell]], sides: str, gap: int = 2) -> list[Text]:
    """Return rows whose cells align: `sides` has l or r for each column."""
    table = [[_text(cell) for cell in row] for row in cells]
    widths = [max(cell.cell_len for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        line = Text()
        for i, (cell, side, wide) in enumerate(zip(row, sides, widths, strict=True)):
            space = " " * (wide - cell.cell_len)
            line.append(" " * (gap if i else 0))
            line.append_text(Text(space) + cell if side == "r" else cell + Text(space))
        line.rstrip()
        lines.append(line)
    return lines


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(cell)


def folded(line: Text, columns: int, indent: int = 0) -> list[Text]:
    """Return a line in two, at a gap between its parts, when it is too long for one."""
    at = line.plain.rfind("   ", indent, columns + 1)
    if line.cell_len <= columns or at <= indent:
        return wrap(line, columns)
    rest = Text(" " * indent) + line[at + 3 :]
    return [line[:at], *folded(rest, columns, indent)]


def quiet(text: str) -> Text:
    """Return text that stands back; what is put behind it does not."""
    return Text.assemble((text, theme.CHROME))


def named(name: str, columns: int) -> str:
    """Return a name made safe, cut to so many columns."""
    return cut(safe_line(name), columns)


def number(value: int) -> str:
    """Return a number with its thousands apart: 12,345."""
    return f"{value:,}"


def bar(value: int, most: int, columns: int) -> Text:
    """Return a bar of at most so many columns, to an eighth; something is never nothing."""
    if value <= 0 or most <= 0 or columns <= 0:
        return Text()
    eighths = max(1, round(value / most * columns * 8))
    full, rest = divmod(eighths, 8)
    return Text("█" * full + (EIGHTHS[rest] if rest else ""), theme.ACCENT)


def spread(share: Share) -> str:
    """Return the 95 % range of a share: 80–84 %."""
    if share.range is None:
        return ""
    low, high = (round(100 * bound) for bound in share.range)
    return f"{low}–{high} %"


def whisker(share: Share, columns: int, least: float) -> Text:
    """Return a line from `least` to all on which a share is a dot, and its range a stretch."""
    line = quiet("·" * columns)
    if share.range is None or share.value is None or columns < 4:
        return line

    def place(value: float) -> int:
        return round((max(value, least) - least) / (1 - least) * (columns - 1))

    low, at, high = place(share.range[0]), place(share.value), place(share.range[1])
    stretch = Text("━" * (at - low) + "●" + "━" * (high - at), theme.ACCENT)
    return line[:low] + stretch + line[high + 1 :]


def least_of(shares: Iterable[Share]) -> float:
    """Return where a common scale of shares begins, in steps of ten percent: at most at 0.8."""
    lows = [share.range[0] for share in shares if share.range]
    return min([0.8, *(int(low * 10) / 10 for low in lows)])


def scale(columns: int, least: float) -> Text:
    """Return the marks below a whisker's line."""
    first = f"{100 * least:.0f} %"
    return quiet(first + "100 %".rjust(columns - width(first)))
