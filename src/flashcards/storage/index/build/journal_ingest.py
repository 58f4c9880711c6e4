"""Bring journal records into the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import timedelta
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core import events
from flashcards.core.cards import CardId
from flashcards.core.days import study_day
from flashcards.core.events import CardEvent, Event, EventId, event_kind, event_order
from flashcards.core.fsrs import Model
from flashcards.core.progress import card_histories, undone_by
from flashcards.storage.index import schema
from flashcards.storage.index.build import fsrs_weights
from flashcards.storage.index.build.event_reader import EventReader
from flashcards.storage.index.build.replay import write_replays
from flashcards.storage.index.card_links import is_linked_to_itself, linked_cards
from flashcards.storage.index.queries.fsrs import cards_to_replay
from flashcards.storage.index.rows import SqlRow, card_text_checksum
from flashcards.storage.journal.record import JournalRecord, decode_record, record_line

FULL_SCAN_CARDS, MAX_GATHERED_EVENTS = 1_000, 100_000
"""Cards from which scanning all events is quicker; events kept in memory."""


@dataclass(slots=True)
class WriterState:
    """A row of `writer`."""

    key: int
    device: str
    sequence: int
    out_of_order: int
    last_hlc: int
    clock_went_back: int


class JournalIngest:
    """One update: add records, then update what depends on them."""

    def __init__(self, index: Connection, rollover: timedelta, *, bulk: bool = False) -> None:
        self._index = index
        self._rollover = rollover
        self._event_reader = EventReader(index)
        self._event_indexes_missing = not index.execute("SELECT 1 FROM source LIMIT 1").fetchone()
        self._is_first_fill = not index.execute("SELECT 1 FROM event LIMIT 1").fetchone()
        self._key_by_card_id: dict[str, int] = {}
        self._writers: dict[str, WriterState] = {}
        self._touched_keys: set[int] = set()
        self._keys_with_new_text: set[int] = set()
        self._has_undos = False
        self._gathered_count = 0
        self._events_by_key: dict[int, list[CardEvent]] | None = {} if self._is_first_fill else None
        """All events of each card, duplicates too, if no undo or link changes their meaning."""
        self.added_count = 0  # events that were not in the index before
        if bulk:
            self._key_by_card_id = dict(index.execute("SELECT id, key FROM card"))
        if bulk and not self._event_indexes_missing:
            self._event_indexes_missing = True
            for statement in schema.drop_statements(schema.EVENT_INDEX_STATEMENTS):
                index.execute(statement)

    def add_records(self, records: Iterable[JournalRecord]) -> None:
        """Store the events that are not in the index yet."""
        rows = []
        for record in records:
            if self._is_first_fill or not self._has_event(record.event.id):
                writer = self._note_sequence(record)
                rows.append((*self._event_row(record), record.event.batch, writer.key, record.sequence))
                self._gather_event(record.event)
        rows.sort(key=itemgetter(0))  # in the table's order, so that it only grows at its end
        inserted = self._index.executemany(
            "INSERT OR IGNORE INTO event "
            "(id, hlc, card, origin, kind, at, rating, ms, src, interval_before, "
            "next_interval, scheduler, line, batch, device, sequence) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        ).rowcount
        self.added_count += max(0, inserted)

    def _gather_event(self, event: Event) -> None:
        """Keep an event for replay, until an undo or link makes that impossible."""
        if self._events_by_key is None:
            return
        self._gathered_count += 1
        if isinstance(event, events.Undo | events.CardLink) or self._gathered_count > MAX_GATHERED_EVENTS:
            self._events_by_key = None
        elif isinstance(event, CardEvent):
            self._events_by_key.setdefault(self.card_key(event.card), []).append(event)

    def _note_sequence(self, record: JournalRecord) -> WriterState:
        """Note a device's sequence, and whether it and its clock were in order."""
        writer = self._writers.get(record.device_id)
        if writer is None:
            self._index.execute("INSERT OR IGNORE INTO writer (device) VALUES (?)", (record.device_id,))
            writer = self._writers[record.device_id] = WriterState(
                *self._index.execute("SELECT * FROM writer WHERE device = ?", (record.device_id,)).fetchone()
            )
        writer.out_of_order |= record.sequence <= writer.sequence
        writer.sequence = max(record.sequence, writer.sequence)
        event = record.event
        if not isinstance(event, events.SetDue) and not getattr(event, "source", ""):
            writer.clock_went_back |= event.hlc < writer.last_hlc
            writer.last_hlc = event.hlc
        return writer

    def update_derived_tables(self, on_progress: Callable[[float], None]) -> None:
        """Update everything derived from the added records."""
        self._index.executemany(
            "INSERT OR REPLACE INTO writer VALUES (?, ?, ?, ?, ?, ?)", map(astuple, self._writers.values())
        )
        if self._event_indexes_missing:
            for index in schema.EVENT_INDEX_STATEMENTS:
                self._index.execute(index)
        if self._has_undos:
            self._apply_undos()
        self._apply_links()
        self._apply_card_texts()
        model = self._apply_weights()
        self._replay_touched_cards(model, on_progress)

    def card_key(self, card_id: CardId) -> int:
        """Return the index's key of a card, creating a row if needed."""
        if (key := self._key_by_card_id.get(card_id)) is None:
            self._index.execute("INSERT OR IGNORE INTO card (id) VALUES (?)", (card_id,))
            row = self._index.execute("SELECT key FROM card WHERE id = ?", (card_id,)).fetchone()
            key = self._key_by_card_id[card_id] = int(row[0])
        return key

    def _has_event(self, event_id: EventId) -> bool:
        return bool(self._index.execute("SELECT 1 FROM event WHERE id = ?", (event_id,)).fetchone())

    def _event_row(self, record: JournalRecord) -> SqlRow:
        event = record.event
        common = event.id, event.hlc
        key: int | None
        at = event.at.isoformat(timespec="milliseconds")
        match event:
            case events.Review():
                key = self.card_key(event.card)
                self._touched_keys.add(key)
                # A plain review is in the columns; others need their line.
                line = record_line(record) if event.cram or event.hinted else None
                given = event.rating, event.ms, event.source, event.interval
                choice = event.next_interval, event.scheduler or None
                return *common, key, key, "review", at, *given, *choice, line
            case events.UnknownEvent():
                return *common, None, None, event.kind, at, *[None] * 7
            case events.Undo() | events.Batch():
                key = None
                self._has_undos |= isinstance(event, events.Undo)
            case events.FsrsWeights():
                key = None
            case events.CardLink():
                key = self.card_key(event.new)
                old = self.card_key(event.old)
                self._index.execute("INSERT INTO card_link VALUES (?, ?)", (old, key))
                self._touched_keys.update((old, key))
            case events.SeenText():
                key = self.card_key(event.card)
                self._keys_with_new_text.add(key)
            case events.CatchUpPlan():
                key = None
                days = event.first.toordinal(), event.until.toordinal(), event.per_day
                self._index.execute("INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?)", (*common, *days))
            case _:
                key = self.card_key(event.card)
                self._touched_keys.add(key)
        line = record_line(record)
        return *common, key, key, event_kind(event), at, None, None, _source(event), None, None, None, line

    def _apply_undos(self) -> None:
        gone = undone_by(
            self._index.execute(
                "SELECT id, src FROM event WHERE kind = 'undo' AND kind <> 'review' "
                "ORDER BY hlc DESC, id DESC"
            )
        )
        before = {found for (found,) in self._index.execute("SELECT id FROM undone_event")}
        for event in gone ^ before:
            row = self._index.execute("SELECT card, kind, line FROM event WHERE id = ?", (event,)).fetchone()
            if row and row[0] is not None:
                self._touched_keys.add(row[0])
                if row[1] == "link":
                    link = decode_record(row[2]).event
                    self._touched_keys.update(map(self.card_key, (link.old, link.new)))  # type: ignore[union-attr]  # kind says so
        self._index.executemany("DELETE FROM undone_event WHERE id = ?", [(e,) for e in before - gone])
        self._index.executemany("INSERT INTO undone_event VALUES (?)", [(e,) for e in gone - before])

    def _apply_links(self) -> None:
        """Assign the events of linked cards to the card that owns them now."""
        remaining = set(self._touched_keys)
        if not self._index.execute("SELECT 1 FROM card_link LIMIT 1").fetchone():
            return
        while remaining:
            linked_keys = linked_cards(self._index, remaining.pop())
            remaining -= linked_keys
            if len(linked_keys) > 1 or is_linked_to_itself(self._index, linked_keys):
                self._touched_keys |= linked_keys
                self._assign_events_to_owners(linked_keys)

    def _assign_events_to_owners(self, linked_keys: set[int]) -> None:
        everything: list[Event] = []
        for key in linked_keys:
            everything += self._event_reader.events_of_card(key, "kind <> 'seen'")
        for owner, found in card_histories(everything).items():
            key = self.card_key(owner)
            self._index.executemany(
                "UPDATE event SET card = ? WHERE id = ?", [(key, event.id) for event in found]
            )

    def _apply_card_texts(self) -> None:
        for key in self._keys_with_new_text:
            texts = list(self._event_reader.events_of_card(key, "kind = 'seen'"))
            if texts and isinstance(last := max(texts, key=event_order), events.SeenText):
                text = last.deck, last.front, last.back
                first = study_day(min(texts, key=event_order).at, self._rollover).toordinal()
                self._index.execute(
                    "UPDATE card SET text_checksum = ?, added = ? WHERE key = ?",
                    (card_text_checksum(*text), first, key),
                )
                self._index.execute(
                    "UPDATE card SET deck = ?, front = ?, back = ? WHERE key = ? AND NOT in_deck",
                    (*text, key),
                )

    def _apply_weights(self) -> Model:
        """Return the current FSRS model; apply changed weights to other cards."""
        weights = fsrs_weights.newest_weights(self._index)
        model = Model(weights)
        if fsrs_weights.take_weights(self._index, weights) and not self._is_first_fill:
            self._touched_keys.update(cards_to_replay(self._index))
            fsrs_weights.recompute_memories(self._index, model, self._touched_keys)
        return model

    def _replay_touched_cards(self, model: Model, on_progress: Callable[[float], None]) -> None:
        if not self._is_first_fill:
            key_rows = [(key,) for key in self._touched_keys]
            self._index.executemany("DELETE FROM answer WHERE card = ?", key_rows)
        for done in write_replays(self._index, self._touched_histories(), self._rollover, model):
            on_progress(done / len(self._touched_keys))

    def _touched_histories(self) -> Iterator[tuple[int, list[CardEvent]]]:
        """Yield each touched card's key and progress events."""
        if self._events_by_key is not None:
            for key, gathered in self._events_by_key.items():
                once = {event.id: event for event in reversed(gathered)}
                yield key, sorted(once.values(), key=event_order)
        elif len(self._touched_keys) < FULL_SCAN_CARDS:
            yield from ((key, self._event_reader.progress_events(key)) for key in self._touched_keys)
        else:
            names = {key: name for name, key in self._key_by_card_id.items()}
            yield from self._event_reader.progress_events_by_card(self._touched_keys, names)


def _source(event: Event) -> str | None:
    """Return an event's source; for undos, what marks them as such."""
    match event:
        case events.Undo():
            return event.undone_event
        case events.Batch():
            return event.command if event.command in ("undo", "redo") else None
        case events.Suspend() | events.Unsuspend() | events.Reset():
            return event.source
        case _:
            return None
