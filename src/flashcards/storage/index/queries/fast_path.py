"""Fast path: query a current index, read-only."""

from __future__ import annotations

import os
import sqlite3
from datetime import date, datetime, timedelta

from flashcards.core.days import study_day
from flashcards.storage.index.conditions import index_settings
from flashcards.storage.index.freshness import (
    changed_sources,
    inode_name,
    is_intact,
    read_change_counter,
    sqlite_uri,
)
from flashcards.storage.index.queries.counts import DueCounts, count_due, list_deck_names
from flashcards.storage.index.sources import find_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.today import TodaySummary


class CurrentIndex:
    """An index known to be true, opened for reading only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> CurrentIndex:  # noqa: PYI034 (Self needs typing, which a prompt can do without)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def list_deck_names(self) -> list[str]:
        """Return the names of all decks."""
        return list_deck_names(self._connection)

    def count_due(self, now: datetime, only: list[str]) -> DueCounts:
        """Return what waits at the aware time `now`."""
        return count_due(self._connection, self._study_day(now).toordinal(), only)

    def load_today(self, now: datetime) -> TodaySummary:
        """Return today at a glance."""
        from flashcards.storage.index.queries.today import load_today

        return load_today(self._connection, self._study_day(now))

    def count_problems(self) -> int:
        """Return how many faults the deck files have."""
        from flashcards.storage.index.queries.today import count_problems

        return count_problems(self._connection)

    def _study_day(self, now: datetime) -> date:
        return study_day(now, timedelta(seconds=index_settings(self._connection)["rollover"]))


def open_current_index(data_dir: str, settings_file: str, index_file: str) -> CurrentIndex | None:
    """Return the index if it is still true; None when it has to be brought up to date first."""
    try:
        counted = read_change_counter(index_file)
        connection = sqlite3.connect(sqlite_uri(inode_name(index_file), "ro"), uri=True, isolation_level=None)
    except (sqlite3.Error, OSError):
        return None
    try:
        found = {name: (path, signature) for name, path, signature in find_sources(data_dir, settings_file)}
        is_whole = os.path.exists(f"{data_dir}/format.json")  # noqa: PTH110 (pathlib costs 10 ms)
        if is_whole and is_intact(connection, data_dir, counted) and not changed_sources(connection, found):
            return CurrentIndex(connection)
    except (sqlite3.Error, OSError):
        pass
    connection.close()
    return None
