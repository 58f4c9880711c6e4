"""Choose the next interval of a card: by SM-2 or FSRS-6, on a day that holds few cards."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from typing import NamedTuple

from flashcards.core.balance import balanced
from flashcards.core.fsrs import DEFAULT_RETENTION, Memory, Model
from flashcards.core.progress import DEFAULT_MODEL, AnswerKind, Progress, apply_rating
from flashcards.core.sm2 import MemoryState, next_memory_state


class ForecastCard(NamedTuple):
    """What a forecast needs to know of a card."""

    memory: MemoryState
    fsrs_memory: Memory | None = None
    fsrs_day: int = 0
    """The ordinal day of the last answer."""


class RatingOutcome(NamedTuple):
    """What a rating does to a card."""

    progress: Progress
    answer_kind: AnswerKind
    next_interval: int | None = None
    """The days that the journal keeps; None where SM-2's own hold."""
    moved_days: int = 0
    """How many days later, or below 0 earlier, balance put the card."""
    repeats_today: bool = False
    """Whether it comes back in the same session."""

    @property
    def due(self) -> date | None:
        """The study day from which it is due then."""
        return self.progress.due

    @property
    def memory(self) -> MemoryState:
        """What SM-2 knows of the card then."""
        return self.progress.memory


class Scheduler(NamedTuple):
    """Decides the interval of graded answers; the journal keeps it where it is not SM-2's own."""

    name: str = "sm2"
    retention: float = DEFAULT_RETENTION
    model: Model = DEFAULT_MODEL
    load: Callable[[range], list[int]] | None = None
    """Returns how many cards are due on each of some ordinal days; None leaves days unbalanced."""
    days_off: Container[int] = ()
    """Ordinal days."""

    def outcome(self, before: Progress, rating: int, day: date, *, cram: bool = False) -> RatingOutcome:
        """Return what a rating on a study day does: both the preview and the result."""
        after, kind = apply_rating(before, rating, day, cram=cram, model=self.model)
        if kind is not AnswerKind.GRADED or (self.name == "sm2" and self.load is None):
            return RatingOutcome(after, kind)
        plain = own = after.memory.interval
        if self.name == "fsrs" and after.fsrs_memory:
            own = self.model.interval(after.fsrs_memory[0], self.retention)
        interval = own if self.load is None else balanced(own, self.load, self.days_off, day.toordinal())
        if self.name == "sm2" and interval == plain:
            return RatingOutcome(after, kind)
        after, _ = apply_rating(before, rating, day, next_interval=interval, model=self.model)
        return RatingOutcome(after, kind, interval, interval - own)

    def advance(self, card: ForecastCard, day: int, rating: int, *, remember: bool = False) -> ForecastCard:
        """Return a card after an answer on an ordinal day, unbalanced, for a forecast.

        What FSRS knows is kept up where it decides, or where it is asked for.
        """
        memory, fsrs_memory, fsrs_day = card
        memory = next_memory_state(memory, rating)
        if remember or self.name == "fsrs":
            fsrs_memory = self.model.review(fsrs_memory, day - fsrs_day, rating)
        if self.name == "fsrs" and fsrs_memory:
            interval = self.model.interval(fsrs_memory[0], self.retention)
            memory = memory._replace(interval=interval)
        return ForecastCard(memory, fsrs_memory, day)


SM2 = Scheduler()
"""As it always was: exact dates."""
