"""Render LaTeX formulas in Unicode."""

from functools import lru_cache

from flashcards.core.cloze import GAP_MARKS
from flashcards.terminal.math.block_layout import block_layout
from flashcards.terminal.math.inline_layout import inline_layout
from flashcards.terminal.math.latex_commands import parse_command
from flashcards.terminal.math.nodes import Matrix, Node, UnsupportedFormulaError
from flashcards.terminal.math.parser import ROW_SEPARATOR, FormulaParser
from flashcards.terminal.text.width import display_width

MAX_FORMULA_LENGTH, MAX_FORMULA_ROWS = 2_000, 40


@lru_cache(maxsize=256)
def render_formula_inline(source: str) -> str | None:
    """Return a formula on one line, or None if unsupported."""
    try:
        return inline_layout(parse_formula(source)).text.strip() or None
    except UnsupportedFormulaError:
        return None


@lru_cache(maxsize=256)
def render_formula_block(source: str, max_width: int) -> tuple[str, ...] | None:
    """Return a formula's rows, or None if unsupported or too wide."""
    try:
        rows = block_layout(parse_formula(source)).rows
    except UnsupportedFormulaError:
        return None
    if len(rows) > MAX_FORMULA_ROWS or not "".join(rows).strip() or display_width(rows[0]) > max_width:
        return None
    return tuple(row.rstrip() for row in rows)


def parse_formula(source: str) -> Node:
    """Parse a formula; several rows become a matrix. Raises UnsupportedFormulaError."""
    if len(source) > MAX_FORMULA_LENGTH:
        raise UnsupportedFormulaError
    try:
        return _parse_rows(source)
    except UnsupportedFormulaError:  # a gap may cut a command in half: try without its marks
        if not GAP_MARKS.search(source):
            raise
        return _parse_rows(GAP_MARKS.sub("", source))


def _parse_rows(source: str) -> Node:
    parser = FormulaParser(source, parse_command)
    rows = [parser.parse_row((ROW_SEPARATOR,))]
    while parser.peek_token():
        parser.take_row_end()
        rows.append(parser.parse_row((ROW_SEPARATOR,)))
    if len(rows) == 1:
        return rows[0]
    filled_rows = tuple((row,) for row in rows if row.items)
    if not filled_rows:
        raise UnsupportedFormulaError
    return Matrix(filled_rows, has_column_gaps=False)
