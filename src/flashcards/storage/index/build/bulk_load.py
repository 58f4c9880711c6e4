"""Bulk load: drop derived indexes, rebuild them at the end."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from sqlite3 import Connection

from flashcards.storage.index import schema

MIN_BULK_BYTES = 1 << 20
"""Bytes of decks and journals from which it may be worth it."""
MAX_KNOWN_TO_NEW_RATIO = 4
"""It is worth it when more than one part in so many is new."""


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Let no garbage be looked for: there are millions of small values, none of them in a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def is_bulk(new: int, known: int) -> bool:
    """Tell whether so many bytes are much, beside those that the index already knows."""
    return new > MIN_BULK_BYTES and new * MAX_KNOWN_TO_NEW_RATIO > known


@contextlib.contextmanager
def without_derived_indexes(index: Connection, *, bulk: bool) -> Iterator[None]:
    """Do without the indexes and tallies that only questions need, and rebuild them at the end.

    All of it belongs to the transaction that is open: when that fails, they are as they were.
    """
    if not bulk or not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'hourly_total'").fetchone():
        yield
        return
    from flashcards.storage.index import daily_totals, sibling_order

    undoing = (
        *schema.drop_statements(schema.QUERY_INDEX_STATEMENTS),
        *daily_totals.DROP_STATEMENTS,
        *sibling_order.DROP_STATEMENTS,
    )
    with gc_paused():
        for statement in undoing:
            index.execute(statement)
        yield
        for statement in (
            *sibling_order.CREATE_STATEMENTS,
            *schema.QUERY_INDEX_STATEMENTS,
            *daily_totals.CREATE_STATEMENTS,
        ):
            index.execute(statement)
