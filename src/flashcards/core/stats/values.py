"""The pieces that figures are told in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import Tally


@dataclass(frozen=True, slots=True)
class Bar:
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
class Retention:
    """The true retention of young and of mature cards."""

    young: Share
    mature: Share

    @property
    def all(self) -> Share:
        """Both together."""
        return self.young + self.mature


@dataclass(frozen=True, slots=True)
class Week:
    """The answers of one week."""

    monday: date
    tally: Tally

    @property
    def retention(self) -> Retention:
        """Its true retention."""
        return retention(self.tally)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it takes."""

    ms: int
    answers: int
    cards: int
    """Cards that were ever answered."""

    @property
    def seconds_an_answer(self) -> float | None:
        """The mean time of an answer; None before the first."""
        return self.ms / self.answers / 1000 if self.answers else None

    @property
    def minutes_a_card(self) -> float | None:
        """The mean time that a card has taken in all; None before the first."""
        return self.ms / self.cards / 60_000 if self.cards else None


@dataclass(frozen=True, slots=True)
class Growth:
    """Cards that came on one study day."""

    day: date
    added: int
    learned: int


@dataclass(frozen=True, slots=True)
class Month:
    """Cards that came in one month."""

    first: date
    """Its first day."""
    added: int
    learned: int
    known: int
    """Cards learned up to its end."""


def retention(tally: Tally) -> Retention:
    """Return the true retention that a tally tells of."""
    return Retention(tally.young_retention, tally.mature_retention)
