"""Bulk load: drop derived indexes, rebuild them at the end."""

import contextlib
import gc
from collections.abc import Iterator
from sqlite3 import Connection

from flashcards.storage.index import daily_totals, schema, siblings

MIN_BULK_BYTES = 1 << 20  # of decks and journals
MAX_KNOWN_TO_NEW_RATIO = 4  # worth it if more than a fifth is new


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection: there are millions of values without cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def is_bulk(new: int, known: int) -> bool:
    """Tell whether the new bytes are many beside the known ones."""
    return new > MIN_BULK_BYTES and new * MAX_KNOWN_TO_NEW_RATIO > known


@contextlib.contextmanager
def without_derived_indexes(index: Connection, *, bulk: bool) -> Iterator[None]:
    """Drop indexes and totals that only queries need, and rebuild them at the end.

    All within the open transaction: if it fails, they are unchanged.
    """
    if not bulk or not index.execute("SELECT 1 FROM sqlite_master WHERE name = 'hourly_total'").fetchone():
        yield
        return

    dropped = *daily_totals.DROP_STATEMENTS, *siblings.DROP_STATEMENTS
    with gc_paused():
        for statement in (*schema.drop_statements(schema.QUERY_INDEX_STATEMENTS), *dropped):
            index.execute(statement)
        yield
        create_derived_indexes(index)


def create_derived_indexes(index: Connection) -> None:
    """Create indexes and totals that only queries need."""
    made = *siblings.CREATE_STATEMENTS, *schema.QUERY_INDEX_STATEMENTS, *daily_totals.CREATE_STATEMENTS
    for statement in made:
        index.execute(statement)
