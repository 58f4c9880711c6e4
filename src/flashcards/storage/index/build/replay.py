"""Replay the events of cards; write progress in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core.fsrs import Model
from flashcards.core.stats.review_facts import Step, as_step, fold_events
from flashcards.storage.index.build.event_reader import NOT_UNDONE
from flashcards.storage.index.rows import INSERT_ANSWER, UPDATE_CARD_PROGRESS, SqlRow, progress_row
from flashcards.storage.journal.record import decode_checked_line, decode_typed_line
from flashcards.storage.journal.record_fields import SetDueLine

FULL_SCAN_CARDS = 1_000  # from which scanning all events is quicker
CARDS_PER_WRITE = 5_000  # replayed before their rows are written
SELECT_STEPS = f"""SELECT card, at, rating, ms, src, interval_before, next_interval, line FROM event
    WHERE card {{}} AND kind NOT IN ('seen', 'link', 'undo') AND {NOT_UNDONE} ORDER BY card, hlc, id"""


@cache
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@cache
def _minute_of_day(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


class CardReplays:
    """Replays cards from their events in the index."""

    def __init__(self, index: Connection, rollover: timedelta, model: Model) -> None:
        self._index = index
        self._rollover = rollover
        self._first_minute = rollover // timedelta(minutes=1)
        self._model = model

    def write(self, card_keys: set[int]) -> Iterator[int]:
        """Write answers and progress of cards; yield the number done after each batch."""
        left, done = self._histories(card_keys), 0
        while batch := list(islice(left, CARDS_PER_WRITE)):
            answers: list[SqlRow] = []
            cards: list[SqlRow] = []
            for key, events in batch:
                progress, facts, totals = fold_events(events, self._rollover, self._model)
                answers += [(key, *fact) for fact in facts]
                cards.append((*progress_row(progress), *totals, len(events), key))
            self._index.executemany(INSERT_ANSWER, answers)
            self._index.executemany(UPDATE_CARD_PROGRESS, cards)
            done += len(batch)
            yield done

    def _histories(self, card_keys: set[int]) -> Iterator[tuple[int, list[Step]]]:
        """Yield cards with their effective events, in order."""
        if len(card_keys) < FULL_SCAN_CARDS:
            for key in card_keys:
                yield key, self._steps(self._index.execute(SELECT_STEPS.format("= ?"), (key,)))
            return
        left = set(card_keys)
        for key, rows in groupby(self._index.execute(SELECT_STEPS.format("NOT NULL")), itemgetter(0)):
            if key in left:
                left.discard(key)
                yield key, self._steps(rows)
        yield from ((key, []) for key in left)

    def _steps(self, rows: Iterable[SqlRow]) -> list[Step]:
        """Return events as `fold_events` takes them, from times in one text form."""
        first = self._first_minute
        return [
            (_ordinal(at[:10]) - ((minute := _minute_of_day(at[11:16])) < first), minute, rating, ms,
             source != "", was, chosen, False)
            if line is None
            else self._step_of_line(line)
            for _, at, rating, ms, source, was, chosen, line in rows
        ]  # fmt: skip

    def _step_of_line(self, raw_line: bytes) -> Step:
        """Return what `fold_events` needs of an event, from its line."""
        line = decode_typed_line(raw_line)
        if isinstance(line, SetDueLine):
            return line.due.toordinal(), line.interval, line.ease, line.repetitions, line.lapses
        return as_step(decode_checked_line(raw_line).event, self._rollover)  # type: ignore[arg-type]  # of a card
