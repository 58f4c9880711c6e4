"""Replay the events of cards; write progress in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from sqlite3 import Connection

from flashcards.core.events import CardEvent
from flashcards.core.fsrs import Model
from flashcards.core.progress import replay_card
from flashcards.core.stats.review_facts import review_facts
from flashcards.storage.index.rows import (
    INSERT_ANSWER,
    UPDATE_CARD_PROGRESS,
    SqlRow,
    answer_row,
    answer_totals,
    progress_row,
)

CARDS_PER_WRITE = 5_000  # replayed before their rows are written


def write_replays(
    index: Connection, histories: Iterable[tuple[int, Sequence[CardEvent]]], rollover: timedelta, model: Model
) -> Iterator[int]:
    """Write the answers and progress of cards, from their events in order.

    Yields the number of cards done, after each batch.
    """
    left, done = iter(histories), 0
    while batch := list(islice(left, CARDS_PER_WRITE)):
        answers: list[SqlRow] = []
        cards: list[SqlRow] = []
        for key, events in batch:
            replay = replay_card(events, rollover, model)
            given = list(review_facts(replay.steps, rollover, model))
            answers.extend(answer_row(key, fact) for fact in given)
            cards.append((*progress_row(replay.progress), *answer_totals(given), len(events), key))
        index.executemany(INSERT_ANSWER, answers)
        index.executemany(UPDATE_CARD_PROGRESS, cards)
        done += len(batch)
        yield done
