"""Mathematics between dollars, set in Unicode; what cannot be set is left to be shown as typed."""

from __future__ import annotations

from functools import lru_cache

from flashcards.terminal.math.block_layout import tall
from flashcards.terminal.math.commands import read
from flashcards.terminal.math.inline_layout import flat
from flashcards.terminal.math.nodes import UnreadableError
from flashcards.terminal.text.width import width

HIGHEST = 40
"""Rows that a formula may take."""


@lru_cache(maxsize=256)
def in_line(source: str) -> str | None:
    """Return a formula as part of a line; None when it cannot be told so."""
    try:
        return flat(read(source)).text.strip() or None
    except UnreadableError:
        return None


@lru_cache(maxsize=256)
def in_rows(source: str, columns: int) -> tuple[str, ...] | None:
    """Return a formula as rows that fit so many columns; None when it cannot be told so."""
    try:
        rows = tall(read(source)).rows
    except UnreadableError:
        return None
    if len(rows) > HIGHEST or not "".join(rows).strip() or width(rows[0]) > columns:
        return None
    return tuple(row.rstrip() for row in rows)
