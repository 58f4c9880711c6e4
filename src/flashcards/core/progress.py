"""Card progress, and what each event changes in it."""

from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple, Self

from flashcards.core import events, fsrs, sm2
from flashcards.core.cards import Card
from flashcards.core.events import CardEvent, Review
from flashcards.core.study_days import DEFAULT_ROLLOVER, study_day

SCHEDULERS = ("sm2", "fsrs")
MATURE_INTERVAL = 21  # days; cards with a shorter interval are young
DEFAULT_REPEAT_BELOW = 4  # lower ratings repeat the card in the same session
DEFAULT_LEECH_LAPSES = 8


class AnswerKind(Enum):
    """Whether an answer was graded; only then the schedule changes."""

    GRADED = "graded"
    REPEAT = "repeat"
    EARLY = "early"


ANSWER_KINDS = tuple(AnswerKind)
GRADED, REPEAT, EARLY = range(3)  # their indexes, as a replay counts and the index stores them
ProgressNumbers = tuple[
    int | None, int, int, int, int, int | None, int, int, int, str | None, fsrs.Memory | None, int | None
]
"""Progress as the index's columns, quick to create: a replay creates a million.

Due, interval, ease, repetitions, lapses, last answered, last rating, suspended, buried until (0 if
not), mark, FSRS memory and its day; days are ordinals."""
GivenSchedule = tuple[int, int, int, int, int]
"""A schedule from elsewhere: due, interval, ease, repetitions, lapses. No event of a card has five fields."""


