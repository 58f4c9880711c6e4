"""Bring journal records into the index."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import timedelta
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core import events
from flashcards.core.events import Event, event_kind, event_order
from flashcards.core.fsrs import Model
from flashcards.core.replay import card_histories, undone_by
from flashcards.core.stats.answer_rows import as_step
from flashcards.core.study_days import study_day
from flashcards.storage.index import schema
from flashcards.storage.index.build import fsrs_weights
from flashcards.storage.index.build.events_of_card import events_of_card
from flashcards.storage.index.build.replay_cards import CardReplays
from flashcards.storage.index.build.replay_steps import MAX_KEPT_BYTES, NewHistories, StepReader
from flashcards.storage.index.linked_cards import is_linked_to_itself, linked_cards
from flashcards.storage.index.queries.fsrs import cards_to_replay
from flashcards.storage.index.rows import EVENT_INSERTS, SqlRow, card_text_checksum
from flashcards.storage.journal.record import JournalRecord, TypedLine, decode_record
from flashcards.storage.journal.record_fields import ReviewLine, SetDueLine, review_line, set_due_line


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

    def __init__(self, index: Connection, rollover: timedelta, *, bulk: bool = False, size: int = 0) -> None:
        self._index = index
        self._rollover = rollover
        self._event_indexes_missing = not index.execute("SELECT 1 FROM source LIMIT 1").fetchone()
        self._is_first_fill = not index.execute("SELECT 1 FROM event LIMIT 1").fetchone()
        self._key_by_card_id: dict[str, int] = {}
        self._writers: dict[str, WriterState] = {}
        self._touched_keys: set[int] = set()
        self._keys_with_new_text: set[int] = set()
        self._has_undos = False
        self.added_count = 0  # events that were not in the index before
        self._step_reader = StepReader(rollover)
        self._new_histories = NewHistories(index) if bulk and size < MAX_KEPT_BYTES else None
        if bulk:
            self._key_by_card_id = dict(index.execute("SELECT id, key FROM card"))
        if bulk and not self._event_indexes_missing:
            self._event_indexes_missing = True
            for statement in schema.drop_statements(schema.EVENT_INDEX_STATEMENTS):
                index.execute(statement)

    def add_lines(self, lines: Iterable[TypedLine | JournalRecord]) -> None:
        """Store the events that are not in the index yet."""
        rows = [
            self._review_row(line)
            if isinstance(line, ReviewLine)
            else self._schedule_row(line)
            if isinstance(line, SetDueLine)
            else self._record_row(line)
            for line in lines
            if self._is_first_fill or not self._has_event(_line_id(line))
        ]
        rows.sort(key=itemgetter(0))  # in the table's order, so that it only grows at its end
        for length, statement in EVENT_INSERTS.items():
            some = [row for row in rows if len(row) == length]
            added = max(0, self._index.executemany(statement, some).rowcount)
            if added < len(some):  # copies of events, which count once
                self._new_histories = None
            self.added_count += added

    def _review_row(self, line: ReviewLine, raw_line: bytes | None = None) -> SqlRow:
        """Return the row of an answer, with its line only if the columns lack something."""
        key = self._key_by_card_id.get(line.card) or self.card_key(line.card)
        self._touched_keys.add(key)
        source = line.src or ""
        if self._new_histories:
            answer = line.at, line.rating, line.ms or 0, source, line.interval, line.next
            read = self._step_reader
            step = read.step_of_line(raw_line) if raw_line else read.answer(*answer)
            self._new_histories.add(key, line.hlc, line.id, step)
        writer = self._note_sequence(line.dev, line.n, None if source else line.hlc)
        row = (
            line.id, line.hlc, key, key, "review", line.at, line.rating, line.ms or 0, source, writer, line.n
        )  # fmt: skip
        if line.interval is None and line.next is None and not (line.sched or line.batch or raw_line):
            return row
        if line.next is None and not (line.sched or raw_line):
            return *row, line.interval, line.batch or None
        return *row, line.interval, line.next, line.sched or None, raw_line, line.batch or None

    def _schedule_row(self, line: SetDueLine) -> SqlRow:
        """Return the row of an imported schedule."""
        key = self._key_by_card_id.get(line.card) or self.card_key(line.card)
        self._touched_keys.add(key)
        if self._new_histories:
            numbers = line.due.toordinal(), line.interval, line.ease, line.repetitions, line.lapses
            self._new_histories.add(key, line.hlc, line.id, numbers)
        writer = self._note_sequence(line.dev, line.n, None)
        own = line.raw_line, line.batch or None
        return line.id, line.hlc, key, key, "set-due", line.at, writer, line.n, *own

    def _record_row(self, record: JournalRecord) -> SqlRow:
        """Return the row of any other event."""
        event = record.event
        if isinstance(event, events.Review):
            line = review_line(event, record.device_id, record.sequence)
            return self._review_row(line, record.raw_line or None)
        if isinstance(event, events.SetDue):
            schedule = set_due_line(event, record.device_id, record.sequence)
            schedule.raw_line = record.raw_line
            return self._schedule_row(schedule)
        hlc = None if getattr(event, "source", "") else event.hlc
        writer = self._note_sequence(record.device_id, record.sequence, hlc)
        key, at = self._note_event(event), event.at.isoformat(timespec="milliseconds")
        is_known = not isinstance(event, events.UnknownEvent)
        return (
            event.id, event.hlc, key, key, event_kind(event), at, None, None, _source(event), writer,
            record.sequence, None, None, None, record.raw_line if is_known else None, event.batch,
        )  # fmt: skip

    def _note_sequence(self, device_id: str, sequence: int, hlc: int | None) -> int:
        """Note a device's sequence and clock, and if they are in order; return its key.

        Imported events have no `hlc` of the device's clock.
        """
        writer = self._writers.get(device_id)
        if writer is None:
            self._index.execute("INSERT OR IGNORE INTO writer (device) VALUES (?)", (device_id,))
            writer = self._writers[device_id] = WriterState(
                *self._index.execute("SELECT * FROM writer WHERE device = ?", (device_id,)).fetchone()
            )
        if sequence > writer.sequence:
            writer.sequence = sequence
        else:
            writer.out_of_order = 1
        if hlc is not None:
            writer.clock_went_back |= hlc < writer.last_hlc
            writer.last_hlc = hlc
        return writer.key

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

    def card_key(self, card_id: str) -> int:
        """Return the index's key of a card, creating a row if needed."""
        if (key := self._key_by_card_id.get(card_id)) is None:
            made = self._index.execute("INSERT OR IGNORE INTO card (id) VALUES (?)", (card_id,))
            key = made.lastrowid if made.rowcount else None
            if key is None:
                key = int(self._index.execute("SELECT key FROM card WHERE id = ?", (card_id,)).fetchone()[0])
            self._key_by_card_id[card_id] = key
        return key

    def _has_event(self, event_id: str) -> bool:
        return bool(self._index.execute("SELECT 1 FROM event WHERE id = ?", (event_id,)).fetchone())

    def _note_event(self, event: Event) -> int | None:
        """Note what an event changes; return the card that it names."""
        match event:
            case events.Undo():
                self._has_undos = True
            case events.CardLink():
                key = self.card_key(event.new)
                old = self.card_key(event.old)
                self._index.execute("INSERT INTO card_link VALUES (?, ?)", (old, key))
                self._touched_keys.update((old, key))
                return key
            case events.SeenText():
                key = self.card_key(event.card)
                self._keys_with_new_text.add(key)
                return key
            case events.CatchUpPlan():
                days = event.first.toordinal(), event.until.toordinal(), event.per_day
                self._index.execute(
                    "INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?)", (event.id, event.hlc, *days)
                )
            case events.UnknownEvent() | events.Batch() | events.FsrsWeights():
                pass
            case _:
                key = self.card_key(event.card)
                self._touched_keys.add(key)
                if self._new_histories:
                    self._new_histories.add(key, event.hlc, event.id, as_step(event, self._rollover))
                return key
        return None

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
                if self._new_histories:
                    self._new_histories.forget(linked_keys)
                self._assign_events_to_owners(linked_keys)

    def _assign_events_to_owners(self, linked_keys: set[int]) -> None:
        everything: list[Event] = []
        for key in linked_keys:
            everything += events_of_card(self._index, key, "kind <> 'seen'")
        for owner, found in card_histories(everything).items():
            key = self.card_key(owner)
            self._index.executemany(
                "UPDATE event SET card = ? WHERE id = ?", [(key, event.id) for event in found]
            )

    def _apply_card_texts(self) -> None:
        for key in self._keys_with_new_text:
            texts = list(events_of_card(self._index, key, "kind = 'seen'"))
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
        replays = CardReplays(self._index, self._rollover, model)
        for done in replays.write(self._touched_keys, self._new_histories):
            on_progress(done / len(self._touched_keys))


def _line_id(line: TypedLine | JournalRecord) -> str:
    return line.event.id if isinstance(line, JournalRecord) else line.id


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
