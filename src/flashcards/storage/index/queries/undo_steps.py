"""Queries for what undo and redo take back: the steps, the last first."""

from __future__ import annotations

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
"""A due date that the user set; those that came with an import are no steps."""
DONE_HERE = "coalesce(src, '') = ''"
IS_STEP = f"{STEP_KINDS} AND batch IS NULL AND {DONE_HERE}"
IS_UNDONE = "event.id IN (SELECT id FROM undone_event)"
IS_OWN = "device IS (SELECT key FROM writer WHERE device = :device)"


class StepRow(NamedTuple):
    """An event as undo sees it."""

    event: Any  # whatever can be undone, or undoes
    sequence: int
    is_undone: bool


def last_deck_added_to(index: Connection) -> str:
    """Return the deck of the last cards that were added; "" for none."""
    rows = index.execute(
        "SELECT line FROM event WHERE kind = 'batch' AND instr(line, '\"command\":\"add\"') "
        f"AND NOT {IS_UNDONE} ORDER BY hlc DESC LIMIT 1"
    )
    from flashcards.storage.journal.record import decode_record

    events = [decode_record(line).event for (line,) in rows]
    paths = [path for event in events if isinstance(event, Batch) for path in event.files]
    found = index.execute("SELECT name FROM deck WHERE path = ?", (next(iter(paths), ""),)).fetchone()
    return found[0] if found else ""