class CardStage(Enum):
    """How well a card is learned."""

    NEW = "new"
    LEARNING = "learning"
    YOUNG = "young"
    MATURE = "mature"


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _date(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


class Progress(NamedTuple):
    """What is known of one card."""

    memory: sm2.MemoryState = sm2.MemoryState()
    due: date | None = None  # study day; None for a new card
    last_answered: date | None = None  # last study day with a graded answer or a repeat
    last_rating: int = 0  # on that day
    suspended: bool = False
    buried_until: date | None = None
    mark: str | None = None  # why it is marked; None if it is not
    fsrs_memory: fsrs.Memory | None = None  # kept with either scheduler; None for a new card
    fsrs_day: date | None = None  # study day of the last answer that was not practice

    @property
    def numbers(self) -> ProgressNumbers:
        """The same in the order of ProgressNumbers."""
        ease, interval, repetitions, lapses = self.memory
        return (
            _ordinal(self.due), interval, ease, repetitions, lapses, _ordinal(self.last_answered),
            self.last_rating, int(self.suspended), _ordinal(self.buried_until) or 0, self.mark,
            self.fsrs_memory, _ordinal(self.fsrs_day),
        )  # fmt: skip

    @classmethod
    def from_numbers(cls, numbers: ProgressNumbers) -> Self:
        """Return the progress that these numbers stand for."""
        (
            due, interval, ease, repetitions, lapses, answered, rated, suspended, buried, mark, memory, day
        ) = numbers  # fmt: skip
        return cls(
            sm2.MemoryState(ease, interval, repetitions, lapses), _date(due), _date(answered), rated,
            bool(suspended), _date(buried), mark, memory, _date(day),
        )  # fmt: skip

    def chance_of_recall(self, today: date, model: fsrs.Model) -> float | None:
        """Return FSRS's chance of recall on a day; None for a new card."""
        if self.fsrs_memory is None or self.fsrs_day is None:
            return None
        return model.recall(self.fsrs_memory[0], (today - self.fsrs_day).days)

    def needs_repeat(self, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> bool:
        """Tell whether the card is still to be repeated today."""
        return self.last_answered == today and self.last_rating < repeat_below

    def stage(self, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> CardStage:
        """Return how well the card is learned, as of today."""
        if self.due is None:
            return CardStage.NEW
        if self.needs_repeat(today, repeat_below):
            return CardStage.LEARNING
        return CardStage.MATURE if self.memory.interval >= MATURE_INTERVAL else CardStage.YOUNG

    def is_hidden(self, today: date) -> bool:
        """Tell whether the card is suspended, or buried beyond today."""
        return self.suspended or (self.buried_until is not None and self.buried_until > today)


NEW_PROGRESS = Progress()
NEW_NUMBERS = NEW_PROGRESS.numbers
DEFAULT_MODEL = fsrs.Model()


def apply_rating(  # noqa: PLR0913 (a rating, and what it is judged by)
    before: Progress,
    rating: int,
    day: date,
    *,
    cram: bool = False,
    next_interval: int | None = None,
    model: fsrs.Model = DEFAULT_MODEL,
) -> tuple[Progress, AnswerKind]:
    """Return the progress after a rating on a study day.

    Practice (`cram`) counts as early and changes nothing. `next_interval` replaces SM-2's own interval
    of a graded answer.
    """
    if cram:
        return before, AnswerKind.EARLY
    after, kind = rate(before.numbers, rating, day.toordinal(), next_interval, model.review)
    return Progress.from_numbers(after), ANSWER_KINDS[kind]


def rate(
    before: ProgressNumbers, rating: int, day: int, next_interval: int | None, review: fsrs.ReviewFunction
) -> tuple[ProgressNumbers, int]:
    """Return the progress after a rating that is not practice, and its kind as an index of ANSWER_KINDS."""
    (
        due, interval, ease, repetitions, lapses, answered, rated, suspended, buried, mark, memory, last_day
    ) = before  # fmt: skip
    kind = EARLY
    if due is None or due <= day:
        ease, interval, repetitions, lapses = sm2.next_numbers(ease, interval, repetitions, lapses, rating)
        interval = next_interval or interval
        due, answered, rated, kind = day + interval, day, rating, GRADED
    elif answered == day and rated < DEFAULT_REPEAT_BELOW:  # not the setting: it may change
        rated, kind = rating, REPEAT
    memory = review(memory, day - last_day if last_day else 0, rating)
    return (
        due, interval, ease, repetitions, lapses, answered, rated, suspended, buried, mark, memory, day
    ), kind  # fmt: skip


def apply_event(
    before: Progress,
    event: CardEvent,
    rollover: timedelta = DEFAULT_ROLLOVER,
    model: fsrs.Model = DEFAULT_MODEL,
) -> tuple[Progress, AnswerKind | None]:
    """Return the progress after an event, and the kind of answer, if any."""
    if isinstance(event, Review):
        numbers, kind = apply_review(before.numbers, event, rollover, model)
        return Progress.from_numbers(numbers), ANSWER_KINDS[kind]
    return Progress.from_numbers(advance(before.numbers, event, rollover, model)), None


def advance(
    before: ProgressNumbers, event: CardEvent | GivenSchedule, rollover: timedelta, model: fsrs.Model
) -> ProgressNumbers:
    """Return the progress after an event or a schedule from elsewhere, as numbers."""
    if len(event) == 5:
        return _set_due(before, event, model)
    if isinstance(event, Review):
        return apply_review(before, event, rollover, model)[0]
    if isinstance(event, events.SetDue):
        schedule = event.due.toordinal(), event.interval, event.ease, event.repetitions, event.lapses
        return _set_due(before, schedule, model)
    progress = Progress.from_numbers(before)
    match event:
        case events.Suspend():
            progress = progress._replace(suspended=True)
        case events.Unsuspend() if progress.suspended:
            # As after a bury: it can be asked from this day on, so no earlier day counts as missed.
            day = max(study_day(event.at, rollover), progress.buried_until or date.min)
            progress = progress._replace(suspended=False, buried_until=day)
        case events.Bury():
            progress = progress._replace(buried_until=event.until)
        case events.Mark():
            progress = progress._replace(mark=event.why if event.on else None)
        case events.Reset():
            progress = Progress(suspended=progress.suspended, mark=progress.mark)
    return progress.numbers


def apply_review(
    before: ProgressNumbers, review: Review, rollover: timedelta, model: fsrs.Model
) -> tuple[ProgressNumbers, int]:
    """Return the progress after an answer, and its kind's index; practice counts as early."""
    if review.cram:
        return before, EARLY
    day = study_day(review.at, rollover).toordinal()
    return rate(before, review.rating, day, review.next_interval, model.review)


def _set_due(before: ProgressNumbers, schedule: GivenSchedule, model: fsrs.Model) -> ProgressNumbers:
    *_, suspended, buried, mark, memory, day = before
    answered, rated = None, 0
    if memory is None:
        due, interval, ease, _, _ = schedule
        memory, day = model.from_sm2(ease / 100, interval), due - interval
    return *schedule, answered, rated, suspended, buried, mark, memory, day


class CardState(NamedTuple):
    """A card and its progress."""

    card: Card
    progress: Progress
