"""Choose the next interval: SM-2 or FSRS-6, balanced over days; preview what each rating does."""

from collections.abc import Callable, Container
from datetime import date
from typing import NamedTuple

from flashcards.core.balance import balanced
from flashcards.core.fsrs import DEFAULT_RETENTION, Memory, Model
from flashcards.core.progress import DEFAULT_MODEL, DEFAULT_REPEAT_BELOW, AnswerKind, Progress, apply_rating
from flashcards.core.sm2 import MemoryState, next_memory_state


class ForecastCard(NamedTuple):
    """What a forecast needs to know of a card."""

    memory: MemoryState
    fsrs_memory: Memory | None = None
    fsrs_day: int = 0  # ordinal day of the last answer


class RatingOutcome(NamedTuple):
    """What a rating does to a card."""

    progress: Progress
    answer_kind: AnswerKind
    next_interval: int | None = None  # for the journal; None if it is SM-2's own
    moved_days: int = 0  # by balancing; negative is earlier
    repeats_today: bool = False

    @property
    def due(self) -> date | None:
        """The new due day."""
        return self.progress.due

    @property
    def memory(self) -> MemoryState:
        """The new SM-2 state."""
        return self.progress.memory


class Scheduler(NamedTuple):
    """Chooses the interval of graded answers."""

    name: str = "sm2"
    retention: float = DEFAULT_RETENTION
    model: Model = DEFAULT_MODEL
    load: Callable[[range], list[int]] | None = None
    """Cards due on each of some ordinal days; None turns balancing off."""
    days_off: Container[int] = ()  # ordinals

    def outcome(self, before: Progress, rating: int, day: date, *, cram: bool = False) -> RatingOutcome:
        """Return what a rating on a study day does: preview and result."""
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
        """Return a card after an answer; its FSRS memory if it schedules or `remember`."""
        memory, fsrs_memory, fsrs_day = card
        memory = next_memory_state(memory, rating)
        if remember or self.name == "fsrs":
            fsrs_memory = self.model.review(fsrs_memory, day - fsrs_day, rating)
        if self.name == "fsrs" and fsrs_memory:
            interval = self.model.interval(fsrs_memory[0], self.retention)
            memory = memory._replace(interval=interval)
        return ForecastCard(memory, fsrs_memory, day)


SM2 = Scheduler()


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
