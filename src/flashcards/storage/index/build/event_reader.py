"""Events as the index keeps them, made values again: those of one card, or card by card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from sqlite3 import Connection
from typing import Any

from flashcards.core.cards import CardId
from flashcards.core.events import AboutCard, Event, Review
from flashcards.storage.journal.record import decode

COLUMNS = "id, hlc, origin, kind, at, rating, ms, src, interval_before, line"
COUNTS = "id NOT IN (SELECT id FROM undone_event)"
ABOUT_CARD = "kind NOT IN ('seen', 'link', 'undo')"
Row = tuple[Any, ...]


class Stored:
    """The events of an index that were not undone."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._names: dict[int, str] = {}

    def of(self, key: int, where: str) -> Iterator[Event]:
        """Yield the events in a card's history, in order; `where` is a literal of the caller's."""
        rows = self._index.execute(
            f"SELECT {COLUMNS} FROM event WHERE card = ? AND {where} AND {COUNTS} ORDER BY hlc, id",
            (key,),
        )
        return map(self._event, rows)

    def about(self, key: int) -> list[AboutCard]:
        """Return what a card's progress is folded from, in order."""
        return [event for event in self.of(key, ABOUT_CARD) if isinstance(event, AboutCard)]

    def by_card(
        self, wanted: set[int], names: Mapping[int, str]
    ) -> Iterator[tuple[int, list[AboutCard]]]:
        """Yield each card with what `about` says of it, in one pass; `names` are ids by key."""
        self._names.update(names)
        rows = self._index.execute(
            f"SELECT {COLUMNS}, card FROM event WHERE card IS NOT NULL AND {ABOUT_CARD} "
            f"AND {COUNTS} ORDER BY card, hlc, id"
        )
        left = set(wanted)
        for key, found in groupby(rows, key=lambda row: row[-1]):
            if key in left:
                left.discard(key)
                events = [self._event(row[:-1]) for row in found]
                yield key, [event for event in events if isinstance(event, AboutCard)]
        yield from ((key, []) for key in left)

    def _event(self, row: Row) -> Event:
        event_id, hlc, origin, _, at, rating, ms, source, was, line = row
        if line is not None:
            return decode(line).event
        if origin not in self._names:
            found = self._index.execute("SELECT id FROM card WHERE key = ?", (origin,)).fetchone()
            self._names[origin] = found[0]
        card = CardId(self._names[origin])
        when = datetime.fromisoformat(at)
        return Review(event_id, hlc, when, card, rating, ms, source, interval=was)
