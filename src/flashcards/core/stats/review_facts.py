"""Review facts: each answer with the state before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.days import DEFAULT_ROLLOVER, study_day
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, AnswerKind, ReviewStep


class ReviewFact(NamedTuple):  # a replay makes a million: a frozen dataclass takes four times as long
    """One answer, as far as statistics need it."""

    day: date
    minute_of_day: int  # local, 0 to 1439
    rating: int
    ms: int
    answer_kind: AnswerKind
    is_new: bool  # whether the card was new
    is_retention_test: bool  # see `review_facts`
    interval_before: int  # in days
    ease_before: int  # in hundredths
    previous_rating: int  # of the first answer on the last study day; 0 for none
    is_imported: bool
    is_cram: bool
    recall: float | None  # FSRS's chance, for first answers on a later study day
    waiting_since: date | None  # day from which it could be asked; None for a new card


def review_facts(
    steps: Iterable[ReviewStep],
    rollover: timedelta = DEFAULT_ROLLOVER,
    model: Model = DEFAULT_MODEL,
) -> Iterator[ReviewFact]:
    """Yield the facts of one card's answers, given in order.

    A retention test is the first answer to a card on a study day, if the card was due and not new. An
    imported answer followed another program's schedule: it is a test if that program's interval was a
    day or more; if that is unknown, whenever the card was not new, with the days since the last answer
    as interval. Cramming is never a test.
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
    """Return an imported interval, or else the days since the last answer."""
    if step.review.interval is not None:
        return step.review.interval
    return max(0, (day - latest).days) if latest and step.before.due else 0
