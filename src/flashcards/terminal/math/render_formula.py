"""Render LaTeX formulas in Unicode."""

from __future__ import annotations

from functools import lru_cache

from flashcards.terminal.math.block_layout import block_layout
from flashcards.terminal.math.inline_layout import inline_layout
from flashcards.terminal.math.latex_commands import parse_formula
from flashcards.terminal.math.nodes import UnsupportedFormulaError
from flashcards.terminal.text.width import display_width

MAX_FORMULA_ROWS = 40


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
