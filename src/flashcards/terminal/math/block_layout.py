"""Lay a formula out on several rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flashcards.terminal.math.inline_layout import inline_layout, is_single_token, script_characters
from flashcards.terminal.math.latex_symbols import SUBSCRIPTS, SUPERSCRIPTS
from flashcards.terminal.math.nodes import Delimited, Fraction, Matrix, Node, Root, Row, Script
from flashcards.terminal.math.spacing import SpacedItem, item_gaps
from flashcards.terminal.text.width import display_width

TALL_DELIMITERS = {  # the top, middle and bottom of a tall delimiter
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "{": "⎧⎪⎩", "}": "⎫⎪⎭",
    "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥", "|": "│││", "‖": "‖‖‖",
}  # fmt: skip
BRACE_MIDDLES = {"{": "⎨", "}": "⎬"}


@dataclass(frozen=True, slots=True)
class LayoutBox(SpacedItem):
    """Rows of equal width, one of which is the baseline."""

    rows: tuple[str, ...]
    baseline: int = 0

    @property
    def columns(self) -> int:
        """The width in columns."""
        return display_width(self.rows[0])


def block_layout(node: Node, *, tight: bool = False) -> LayoutBox:  # noqa: PLR0911 (one a kind of node)
    """Lay a formula out in rows; `tight` leaves out spaces. Raises UnsupportedFormulaError."""
    match node:
        case Row((only,)):
            return block_layout(only, tight=tight)
        case Row(items):
            boxes = [block_layout(item, tight=tight) for item in items]
            return join_boxes(boxes, item_gaps(boxes, tight=tight))
        case Script():
            return _script_box(node)
        case Fraction(over, under, line):
            return _fraction_box(block_layout(over), block_layout(under), has_line=line)
        case Root():
            return _root_box(node)
        case Delimited(left, inner, right):
            return _delimited_box(left, block_layout(inner, tight=tight), right)
        case Matrix():
            return _matrix_box(node)
    piece = inline_layout(node)
    spaced = piece.has_space_before
    return LayoutBox((piece.text,), kind=piece.kind, is_word=piece.is_word, has_space_before=spaced)


def _fraction_box(numerator: LayoutBox, under: LayoutBox, *, has_line: bool) -> LayoutBox:
    columns = max(numerator.columns, under.columns) + 2 * has_line
    rule = ("─" * columns,) if has_line else ()
    rows = (*_centre_rows(numerator, columns), *rule, *_centre_rows(under, columns))
    if has_line:
        return LayoutBox(rows, len(numerator.rows), kind="frac")
    return _delimited_box("(", LayoutBox(rows, len(numerator.rows) - 1), ")")


def _centre_rows(box: LayoutBox, width: int) -> tuple[str, ...]:
    indent = (width - box.columns) // 2
    return tuple(_pad_row(" " * indent + row, width) for row in box.rows)


def _pad_row(row: str, width: int) -> str:
    return row + " " * (width - display_width(row))


def join_boxes(boxes: Sequence[LayoutBox], gaps: Sequence[int]) -> LayoutBox:
    """Join boxes on one baseline, each `gaps` columns from the last."""
    above = max((box.baseline for box in boxes), default=0)
    below = max((len(box.rows) - box.baseline for box in boxes), default=1)
    rows = [""] * (above + below)
    for box, distance in zip(boxes, gaps, strict=True):
        blank, first_row = " " * box.columns, above - box.baseline
        for i in range(len(rows)):
            has_row = first_row <= i < first_row + len(box.rows)
            rows[i] += " " * distance + (box.rows[i - first_row] if has_row else blank)
    return LayoutBox(tuple(rows), above)


def _script_box(script: Script) -> LayoutBox:
    base = block_layout(script.base)
    lower = block_layout(script.subscript, tight=True) if script.subscript else None
    upper = block_layout(script.superscript, tight=True) if script.superscript else None
    if base.kind == "limited":
        return _limits_box(base, lower, upper)
    low = _inline_script(script.subscript, SUBSCRIPTS, "_")
    high = _inline_script(script.superscript, SUPERSCRIPTS, "^")
    if low is not None and high is not None and len(base.rows) == 1:
        trails = low.startswith("_") or high.startswith("^")
        return replace(base, rows=(base.rows[0] + low + high,), is_open_ended=trails)
    return _stacked_script_box(base, lower, upper)


def _inline_script(node: Node | None, table: Mapping[str, str], marker: str) -> str | None:
    """Return a script on the base's line, or None if it needs its own row."""
    script_text = script_characters(node, table)
    if node is None or script_text:
        return script_text
    text = inline_layout(node, tight=True).text
    return marker + text if is_single_token(node) else None


