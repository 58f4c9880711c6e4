"""Study order, daily limits, and the preview of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zlib import crc32

from flashcards.core.cards import CardId
from flashcards.core.progress import DEFAULT_REPEAT_BELOW, Progress
from flashcards.core.scheduling import SM2, RatingOutcome, Scheduler

STUDY_ORDERS = ("due", "overdue-first", "hardest", "random", "recall")
"""Oldest due day first; latest for its interval; lowest ease; random each day; least recall."""


class DailyLimits(NamedTuple):
    """The daily limits of new cards and reviews."""

    new: int = 20
    reviews: int = 200


def shuffle_key(card: CardId) -> int:
    """Return a fixed pseudo-random position of a card."""
    return crc32(card.encode())


def interleave_cards(due: Sequence[CardId], new: Sequence[CardId]) -> list[CardId]:
    """Return one queue with the new cards spread evenly.

    >>> interleave_cards(["a", "b", "c", "d"], ["X", "Y"])
    ['a', 'X', 'b', 'c', 'Y', 'd']
    """
    places = [((i + 0.5) / len(due), 0, card) for i, card in enumerate(due)]
    places += [((i + 0.5) / len(new), 1, card) for i, card in enumerate(new)]
    return [card for _, _, card in sorted(places, key=lambda place: place[:2])]


def preview_ratings(
    progress: Progress,
    day: date,
    repeat_below: int = DEFAULT_REPEAT_BELOW,
    *,
    cram: bool = False,
    scheduler: Scheduler = SM2,
) -> dict[int, RatingOutcome]:
    """Return what each rating would do to a card on a study day."""
    outcomes = {rating: scheduler.outcome(progress, rating, day, cram=cram) for rating in range(1, 6)}
    return {rating: each._replace(repeats_today=rating < repeat_below) for rating, each in outcomes.items()}
