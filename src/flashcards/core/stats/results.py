"""Values of the statistics: weeks, months, pace."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flashcards.core.stats.totals import ReviewTotals


class Streak(NamedTuple):
    """Study days in a row."""

    current: int
    longest: int


class WeekTotals(NamedTuple):
    """The answers of one week."""

    monday: date
    totals: ReviewTotals


class AveragePace(NamedTuple):
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


class DailyGrowth(NamedTuple):
    """Cards added and learned on one study day."""

    day: date
    added: int
    learned: int


class MonthlyGrowth(NamedTuple):
    """Cards added and learned in one month."""

    first_day: date
    added: int
    learned: int
    learned_so_far: int  # up to its end
