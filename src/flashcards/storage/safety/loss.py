"""A store with less in it than this machine has seen there is a loud stop with the way back."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from flashcards.errors import LostHistoryError
from flashcards.storage.indexing.freshness import address, changes, fits, own_name
from flashcards.storage.paths import Paths


def lost(paths: Paths, had: str, has: str) -> LostHistoryError:
    """Return the error that says what is missing and how it comes back."""
    from flashcards.storage.safety.backups import backups_of  # noqa: PLC0415 (zip: 10 ms)

    newest = next(iter(backups_of(paths)), None)
    way_back = (
        f"flashcards restore brings back what the backup of {_moment(newest.at)} has"
        if newest
        else "put the folder back from a copy of yours"
    )
    return LostHistoryError(
        f"{paths.data}: this store had {had}, and now has {has}. Nothing was written. "
        f"{way_back}; if it is meant to be so, flashcards doctor --accept."
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def entries(number: int) -> str:
    """Return a number of events in words."""
    return f"{number:,} entries in its history"


def witness(index: Path, data: Path) -> int:
    """Return how many events an index has of a store: it may know where known.json is gone."""
    if not index.exists():
        return 0
    try:
        counted = changes(str(index))
        connection = sqlite3.connect(address(own_name(str(index)), "ro"), uri=True)
        try:
            if not fits(connection, str(data), counted):
                return 0
            row = connection.execute("SELECT value FROM meta WHERE name = 'events'").fetchone()
            return int(row[0]) if row else 0
        finally:
            connection.close()
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return 0


def missing(index: sqlite3.Connection, before: Path) -> int:
    """Return how many events an earlier index, if it is whole, has that a new one has not."""
    try:
        index.execute("ATTACH ? AS before", (address(str(before), "ro"),))
    except sqlite3.Error:
        return 0
    try:
        (gone,) = index.execute(
            "SELECT count(*) FROM before.event AS old WHERE NOT EXISTS "
            "(SELECT 1 FROM main.event WHERE main.event.id = old.id)"
        ).fetchone()
        sound = gone and index.execute("PRAGMA before.integrity_check(1)").fetchone()[0] == "ok"
        return int(gone) if sound else 0
    except sqlite3.Error:
        return 0
    finally:
        index.execute("DETACH before")
