"""Totals of reviews, and counts of cards, by which statistics are computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from flashcards.core.stats.proportion import Proportion


@dataclass(frozen=True, slots=True)
class ReviewTotals:
    """Sums over answers; recalled are ratings 3, 4 and 5."""

    answers: int = 0
    ms: int = 0
    new_answers: int = 0  # to new cards
    first_answers: int = 0  # to new cards, and retention tests
    first_answers_recalled: int = 0
    young_tests: int = 0  # retention tests at an interval below 21 days
    young_recalled: int = 0
    mature_tests: int = 0  # retention tests at an interval of 21 days or more
    mature_recalled: int = 0
    rated_1: int = 0
    rated_2: int = 0
    rated_3: int = 0
    rated_4: int = 0
    rated_5: int = 0
    tests_after_3: int = 0  # retention tests whose previous rating was 3
    recalled_after_3: int = 0
    tests_after_4: int = 0
    recalled_after_4: int = 0
    tests_after_5: int = 0
    recalled_after_5: int = 0

    @property
    def first_answer_recall(self) -> Proportion:
        """First answers recalled, new cards included."""
        return Proportion(self.first_answers_recalled, self.first_answers)

    @property
    def young_retention(self) -> Proportion:
        """The true retention of young cards."""
        return Proportion(self.young_recalled, self.young_tests)

    @property
    def mature_retention(self) -> Proportion:
        """The true retention of mature cards."""
        return Proportion(self.mature_recalled, self.mature_tests)

    @property
    def retention(self) -> Proportion:
        """The true retention of young and mature cards together."""
        return self.young_retention + self.mature_retention

    @property
    def seconds_per_answer(self) -> float | None:
        """The mean time of an answer; None before the first."""
        return self.ms / self.answers / 1000 if self.answers else None

    @property
    def ratings(self) -> dict[int, int]:
        """Answers by rating, 1 to 5."""
        return dict(enumerate((self.rated_1, self.rated_2, self.rated_3, self.rated_4, self.rated_5), 1))

    @property
    def calibration(self) -> dict[int, Proportion]:
        """Retention by the previous rating, 3, 4 or 5."""
        return {
            3: Proportion(self.recalled_after_3, self.tests_after_3),
            4: Proportion(self.recalled_after_4, self.tests_after_4),
            5: Proportion(self.recalled_after_5, self.tests_after_5),
        }


TOTAL_FIELDS = tuple(measure.name for measure in fields(ReviewTotals))
NO_REVIEWS = ReviewTotals()


def sum_totals(totals: Iterable[ReviewTotals]) -> ReviewTotals:
    """Return the sum of some totals."""
    sums = dict.fromkeys(TOTAL_FIELDS, 0)
    for tally in totals:
        for name in TOTAL_FIELDS:
            sums[name] += getattr(tally, name)
    return ReviewTotals(**sums)


@dataclass(frozen=True, slots=True)
class CardCounts:
    """How many cards there are, by state."""

    total: int = 0
    new: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    due: int = 0  # today or before, neither suspended nor buried

    def __add__(self, other: CardCounts) -> CardCounts:
        return CardCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(CardCounts)))


NO_CARD_COUNTS, NO_PROPORTION = CardCounts(), Proportion()


class CardGroup(NamedTuple):
    """Cards of one deck with the same tags, and their reviews."""

    name: str
    tags: tuple[str, ...] = ()
    cards: CardCounts = NO_CARD_COUNTS
    reviews: int = 0
    ms: int = 0
    retention: Proportion = NO_PROPORTION
