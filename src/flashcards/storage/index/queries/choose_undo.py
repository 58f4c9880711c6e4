"""Queries for the steps that undo and redo act on, latest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection
from typing import Any, NamedTuple, cast

from flashcards.core.cards import CardId
from flashcards.core.events import Batch, CardLink, Event, EventId, Undo
from flashcards.storage.index.queries.event_clock import max_plausible_hlc
from flashcards.storage.index.rows import EVENT_COLUMNS, event_from_row

STEP_KINDS = (
    "kind IN ('review', 'suspend', 'unsuspend', 'bury', 'flag', 'reset', 'link', 'plan', 'weights', 'batch')"
)
IS_SET_DUE = """(kind = 'set-due' AND batch IN (
    SELECT id FROM event WHERE kind = 'batch' AND instr(line, '"command":"set-due"')))"""
"""Set by the user: imported due dates are not steps."""
NOT_IMPORTED = "coalesce(src, '') = ''"
IS_STEP = f"{STEP_KINDS} AND batch IS NULL AND {NOT_IMPORTED}"
IS_UNDONE = "event.id IN (SELECT id FROM undone_event)"
IS_OF_DEVICE = "device IS (SELECT key FROM writer WHERE device = :device)"


class StepRow(NamedTuple):
    """An event as undo sees it."""

    event: Any  # whatever can be undone, or undoes
    sequence: int
    is_undone: bool


def last_deck_added_to(index: Connection) -> str:
    """Return the deck that `add` last added cards to; "" for none."""
    rows = index.execute(
        f"SELECT {EVENT_COLUMNS} FROM event WHERE kind = 'batch' AND instr(line, '\"command\":\"add\"') "
        f"AND NOT {IS_UNDONE} ORDER BY hlc DESC LIMIT 1"
    )
    events = [event_from_row(row, None) for row in rows]
    paths = [path for event in events if isinstance(event, Batch) for path in event.files]
    row = index.execute("SELECT name FROM deck WHERE path = ?", (next(iter(paths), ""),)).fetchone()
    return row[0] if row else ""


def undone_events(index: Connection) -> dict[EventId, list[EventId]]:
    """Return the undone events, each with its undos."""
    undos_by_event: dict[EventId, list[EventId]] = {}
    for undo, undone in index.execute(f"SELECT id, src FROM event WHERE kind = 'undo' AND NOT {IS_UNDONE}"):
        undos_by_event.setdefault(undone, []).append(undo)
    return undos_by_event


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps as undo sees them on a device: its own by sequence, those of others by time."""

    index: Connection
    device: str
    now: datetime

    def event(self, event_id: EventId) -> Any:  # noqa: ANN401 (whatever can be undone)
        """Return an event by its id; None when it is in no journal."""
        is_known = "event.id = :id AND kind <> 'seen' AND (event.line IS NOT NULL OR kind = 'review')"
        return next((row.event for row in self._rows(is_known, "hlc", id=event_id)), None)

    def last_of(self, steps: Sequence[EventId]) -> Event | None:
        """Return the last of some steps that was not undone."""
        undone = undone_events(self.index) if steps else {}
        last_id = next((step for step in reversed(steps) if step not in undone), None)
        return self.event(last_id) if last_id else None

    def last_done(self) -> Event | None:
        """Return the last step that was not undone."""
        own, other = self._last_of_device(), self._last_of_others()
        if own is None:
            return other[0] if other else None
        if other is None or self._time_on_device(own) >= other[1]:
            return cast("Event", own.event)
        return other[0]

    def last_done_to(self, card_id: CardId) -> Event | None:
        """Return the last step that affected a card and was not undone."""
        where = f"({STEP_KINDS} OR {IS_SET_DUE}) AND {NOT_IMPORTED} AND NOT {IS_UNDONE} AND card.id = :card"
        rows = self._rows(where, "hlc DESC, event.id DESC", card=card_id)
        return next((row.event for row in rows), None)

    def last_undo(self) -> Undo | Batch | None:
        """Return this device's last undo in effect, unless a step followed it."""
        last_step = next((row.sequence for row in self._device_rows(f"{IS_STEP} AND kind <> 'link'")), 0)
        for event, sequence, is_undone in self._device_rows("kind IN ('undo', 'batch') AND batch IS NULL"):
            if sequence < last_step:
                break
            if isinstance(event, Batch):
                is_undo = event.command == "undo"
            else:
                is_undo = not isinstance(self.event(event.undone_event), Undo)
            if is_undo and not is_undone:
                return cast("Undo | Batch", event)
        return None

    def members(self, batch: EventId) -> list[EventId]:
        """Return the events of a batch that were not undone."""
        query = f"SELECT id FROM event WHERE batch = ? AND kind <> 'seen' AND NOT {IS_UNDONE}"
        return [EventId(event_id) for (event_id,) in self.index.execute(query, (batch,))]

    def moves_back(self, batch: EventId) -> tuple[dict[CardId, CardId], set[CardId]]:
        """Return ({present: next id} of the cards whose ids an undo changes, those that need no link for it).

        A card needs none if it has no events under its present id, or if the batch undid its link: that
        counts again.
        """
        is_made = f"kind = 'link' AND batch = :batch AND NOT {IS_UNDONE}"
        back = {row.event.new: row.event.old for row in self._rows(is_made, "hlc", batch=batch)}
        is_undone = (
            "kind = 'link' AND event.id IN (SELECT src FROM event WHERE batch = :batch AND kind = 'undo')"
        )
        again = {row.event.old: row.event.new for row in self._rows(is_undone, "hlc", batch=batch)}
        select_event = (
            "SELECT 1 FROM event JOIN card ON card.key = event.card AND card.key = event.origin "
            "WHERE card.id = ? AND kind NOT IN ('seen', 'link', 'undo')"
        )
        without_events = {new for new in back if not self.index.execute(select_event, (new,)).fetchone()}
        return back | again, without_events | again.keys()

    def cards(self, batch: EventId) -> list[CardId]:
        """Return the cards that a batch affected."""
        rows = self.index.execute(
            "SELECT DISTINCT card.id FROM event JOIN card ON card.key = event.card "
            "WHERE batch = ? ORDER BY path, position",
            (batch,),
        )
        return [CardId(card_id) for (card_id,) in rows]

    def undone_batch(self, undo: Batch) -> Batch | None:
        """Return the batch that an undo took back."""
        condition = "kind = 'batch' AND event.id IN (SELECT src FROM event WHERE batch = :batch)"
        return next((row.event for row in self._rows(condition, "hlc", batch=undo.id)), None)

    def last_hlc(self, event: Event) -> int:
        """Return the highest hlc of a step."""
        row = self.index.execute("SELECT max(hlc) FROM event WHERE batch = ?", (event.id,)).fetchone()
        return max(event.hlc, int(row[0] or 0))

    def _last_of_device(self) -> StepRow | None:
        """Return this device's last step; a link only if no step of another kind follows it."""
        only_links_so_far = True
        for row in self._device_rows(IS_STEP):
            is_link = isinstance(row.event, CardLink)
            only_links_so_far = only_links_so_far and is_link
            if not row.is_undone and (only_links_so_far or not is_link):
                return row
        return None

    def _last_of_others(self) -> tuple[Event, int] | None:
        """Return (event, time in ms) of the last step of other devices; steps with files are left out."""
        limit = max_plausible_hlc(self.now)
        last = next(((event, event.hlc) for event in self._others("hlc <= :limit", "DESC", limit)), None)
        # A wrong clock put these ahead of everything: they count at their wall-clock time instead.
        for event in self._others("hlc > :limit", "ASC", limit):
            wall_clock = int(event.at.timestamp() * 1000)
            time = wall_clock if wall_clock <= limit else 0
            if last is None or time >= last[1]:
                last = event, time
        return last

    def _others(self, when: str, direction: str, limit: int) -> Iterator[Event]:
        condition = f"{IS_STEP} AND kind <> 'link' AND NOT {IS_UNDONE} AND NOT {IS_OF_DEVICE} AND {when}"
        for row in self._rows(condition, f"hlc {direction}, event.id {direction}", limit=limit):
            if not (isinstance(row.event, Batch) and row.event.files):
                yield row.event

    def _time_on_device(self, step: StepRow) -> int:
        """Return when a step of this device happened in ms, at the latest: before those that followed it."""
        later = f"{IS_OF_DEVICE} AND {NOT_IMPORTED} AND kind <> 'seen' AND sequence >= :first"
        rows = self._rows(later, "hlc LIMIT 1", first=step.sequence) if self._clock_went_back() else ()
        first_hlc = min((row.event.hlc for row in rows), default=step.event.hlc)
        return int(min(step.event.hlc, first_hlc, max_plausible_hlc(self.now)))

    def _clock_went_back(self) -> bool:
        query = "SELECT 1 FROM writer WHERE device = ? AND clock_went_back"
        return self.index.execute(query, (self.device,)).fetchone() is not None

    def _device_rows(self, condition: str) -> Iterator[StepRow]:
        # With a right clock, hlc order is sequence order, and has an index.
        order = "sequence DESC" if self._clock_went_back() else "hlc DESC"
        return self._rows(f"{IS_OF_DEVICE} AND {condition}", order)

    def _rows(self, condition: str, order: str, **values: object) -> Iterator[StepRow]:
        rows = self.index.execute(
            f"SELECT {EVENT_COLUMNS}, card.id, event.sequence, {IS_UNDONE} "
            "FROM event LEFT JOIN card ON card.key = event.card "
            f"WHERE {condition} ORDER BY {order}",
            {"device": self.device, **values},
        )
        for *columns, card, sequence, is_undone in rows:
            yield StepRow(event_from_row(columns, card), sequence, bool(is_undone))
