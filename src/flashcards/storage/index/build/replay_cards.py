"""Replay the events of cards; write progress in batches."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, islice
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core.fsrs import Model
from flashcards.core.stats.answer_rows import Step, fold_events
from flashcards.storage.index.build.events_of_card import NOT_UNDONE
from flashcards.storage.index.build.replay_steps import NewHistories, StepReader
from flashcards.storage.index.rows import INSERT_ANSWER, UPDATE_CARD_PROGRESS, SqlRow, progress_row

FULL_SCAN_CARDS = 1_000  # from which scanning all events is quicker
CARDS_PER_WRITE = 5_000  # replayed before their rows are written
SELECT_STEPS = f"""SELECT card, at, rating, ms, src, interval_before, next_interval, line FROM event
    WHERE {{}} AND kind NOT IN ('seen', 'link', 'undo') AND {NOT_UNDONE} ORDER BY +card, hlc, id"""


class CardReplays:
    """Replays cards from their events in the index."""

    def __init__(self, index: Connection, rollover: timedelta, model: Model) -> None:
        self._index = index
        self._rollover = rollover
        self._steps = StepReader(rollover)
        self._model = model

    def write(self, card_keys: set[int], new: NewHistories | None = None) -> Iterator[int]:
        """Write answers and progress of cards; yield the number done after each batch."""
        left, done = self._histories(card_keys, new), 0
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

    def _histories(self, card_keys: set[int], new: NewHistories | None) -> Iterator[tuple[int, list[Step]]]:
        """Yield cards with their effective events, in order."""
        left = set(card_keys)
        for key, steps in new.take_all() if new else ():
            left.discard(key)
            yield key, steps
        if len(left) < FULL_SCAN_CARDS:
            for key in left:
                found = self._index.execute(SELECT_STEPS.format("card = ?"), (key,))
                yield key, self._steps.steps_of_rows(found)
            return
        # The plus keeps SQLite from the index, by which each row would cost a page: to sort is quicker.
        for key, rows in groupby(self._index.execute(SELECT_STEPS.format("+card NOT NULL")), itemgetter(0)):
            if key in left:
                left.discard(key)
                yield key, self._steps.steps_of_rows(rows)
        yield from ((key, []) for key in left)
