"""A formula in rows: fractions with a line, limits above and below, matrices with brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flashcards.terminal.math.inline_layout import flat, lowered, one_word, raised
from flashcards.terminal.math.nodes import (
    Fenced,
    Fraction,
    Grid,
    Node,
    Root,
    Row,
    Script,
)
from flashcards.terminal.math.spacing import gaps
from flashcards.terminal.text.width import width

GROWN = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "{": "⎧⎪⎩", "}": "⎫⎪⎭",
    "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥", "|": "│││", "‖": "‖‖‖",
}  # fmt: skip
"""The top, the middle and the foot of a fence."""
WAISTS = {"{": "⎨", "}": "⎬"}


@dataclass(frozen=True, slots=True)
class Box:
    """Rows of equal width, and which of them is the line that neighbours stand on."""

    rows: tuple[str, ...]
    base: int = 0
    kind: str = "ord"
    word: bool = False
    spaced: bool = False
    trails: bool = False

    @property
    def columns(self) -> int:
        """How wide it is."""
        return width(self.rows[0])


def tall(node: Node, *, tight: bool = False) -> Box:  # noqa: PLR0911 (one a kind of node)
    """Return a formula in rows; a tight one without spaces. Raises UnreadableError."""
    match node:
        case Row((only,)):
            return tall(only, tight=tight)
        case Row(items):
            boxes = [tall(item, tight=tight) for item in items]
            return beside(boxes, gaps(boxes, tight=tight))
        case Script():
            return _script(node)
        case Fraction(over, under, line):
            return _fraction(tall(over), tall(under), line=line)
        case Root():
            return _root(node)
        case Fenced(left, inner, right):
            return _fenced(left, tall(inner, tight=tight), right)
        case Grid():
            return _grid(node)
    piece = flat(node)
    return Box((piece.text,), 0, piece.kind, piece.word, piece.spaced)


def _fraction(over: Box, under: Box, *, line: bool) -> Box:
    columns = max(over.columns, under.columns) + 2 * line
    rule = ("─" * columns,) if line else ()
    rows = (*_centred(over, columns), *rule, *_centred(under, columns))
    if line:
        return Box(rows, len(over.rows), "frac")
    return _fenced("(", Box(rows, len(over.rows) - 1), ")")


def _centred(box: Box, columns: int) -> tuple[str, ...]:
    left = (columns - box.columns) // 2
    return tuple(_filled(" " * left + row, columns) for row in box.rows)


def _filled(row: str, columns: int) -> str:
    return row + " " * (columns - width(row))


def beside(boxes: Sequence[Box], distances: Sequence[int]) -> Box:
    """Return boxes on one line, each so far from the one before it."""
    above = max((box.base for box in boxes), default=0)
    below = max((len(box.rows) - box.base for box in boxes), default=1)
    rows = [""] * (above + below)
    for box, distance in zip(boxes, distances, strict=True):
        blank, first = " " * box.columns, above - box.base
        for i in range(len(rows)):
            inside = first <= i < first + len(box.rows)
            rows[i] += " " * distance + (box.rows[i - first] if inside else blank)
    return Box(tuple(rows), above)


def _script(script: Script) -> Box:
    base = tall(script.base)
    below = tall(script.below, tight=True) if script.below else None
    above = tall(script.above, tight=True) if script.above else None
    if base.kind == "limited":
        return _limits(base, below, above)
    low = _short(script.below, lowered(script.below), "_")
    high = _short(script.above, raised(script.above), "^")
    if low is not None and high is not None and len(base.rows) == 1:
        trails = low.startswith("_") or high.startswith("^")
        return replace(base, rows=(base.rows[0] + low + high,), trails=trails)
    return _raised(base, below, above)


def _short(node: Node | None, told: str, sign: str) -> str | None:
    """Return a script in a line: its own signs, or a word or sign behind ^ or _; else None."""
    if node is None or told:
        return told
    text = flat(node, tight=True).text
    return sign + text if one_word(node) else None


def _limits(base: Box, below: Box | None, above: Box | None) -> Box:
    parts = [box for box in (above, base, below) if box is not None]
    columns = max(box.columns for box in parts)
    rows = [row for box in parts for row in _centred(box, columns)]
    return replace(base, rows=tuple(rows), base=base.base + (len(above.rows) if above else 0))


def _raised(base: Box, below: Box | None, above: Box | None) -> Box:
    columns = max(box.columns for box in (below, above) if box)
    blank = " " * base.columns
    top = [blank + _filled(row, columns) for row in above.rows] if above else []
    foot = [blank + _filled(row, columns) for row in below.rows] if below else []
    middle = [row + " " * columns for row in base.rows]
    return replace(base, rows=(*top, *middle, *foot), base=len(top) + base.base)


def _root(root: Root) -> Box:
    inner = tall(root.inner)
    degree = raised(root.degree) if root.degree else ""
    if len(inner.rows) == 1:
        return Box((flat(root).text,))
    hook = f"{degree}√"
    left = [" " * width(hook) + "│"] * (len(inner.rows) - 1) + [hook + "│"]
    rows = [side + " " + row + " " for side, row in zip(left, inner.rows, strict=True)]
    roof = " " * width(hook) + "┌" + "─" * (inner.columns + 2)
    return Box((roof, *rows), inner.base + 1)


def _fenced(left: str, inner: Box, right: str) -> Box:
    if len(inner.rows) == 1:
        return Box((left + inner.rows[0] + right,), 0, "close")
    fences = [Box(_grown(sign, len(inner.rows)), inner.base) for sign in (left, right)]
    return replace(beside((fences[0], inner, fences[1]), (0, 0, 0)), kind="close")


def _grown(sign: str, rows: int) -> tuple[str, ...]:
    if not sign:
        return ("",) * rows
    top, middle, foot = tuple(GROWN.get(sign, sign * 3))
    column = [top, *[middle] * (rows - 2), foot]
    if rows > 2:
        column[rows // 2] = WAISTS.get(sign, column[rows // 2])
    elif sign in WAISTS:
        column = ["⎰", "⎱"] if sign == "{" else ["⎱", "⎰"]
    return tuple(column)


def _grid(grid: Grid) -> Box:
    most = max(len(row) for row in grid.rows)
    table = [[tall(cell) for cell in row] for row in grid.rows]
    table = [row + [Box(("",))] * (most - len(row)) for row in table]
    sizes = [max(box.columns for box in column) for column in zip(*table, strict=True)]
    lines = [_cells(row, sizes, loose=grid.loose) for row in table]
    rows = [row for line in lines for row in line.rows]
    return Box(tuple(rows), (len(rows) - 1) // 2)


def _cells(row: list[Box], sizes: list[int], *, loose: bool) -> Box:
    """Return one row of a grid; where & aligns, it is between right and left."""
    placed = []
    for i, (box, size) in enumerate(zip(row, sizes, strict=True)):
        free = size - box.columns
        left = free // 2 if loose else free * (i % 2 == 0)
        rows = tuple(_filled(" " * left + line, size) for line in box.rows)
        placed.append(replace(box, rows=rows))
    distances = [0] + [2 if loose else 1] * (len(row) - 1)
    return beside(placed, distances)
