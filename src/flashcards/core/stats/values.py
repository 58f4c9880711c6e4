"""Values of the statistics: weeks, months, bins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flashcards.core.stats.totals import ReviewTotals


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """Cards with a value from `low` to `high`, or above."""

    low: int
    high: int | None
    cards: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Study days in a row."""

    current: int
    longest: int


@dataclass(frozen=True, slots=True)
class WeekTotals:
    """The answers of one week."""

    monday: date
    totals: ReviewTotals


@dataclass(frozen=True, slots=True)
class AveragePace:
    """Time spent on answers and cards."""

    ms: int
    answers: int
    answered_cards: int

    @property
    def seconds_per_answer(self) -> float | None:
        """The mean time of an answer; None before the first."""
        return self.ms / self.answers / 1000 if self.answers else None

    @property
    def minutes_per_card(self) -> float | None:
        """The mean total time of a card; None before the first."""
        return self.ms / self.answered_cards / 60_000 if self.answered_cards else None


@dataclass(frozen=True, slots=True)
class DailyGrowth:
    """Cards added and learned on one study day."""

    day: date
    added: int
    learned: int


@dataclass(frozen=True, slots=True)
class MonthlyGrowth:
    """Cards added and learned in one month."""

    first_day: date
    added: int
    learned: int
    learned_so_far: int  # up to its end
