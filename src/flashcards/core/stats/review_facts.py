"""A fact is one answer that counts, with what the figures need to know of the life before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.days import ROLLOVER, study_day
from flashcards.core.progress import Kind, Step


class Fact(NamedTuple):  # a replay makes a million: a frozen dataclass takes four times as long
    """One answer, as far as figures go."""

    day: date
    """The study day."""
    minute: int
    """Of the local day, 0 to 1439, where the person was."""
    rating: int
    ms: int
    kind: Kind
    fresh: bool
    """Whether the card was new: its answer tells of learning, not of memory."""
    tested: bool
    """Whether the answer tests memory: see `facts`."""
    interval: int
    """Days that the card was to be remembered, before the answer."""
    ease: int
    """In hundredths, before the answer."""
    last: int
    """The rating of the card's first answer on the last day that had one; 0 when none had."""
    imported: bool

    @property
    def first(self) -> bool:
        """Whether it counts as the card's first answer of a day: of a new card, or a test."""
        return self.fresh or self.tested


def facts(steps: Iterable[Step], rollover: timedelta = ROLLOVER) -> Iterator[Fact]:
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
        day, imported = study_day(review.at, rollover), bool(review.source)
        due = step.kind is Kind.GRADED
        fresh = before.due is None and due
        interval = before.memory.interval
        if imported:
            interval = _interval(step, day, latest)
            asked = not fresh if review.interval is None else review.interval > 0
            due = asked and not review.cram
            fresh = fresh and not due
        tested = due and not fresh and day != latest
        minute = review.at.hour * 60 + review.at.minute
        yield Fact(
            day, minute, review.rating, review.ms, step.kind, fresh, tested,
            interval, before.memory.ease, last, imported,
        )  # fmt: skip
        latest = day
        if fresh or tested:
            last = review.rating


def _interval(step: Step, day: date, latest: date | None) -> int:
    """Return the days that an imported answer's card was to be remembered, or was left alone."""
    if step.review.interval is not None:
        return step.review.interval
    return max(0, (day - latest).days) if latest and step.before.due else 0
