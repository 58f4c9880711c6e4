"""Much at once: what is kept up row by row in daily use is put aside, and made anew at the end."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from sqlite3 import Connection

from flashcards.storage.index import schema

LEAST = 1 << 20
"""Bytes of decks and journals from which it may be worth it."""
SHARE = 4
"""It is worth it when more than one part in so many is new."""


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be looked for: there are millions of small values, none of them in a cycle."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def is_bulk(new: int, known: int) -> bool:
    """Tell whether so many bytes are much, beside those that the index already knows."""
    return new > LEAST and new * SHARE > known


@contextlib.contextmanager
def put_aside(index: Connection, *, bulk: bool) -> Iterator[None]:
    """Do without the indexes and tallies that only questions need, and make them anew at the end.

    All of it belongs to the transaction that is open: when that fails, they are as they were.
    """
    if (
        not bulk
        or not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'hourly_total'").fetchone()
    ):
        yield
        return
    from flashcards.storage.index import daily_totals, sibling_order

    undoing = (*schema.undoing(schema.CARD_INDEXES), *daily_totals.UNDOING, *sibling_order.UNDOING)
    with uncollected():
        for statement in undoing:
            index.execute(statement)
        yield
        for statement in (*sibling_order.STATEMENTS, *schema.CARD_INDEXES, *daily_totals.STATEMENTS):
            index.execute(statement)