def _limits_box(base: LayoutBox, lower: LayoutBox | None, upper: LayoutBox | None) -> LayoutBox:
    parts = [box for box in (upper, base, lower) if box is not None]
    columns = max(box.columns for box in parts)
    rows = [row for box in parts for row in _centre_rows(box, columns)]
    return replace(base, rows=tuple(rows), baseline=base.baseline + (len(upper.rows) if upper else 0))


def _stacked_script_box(base: LayoutBox, lower: LayoutBox | None, upper: LayoutBox | None) -> LayoutBox:
    columns = max(box.columns for box in (lower, upper) if box)
    blank = " " * base.columns
    top = [blank + _pad_row(row, columns) for row in upper.rows] if upper else []
    bottom = [blank + _pad_row(row, columns) for row in lower.rows] if lower else []
    middle = [row + " " * columns for row in base.rows]
    return replace(base, rows=(*top, *middle, *bottom), baseline=len(top) + base.baseline)


def _root_box(root: Root) -> LayoutBox:
    inner = block_layout(root.radicand)
    degree = script_characters(root.degree, SUPERSCRIPTS)
    if len(inner.rows) == 1:
        return LayoutBox((inline_layout(root).text,))
    radical = f"{degree}√"
    left = [" " * display_width(radical) + "│"] * (len(inner.rows) - 1) + [radical + "│"]
    rows = [side + " " + row + " " for side, row in zip(left, inner.rows, strict=True)]
    roof = " " * display_width(radical) + "┌" + "─" * (inner.columns + 2)
    return LayoutBox((roof, *rows), inner.baseline + 1)


def _delimited_box(opening: str, content: LayoutBox, closing: str) -> LayoutBox:
    if len(content.rows) == 1:
        return LayoutBox((opening + content.rows[0] + closing,), kind="close")
    fences = [
        LayoutBox(_tall_delimiter(sign, len(content.rows)), content.baseline) for sign in (opening, closing)
    ]
    return replace(join_boxes((fences[0], content, fences[1]), (0, 0, 0)), kind="close")


def _tall_delimiter(delimiter: str, rows: int) -> tuple[str, ...]:
    if not delimiter:
        return ("",) * rows
    top, middle, bottom = tuple(TALL_DELIMITERS.get(delimiter, delimiter * 3))
    column = [top, *[middle] * (rows - 2), bottom]
    if rows > 2:
        column[rows // 2] = BRACE_MIDDLES.get(delimiter, column[rows // 2])
    elif delimiter in BRACE_MIDDLES:
        column = ["⎰", "⎱"] if delimiter == "{" else ["⎱", "⎰"]
    return tuple(column)


def _matrix_box(matrix: Matrix) -> LayoutBox:
    most = max(len(row) for row in matrix.rows)
    table = [[block_layout(cell) for cell in row] for row in matrix.rows]
    table = [row + [LayoutBox(("",))] * (most - len(row)) for row in table]
    sizes = [max(box.columns for box in column) for column in zip(*table, strict=True)]
    lines = [_matrix_row_box(row, sizes, loose=matrix.has_column_gaps) for row in table]
    rows = [row for line in lines for row in line.rows]
    return LayoutBox(tuple(rows), (len(rows) - 1) // 2)


def _matrix_row_box(row: list[LayoutBox], widths: list[int], *, loose: bool) -> LayoutBox:
    """Return one row of a matrix; aligned columns alternate right and left."""
    placed = []
    for i, (box, size) in enumerate(zip(row, widths, strict=True)):
        free = size - box.columns
        indent = free // 2 if loose else free * (i % 2 == 0)
        rows = tuple(_pad_row(" " * indent + line, size) for line in box.rows)
        placed.append(replace(box, rows=rows))
    distances = [0] + [2 if loose else 1] * (len(row) - 1)
    return join_boxes(placed, distances)
