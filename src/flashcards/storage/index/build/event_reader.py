"""Read events back from the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from sqlite3 import Connection

from flashcards.core.events import CardEvent, Event
from flashcards.storage.index.rows import EVENT_COLUMNS, SqlRow, event_from_row

NOT_UNDONE = "id NOT IN (SELECT id FROM undone_event)"
AFFECTS_PROGRESS = "kind NOT IN ('seen', 'link', 'undo')"


class EventReader:
    """The events of an index that were not undone."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._card_id_by_key: dict[int, str] = {}

    def events_of_card(self, card_key: int, condition: str) -> Iterator[Event]:
        """Yield the events in a card's history matching a condition, in order."""
        rows = self._index.execute(
            f"SELECT origin, {EVENT_COLUMNS} FROM event WHERE card = ? AND {condition} AND {NOT_UNDONE} "
            "ORDER BY hlc, id",
            (card_key,),
        )
        return map(self._event_from_row, rows)

    def progress_events(self, card_key: int) -> list[CardEvent]:
        """Return the events that a card's progress is computed from, in order."""
        return [
            event for event in self.events_of_card(card_key, AFFECTS_PROGRESS) if isinstance(event, CardEvent)
        ]

    def progress_events_by_card(
        self, card_keys: set[int], names: Mapping[int, str]
    ) -> Iterator[tuple[int, list[CardEvent]]]:
        """Yield (key, progress events) of cards, in one pass.

        `names` are known ids by key.
        """
        self._card_id_by_key.update(names)
        rows = self._index.execute(
            f"SELECT origin, {EVENT_COLUMNS}, card FROM event WHERE card IS NOT NULL AND {AFFECTS_PROGRESS} "
            f"AND {NOT_UNDONE} ORDER BY card, hlc, id"
        )
        left = set(card_keys)
        for key, found in groupby(rows, key=lambda row: row[-1]):
            if key in left:
                left.discard(key)
                events = [self._event_from_row(row[:-1]) for row in found]
                yield key, [event for event in events if isinstance(event, CardEvent)]
        yield from ((key, []) for key in left)

    def _event_from_row(self, row: SqlRow) -> Event:
        origin, *columns = row
        if origin not in self._card_id_by_key:
            id_row = self._index.execute("SELECT id FROM card WHERE key = ?", (origin,)).fetchone()
            self._card_id_by_key[origin] = id_row[0]
        event: Event = event_from_row(columns, self._card_id_by_key[origin])
        return event
