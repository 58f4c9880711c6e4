"""Values of the statistics: weeks, months, bins, retention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.totals import ReviewTotals


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """How many cards have a value from `low` to `high`, both included; no `high` is no end."""

    low: int
    high: int | None
    cards: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Study days in a row."""

    current: int
    longest: int


@dataclass(frozen=True, slots=True)
class TrueRetention:
    """The true retention of young and of mature cards."""

    young: Proportion
    mature: Proportion

    @property
    def all(self) -> Proportion:
        """Both together."""
        return self.young + self.mature


@dataclass(frozen=True, slots=True)
class WeekTotals:
    """The answers of one week."""

    monday: date
    totals: ReviewTotals

    @property
    def retention(self) -> TrueRetention:
        """Its true retention."""
        return true_retention(self.totals)


@dataclass(frozen=True, slots=True)
class AveragePace:
    """How long it takes."""

    ms: int
    answers: int
    answered_cards: int
    """Cards that were ever answered."""

    @property
    def seconds_per_answer(self) -> float | None:
        """The mean time of an answer; None before the first."""
        return self.ms / self.answers / 1000 if self.answers else None

    @property
    def minutes_per_card(self) -> float | None:
        """The mean time that a card has taken in all; None before the first."""
        return self.ms / self.answered_cards / 60_000 if self.answered_cards else None


@dataclass(frozen=True, slots=True)
class DailyGrowth:
    """Cards that came on one study day."""

    day: date
    added: int
    learned: int


@dataclass(frozen=True, slots=True)
class MonthlyGrowth:
    """Cards that came in one month."""

    first_day: date
    """Its first day."""
    added: int
    learned: int
    learned_so_far: int
    """Cards learned up to its end."""


def true_retention(totals: ReviewTotals) -> TrueRetention:
    """Return the true retention that a tally tells of."""
    return TrueRetention(totals.young_retention, totals.mature_retention)
