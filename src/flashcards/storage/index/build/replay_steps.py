"""Read what a replay needs of events, from the table or from new lines."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core.stats.answer_rows import GivenAnswer, Step, as_step
from flashcards.storage.index.rows import SqlRow
from flashcards.storage.journal.record import decode_checked_line, decode_typed_line
from flashcards.storage.journal.record_fields import SetDueLine

MAX_KEPT_BYTES = 150 << 20  # of journals, whose steps take less memory


@cache
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@cache
def _minute_of_day(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


class StepReader:
    """Reads events as `fold_events` takes them."""

    def __init__(self, rollover: timedelta) -> None:
        self._rollover = rollover
        self._first_minute = rollover // timedelta(minutes=1)

    def steps_of_rows(self, rows: Iterable[SqlRow]) -> list[Step]:
        """Return the steps of rows of the table."""
        return [
            self.answer(at, rating, ms, source, was, chosen) if line is None else self.step_of_line(line)
            for _, at, rating, ms, source, was, chosen, line in rows
        ]

    def answer(  # noqa: PLR0913, PLR0917 (the columns of an answer)
        self, at: str, rating: int, ms: int, source: str, was: int | None, chosen: int | None
    ) -> GivenAnswer:
        """Return a plain answer; times have one text form."""
        minute = _minute_of_day(at[11:16])
        day = _ordinal(at[:10]) - (minute < self._first_minute)
        return day, minute, rating, ms, source != "", was, chosen, False

    def step_of_line(self, raw_line: bytes) -> Step:
        """Return the step of an event that is more than a plain answer."""
        line = decode_typed_line(raw_line)
        if isinstance(line, SetDueLine):
            return line.due.toordinal(), line.interval, line.ease, line.repetitions, line.lapses
        return as_step(decode_checked_line(raw_line).event, self._rollover)  # type: ignore[arg-type]  # of a card


class NewHistories:
    """Keeps the steps of cards without earlier events while they are read.

    To look them up in the table means a page of the disk for each, as they lie in another order there.
    """

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._earlier_cards = {card for (card,) in index.execute("SELECT DISTINCT card FROM event")}
        self._steps_by_card: dict[int, list[tuple[int, str, Step]]] = {}

    def add(self, card_key: int, hlc: int, event_id: str, step: Step) -> None:
        """Keep a step of a card."""
        if card_key not in self._earlier_cards:
            self._steps_by_card.setdefault(card_key, []).append((hlc, event_id, step))

    def forget(self, card_keys: Iterable[int]) -> None:
        """Forget cards whose events have moved to other cards."""
        for key in card_keys:
            self._steps_by_card.pop(key, None)

    def take_all(self) -> Iterator[tuple[int, list[Step]]]:
        """Yield the cards with their effective steps, in order."""
        undone = {event for (event,) in self._index.execute("SELECT id FROM undone_event")}
        for key in sorted(self._steps_by_card):
            kept = sorted(self._steps_by_card.pop(key), key=itemgetter(0, 1))
            yield key, [step for _, event_id, step in kept if event_id not in undone]