def undone_events(index: Connection) -> dict[EventId, list[EventId]]:
    """Return the events that do not count, each with the undos that took it back."""
    found: dict[EventId, list[EventId]] = {}
    for undo, undone in index.execute(f"SELECT id, src FROM event WHERE kind = 'undo' AND NOT {IS_UNDONE}"):
        found.setdefault(undone, []).append(undo)
    return found


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of an index, as seen on a device: its own by its count, those of others by time."""

    index: Connection
    device: str
    now: datetime

    def event(self, event_id: EventId) -> Any:  # noqa: ANN401 (whatever can be undone)
        """Return an event by its id; None when it is in no journal."""
        is_known = "event.id = :id AND kind <> 'seen' AND (event.line IS NOT NULL OR kind = 'review')"
        return next((row.event for row in self._rows(is_known, "hlc", id=event_id)), None)

    def last_of(self, steps: Sequence[EventId]) -> Event | None:
        """Return the last of some steps, given in order, that was not undone yet."""
        undone = undone_events(self.index) if steps else {}
        last = next((step for step in reversed(steps) if step not in undone), None)
        return self.event(last) if last else None

    def last_done(self) -> Event | None:
        """Return the last thing done that was not undone yet."""
        own, other = self._last_own(), self._last_of_others()
        if own is None or other is None:
            return own.event if own else other and other[0]
        return own.event if self._time_of_own(own) >= other[1] else other[0]

    def last_done_to(self, card_id: CardId) -> Event | None:
        """Return the last thing done to a card that was not undone yet, if with others."""
        condition = f"({STEP_KINDS} OR {IS_SET_DUE}) AND {DONE_HERE} AND NOT {IS_UNDONE} AND card.id = :card"
        return next(
            (row.event for row in self._rows(condition, "hlc DESC, event.id DESC", card=card_id)), None
        )

    def last_undo(self) -> Undo | Batch | None:
        """Return the last undo of this device that holds; None when something was done since."""
        done = next((row.sequence for row in self._own_rows(f"{IS_STEP} AND kind <> 'link'")), 0)
        for event, sequence, is_undone in self._own_rows("kind IN ('undo', 'batch') AND batch IS NULL"):
            if sequence < done:
                break
            if isinstance(event, Batch):
                is_undo = event.command == "undo"
            else:
                is_undo = not isinstance(self.event(event.undone_event), Undo)
            if is_undo and not is_undone:
                return cast("Undo | Batch", event)
        return None

    def members(self, batch: EventId) -> list[EventId]:
        """Return what belongs to a batch and was not undone."""
        condition = f"SELECT id FROM event WHERE batch = ? AND kind <> 'seen' AND NOT {IS_UNDONE}"
        return [EventId(found) for (found,) in self.index.execute(condition, (batch,))]

    def moves_back(self, batch: EventId) -> tuple[dict[CardId, CardId], set[CardId]]:
        """Return the former id of each card that a batch linked, and those without events since."""
        rows = self._rows(f"kind = 'link' AND batch = :batch AND NOT {IS_UNDONE}", "hlc", batch=batch)
        moves = {row.event.new: row.event.old for row in rows}
        events = (
            "SELECT 1 FROM event JOIN card ON card.key = event.card AND card.key = event.origin "
            "WHERE card.id = ? AND kind NOT IN ('seen', 'link', 'undo')"
        )
        return moves, {new for new in moves if not self.index.execute(events, (new,)).fetchone()}

    def cards(self, batch: EventId) -> list[CardId]:
        """Return the cards that a batch was about."""
        rows = self.index.execute(
            "SELECT DISTINCT card.id FROM event JOIN card ON card.key = event.card "
            "WHERE batch = ? ORDER BY path, position",
            (batch,),
        )
        return [CardId(found) for (found,) in rows]

    def undone_batch(self, undo: Batch) -> Batch | None:
        """Return the step that an undo of several events took back."""
        condition = "kind = 'batch' AND event.id IN (SELECT src FROM event WHERE batch = :batch)"
        return next((row.event for row in self._rows(condition, "hlc", batch=undo.id)), None)

    def last_hlc(self, event: Event) -> int:
        """Return the highest hlc of a step."""
        row = self.index.execute("SELECT max(hlc) FROM event WHERE batch = ?", (event.id,)).fetchone()
        return max(event.hlc, int(row[0] or 0))

    def _last_own(self) -> StepRow | None:
        """Return what this device did last; a link only if nothing came after it."""
        is_link_last = True
        for row in self._own_rows(IS_STEP):
            is_link = isinstance(row.event, CardLink)
            is_link_last = is_link_last and is_link
            if not row.is_undone and (is_link_last or not is_link):
                return row
        return None

    def _last_of_others(self) -> tuple[Event, int] | None:
        """Return what other devices did last, and when; their files are theirs to take back."""
        now = max_plausible_hlc(self.now)
        best = next(((event, event.hlc) for event in self._others("hlc <= :now", "DESC", now)), None)
        # What a clock that was wrong put ahead of everything was not done last.
        for event in self._others("hlc > :now", "ASC", now):
            at = int(event.at.timestamp() * 1000)
            at = at if at <= now else 0
            if best is None or at >= best[1]:
                best = event, at
        return best

    def _others(self, when: str, direction: str, now: int) -> Iterator[Event]:
        condition = f"{IS_STEP} AND kind <> 'link' AND NOT {IS_UNDONE} AND NOT {IS_OWN} AND {when}"
        for row in self._rows(condition, f"hlc {direction}, event.id {direction}", now=now):
            if not (isinstance(row.event, Batch) and row.event.files):
                yield row.event

    def _time_of_own(self, step: StepRow) -> int:
        """Return when, in ms, an event of this device was at the latest: before its next ones."""
        later = f"{IS_OWN} AND {DONE_HERE} AND kind <> 'seen' AND sequence >= :first"
        rows = self._rows(later, "hlc LIMIT 1", first=step.sequence) if self._clock_went_back() else ()
        first = min((row.event.hlc for row in rows), default=step.event.hlc)
        return int(min(step.event.hlc, first, max_plausible_hlc(self.now)))

    def _clock_went_back(self) -> bool:
        found = "SELECT 1 FROM writer WHERE device = ? AND clock_went_back"
        return self.index.execute(found, (self.device,)).fetchone() is not None

    def _own_rows(self, condition: str) -> Iterator[StepRow]:
        # A right clock goes as the count does, and has an index.
        order = "sequence DESC" if self._clock_went_back() else "hlc DESC"
        return self._rows(f"{IS_OWN} AND {condition}", order)

    def _rows(self, condition: str, order: str, **values: object) -> Iterator[StepRow]:
        rows = self.index.execute(
            f"SELECT {EVENT_COLUMNS}, card.id, event.sequence, {IS_UNDONE} "
            "FROM event LEFT JOIN card ON card.key = event.card "
            f"WHERE {condition} ORDER BY {order}",
            {"device": self.device, **values},
        )
        for *columns, card, sequence, is_undone in rows:
            yield StepRow(event_from_row(columns, card), sequence, bool(is_undone))
