"""Study order, daily limits, and the preview of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from flashcards.core.cards import CardId
from flashcards.core.progress import DEFAULT_REPEAT_BELOW, AnswerKind, Progress, apply_rating
from flashcards.core.sm2 import MemoryState

STUDY_ORDERS = ("due", "overdue-first", "hardest", "random")
"""How due cards can be put in order: the longest due first; the latest for its interval first; the
lowest ease first; shuffled again each day."""


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """How much a study day may hold."""

    new: int = 20
    reviews: int = 200


def shuffle_key(card: CardId) -> int:
    """Return where a card stands among those due on one day: shuffled, and always the same."""
    return crc32(card.encode())


def interleave_cards(due: Sequence[CardId], new: Sequence[CardId]) -> list[CardId]:
    """Return both in one queue, each in its order, the new cards spread evenly.

    >>> mixed(["a", "b", "c", "d"], ["X", "Y"])
    ['a', 'X', 'b', 'c', 'Y', 'd']
    """
    places = [((i + 0.5) / len(due), 0, card) for i, card in enumerate(due)]
    places += [((i + 0.5) / len(new), 1, card) for i, card in enumerate(new)]
    return [card for _, _, card in sorted(places, key=lambda place: place[:2])]


@dataclass(frozen=True, slots=True)
class RatingOutcome:
    """What one rating would do: the day it would be due, and whether it comes back today first."""

    due: date | None
    repeats_today: bool
    answer_kind: AnswerKind
    memory: MemoryState
    """What SM-2 would then know of the card."""


def preview_ratings(
    progress: Progress,
    day: date,
    repeat_below: int = DEFAULT_REPEAT_BELOW,
    ratings: Sequence[int] = range(1, 6),
    *,
    cram: bool = False,
) -> dict[int, RatingOutcome]:
    """Return what each rating would do to a card on a study day, or while cramming."""
    outcomes = {rating: apply_rating(progress, rating, day, cram=cram) for rating in ratings}
    return {
        rating: RatingOutcome(after.due, rating < repeat_below, kind, after.memory)
        for rating, (after, kind) in outcomes.items()
    }
