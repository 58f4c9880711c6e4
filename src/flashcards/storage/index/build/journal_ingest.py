"""From journals into the index: each event once, folded for just the cards that it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from operator import itemgetter
from sqlite3 import Connection
from typing import Any
from flashcards.core.cards import CardId
from flashcards.core.days import study_day
from flashcards.core.events import (
    AboutCard,
    Event,
    EventId,
    Link,
    Plan,
    Reset,
    Review,
    Seen,
    Suspend,
    Undo,
    Unknown,
    Unsuspend,
    order,
)
from flashcards.core.progress import histories, undone
from flashcards.storage.index import schema
from flashcards.storage.index.build.replay import fold
from flashcards.storage.index.build.event_reader import Stored
from flashcards.storage.journal.record import Record, decode, kind_of, line_of
from flashcards.storage.index.card_links import kin_of, linked_to_itself
from flashcards.storage.index.rows import text_sum


MANY, MOST = 1_000, 300_000
"""Cards from which it is quicker to go through all events; events to keep at hand."""
Row = tuple[Any, ...]


class Ingest:
    """One catching-up: takes records, then settles what they change."""

    def __init__(self, index: Connection, rollover: timedelta, *, bulk: bool = False) -> None:
        self._index = index
        self._rollover = rollover
        self._stored = Stored(index)
        self._unindexed = not index.execute("SELECT 1 FROM source LIMIT 1").fetchone()
        self._bare = not index.execute("SELECT 1 FROM event LIMIT 1").fetchone()
        self._keys: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._late: set[str] = set()
        self._touched: set[int] = set()
        self._seen: set[int] = set()
        self._undos = False
        self._gathered = 0
        self._whole: dict[int, list[AboutCard]] | None = {} if self._bare else None
        """All events of each card, copies too, while they are all there are and stand alone."""
        self.taken = 0
        """How many events were not there before."""
        if bulk:
            self._keys = dict(index.execute("SELECT id, key FROM card"))
        if bulk and not self._unindexed:
            self._unindexed = True
            for statement in schema.undoing(schema.EVENT_INDEXES):
                index.execute(statement)

    def take(self, records: Iterable[Record]) -> None:
        """Store the events that are not there yet."""
        rows = []
        for record in records:
            if self._bare or not self._has(record.event.id):
                self._count(record)
                rows.append(self._row(record))
                self._gather(record.event)
        rows.sort(key=itemgetter(0))  # in the order of the table, which grows at its end then
        inserted = self._index.executemany(
            "INSERT OR IGNORE INTO event "
            "(id, hlc, card, origin, kind, at, rating, ms, src, interval_before, line) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        ).rowcount
        self.taken += max(0, inserted)

    def _gather(self, event: Event) -> None:
        """Keep an event for the folding, unless others decide whether, or for whom, it counts."""
        if self._whole is None:
            return
        self._gathered += 1
        if isinstance(event, Undo | Link) or self._gathered > MOST:
            self._whole = None
        elif isinstance(event, AboutCard):
            self._whole.setdefault(self.key(event.card), []).append(event)

    def _count(self, record: Record) -> None:
        """Note how far a device has counted, and whether it did so in order."""
        most = self._counted.get(record.device)
        if most is None:
            found = self._index.execute(
                "SELECT sequence FROM writer WHERE device = ?", (record.device,)
            )
            most = next((int(n) for (n,) in found), 0)
        if record.n > most:
            self._counted[record.device] = record.n
        else:
            self._counted[record.device] = most
            self._late.add(record.device)

    def settle(self, progress: Callable[[float], None]) -> None:
        """Bring everything derived up to date with what was taken; tell how far that is."""
        self._index.executemany(
            "INSERT INTO writer VALUES (?, ?, ?) "
            "ON CONFLICT (device) DO UPDATE SET sequence = excluded.sequence, "
            "out_of_order = out_of_order OR excluded.out_of_order",
            [(device, n, device in self._late) for device, n in self._counted.items()],
        )
        if self._unindexed:
            for index in schema.EVENT_INDEXES:
                self._index.execute(index)
        if self._undos:
            self._settle_undos()
        self._settle_links()
        self._settle_seen()
        self._settle_cards(progress)

    def key(self, card: CardId) -> int:
        """Return the index's own number for a card, known or not."""
        if (found := self._keys.get(card)) is None:
            self._index.execute("INSERT OR IGNORE INTO card (id) VALUES (?)", (card,))
            row = self._index.execute("SELECT key FROM card WHERE id = ?", (card,)).fetchone()
            found = self._keys[card] = int(row[0])
        return found

    def _has(self, event: EventId) -> bool:
        return bool(self._index.execute("SELECT 1 FROM event WHERE id = ?", (event,)).fetchone())

    def _row(self, record: Record) -> Row:
        event = record.event
        common = event.id, event.hlc
        key: int | None
        at = event.at.isoformat(timespec="milliseconds")
        match event:
            case Review():
                key = self.key(event.card)
                self._touched.add(key)
                # A plain review is in the columns; only what they cannot say needs its line.
                line = line_of(record) if event.cram else None
                given = event.rating, event.ms, event.source, event.interval
                return *common, key, key, "review", at, *given, line
            case Unknown():
                return *common, None, None, event.kind, at, None, None, None, None, None
            case Undo():
                key = None
                self._undos = True
            case Link():
                key = self.key(event.new)
                old = self.key(event.old)
                self._index.execute("INSERT INTO card_link VALUES (?, ?)", (old, key))
                self._touched.update((old, key))
            case Seen():
                key = self.key(event.card)
                self._seen.add(key)
            case Plan():
                key = None
                days = event.first.toordinal(), event.until.toordinal(), event.per_day
                self._index.execute(
                    "INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?)", (*common, *days)
                )
            case _:
                key = self.key(event.card)
                self._touched.add(key)
        line = line_of(record)
        source = event.source if isinstance(event, Suspend | Unsuspend | Reset) else None
        return *common, key, key, kind_of(event), at, None, None, source, None, line

    def _settle_undos(self) -> None:
        lines = self._index.execute(
            "SELECT line FROM event WHERE kind = 'undo' AND kind <> 'review'"
        )
        gone = undone([decode(line).event for (line,) in lines])
        before = {found for (found,) in self._index.execute("SELECT id FROM undone_event")}
        for event in gone ^ before:
            row = self._index.execute(
                "SELECT card, kind, line FROM event WHERE id = ?", (event,)
            ).fetchone()
            if row and row[0] is not None:
                self._touched.add(row[0])
                if row[1] == "link":
                    link = decode(row[2]).event
                    self._touched.update(map(self.key, (link.old, link.new)))  # type: ignore[union-attr]  # kind says so
        self._index.executemany(
            "DELETE FROM undone_event WHERE id = ?", [(e,) for e in before - gone]
        )
        self._index.executemany(
            "INSERT INTO undone_event VALUES (?)", [(e,) for e in gone - before]
        )

    def _settle_links(self) -> None:
        """Give each event of linked cards to the card whose history it is in."""
        waiting = set(self._touched)
        if not self._index.execute("SELECT 1 FROM card_link LIMIT 1").fetchone():
            return
        while waiting:
            kin = kin_of(self._index, waiting.pop())
            waiting -= kin
            if len(kin) > 1 or linked_to_itself(self._index, kin):
                self._touched |= kin
                self._share_out(kin)

    def _share_out(self, kin: set[int]) -> None:
        events: list[Event] = []
        for key in kin:
            events += self._stored.of(key, "kind <> 'seen'")
        for owner, found in histories(events).items():
            key = self.key(owner)
            self._index.executemany(
                "UPDATE event SET card = ? WHERE id = ?", [(key, event.id) for event in found]
            )

    def _settle_seen(self) -> None:
        for key in self._seen:
            texts = list(self._stored.of(key, "kind = 'seen'"))
            if texts and isinstance(last := max(texts, key=order), Seen):
                text = last.deck, last.front, last.back
                first = study_day(min(texts, key=order).at, self._rollover).toordinal()
                self._index.execute(
                    "UPDATE card SET text_checksum = ?, added = ? WHERE key = ?",
                    (text_sum(*text), first, key),
                )
                self._index.execute(
                    "UPDATE card SET deck = ?, front = ?, back = ? WHERE key = ? AND NOT in_deck",
                    (*text, key),
                )

    def _settle_cards(self, progress: Callable[[float], None]) -> None:
        if not self._bare:
            gone = [(key,) for key in self._touched]
            self._index.executemany("DELETE FROM answer WHERE card = ?", gone)
        for done in fold(self._index, self._histories(), self._rollover):
            progress(done / len(self._touched))

    def _histories(self) -> Iterator[tuple[int, list[AboutCard]]]:
        """Yield the touched cards, each with the events that its progress is folded from."""
        if self._whole is not None:
            for key, gathered in self._whole.items():
                once = {event.id: event for event in reversed(gathered)}
                yield key, sorted(once.values(), key=order)
        elif len(self._touched) < MANY:
            yield from ((key, self._stored.about(key)) for key in self._touched)
        else:
            names = {key: name for name, key in self._keys.items()}
            yield from self._stored.by_card(self._touched, names)
