"""Review facts: each answer with the state before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.days import DEFAULT_ROLLOVER, study_day
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, AnswerKind, ReviewStep


class ReviewFact(NamedTuple):  # a replay makes a million: a frozen dataclass takes four times as long
    """One answer, as far as figures go."""

    day: date
    """The study day."""
    minute_of_day: int
    """Of the local day, 0 to 1439, where the user was."""
    rating: int
    ms: int
    answer_kind: AnswerKind
    is_new: bool
    """Whether the card was new: its answer tells of learning, not of memory."""
    is_retention_test: bool
    """Whether the answer tests memory: see `facts`."""
    interval_before: int
    """Days that the card was to be remembered, before the answer."""
    ease_before: int
    """In hundredths, before the answer."""
    previous_rating: int
    """The rating of the card's first answer on the last day that had one; 0 when none had."""
    is_imported: bool
    is_cram: bool
    """Whether it was practice, which no memory takes in."""
    recall: float | None
    """The chance of recall that FSRS gave it; None unless it is the first on a later study day."""
    waiting_since: date | None
    """The day from which the card waited to be asked; None for a new one."""


def review_facts(
    steps: Iterable[ReviewStep],
    rollover: timedelta = DEFAULT_ROLLOVER,
    model: Model = DEFAULT_MODEL,
) -> Iterator[ReviewFact]:
    """Yield the facts of one card's answers, given in order.

    An answer tests memory when it is the first to its card on that study day, the card was not
    new, and it was due. An imported answer obeyed another program's dates: it tests memory when
    that program had asked the card to be remembered for a day or more; where that is not known,
    whenever the card was not new, with the days since the answer before it for an interval.
    Cramming tests nothing.
    """
    last, latest = 0, None
    for step in steps:
        review, before = step.review, step.before
        # Worked out once already, but for practice: a million times over, that tells.
        day = (not review.cram and step.after.fsrs_day) or study_day(review.at, rollover)
        imported = bool(review.source)
        was_due = step.answer_kind is AnswerKind.GRADED
        is_new = before.due is None and was_due
        interval = before.memory.interval
        if imported:
            interval = _imported_interval(step, day, latest)
            was_scheduled = not is_new if review.interval is None else review.interval > 0
            was_due = was_scheduled and not review.cram
            is_new = is_new and not was_due
        tested = was_due and not is_new and day != latest
        recall = None
        memory, last_day = before.fsrs_memory, before.fsrs_day
        if memory and last_day and day > last_day and not review.cram:
            recall = model.recall(memory[0], (day - last_day).days)
        minute = review.at.hour * 60 + review.at.minute
        yield ReviewFact(
            day, minute, review.rating, review.ms, step.answer_kind, is_new, tested,
            interval, before.memory.ease, last, imported, review.cram, recall,
            before.due and max(before.due, before.buried_until or before.due),
        )  # fmt: skip
        latest = day
        if is_new or tested:
            last = review.rating


def _imported_interval(step: ReviewStep, day: date, latest: date | None) -> int:
    """Return the days that an imported answer's card was to be remembered, or was left alone."""
    if step.review.interval is not None:
        return step.review.interval
    return max(0, (day - latest).days) if latest and step.before.due else 0
