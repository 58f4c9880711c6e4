"""Folding in the index: what the events of cards come to, written some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from sqlite3 import Connection

from flashcards.core.events import AboutCard
from flashcards.core.progress import live
from flashcards.core.stats.review_facts import facts
from flashcards.storage.index.rows import (
    PUT_ANSWER,
    PUT_PROGRESS,
    Row,
    answer_row,
    progress_row,
    sums,
)

SOME = 5_000
"""Cards that are folded before what they come to is written."""


def fold(
    index: Connection,
    histories: Iterable[tuple[int, Sequence[AboutCard]]],
    rollover: timedelta,
) -> Iterator[int]:
    """Write the answers and the progress of cards, each given with its events in order.

    Yields, time after time, how many cards are done.
    """
    left, done = iter(histories), 0
    while some := list(islice(left, SOME)):
        answers: list[Row] = []
        cards: list[Row] = []
        for key, events in some:
            life = live(events, rollover)
            given = list(facts(life.steps, rollover))
            answers.extend(answer_row(key, fact) for fact in given)
            cards.append((*progress_row(life.now), *sums(given), len(events), key))
        index.executemany(PUT_ANSWER, answers)
        index.executemany(PUT_PROGRESS, cards)
        done += len(some)
        yield done
