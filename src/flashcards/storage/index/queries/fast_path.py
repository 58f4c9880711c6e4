"""The quick look: while nothing has changed since the index was written, it answers alone."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

from flashcards.core.days import study_day
from flashcards.storage.index.conditions import settings
from flashcards.storage.index.freshness import address, changed, changes, fits, own_name
from flashcards.storage.index.queries.counts import Counts, count, deck_names
from flashcards.storage.index.sources import sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.today import Today


class Glance:
    """An index known to be true, opened for reading only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Glance:  # noqa: PYI034 (Self needs typing, which a prompt can do without)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def deck_names(self) -> list[str]:
        """Return the names of all decks."""
        return deck_names(self._connection)

    def count(self, now: datetime, only: list[str]) -> Counts:
        """Return what waits at the aware time `now`."""
        return count(self._connection, self._day(now).toordinal(), only)

    def today(self, now: datetime) -> Today:
        """Return today at a glance."""
        from flashcards.storage.index.queries.today import look

        return look(self._connection, self._day(now))

    def faults(self) -> int:
        """Return how many faults the deck files have."""
        from flashcards.storage.index.queries.today import faults

        return faults(self._connection)

    def _day(self, now: datetime) -> date:
        return study_day(now, timedelta(seconds=settings(self._connection)["rollover"]))


def glance(data: str, settings_file: str, index: str) -> Glance | None:
    """Return the index if it is still true; None when it has to be brought up to date first."""
    try:
        counted = changes(index)
        connection = sqlite3.connect(address(own_name(index), "ro"), uri=True, isolation_level=None)
    except (sqlite3.Error, OSError):
        return None
    try:
        found = {name: (path, sign) for name, path, sign in sources(data, settings_file)}
        if fits(connection, data, counted) and not changed(connection, found):
            return Glance(connection)
    except (sqlite3.Error, OSError):
        pass
    connection.close()
    return None
