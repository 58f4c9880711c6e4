"""A fact is one answer that counts, with what the figures need to know of the life before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flashcards.core.days import ROLLOVER, study_day
from flashcards.core.progress import Kind, Step


@dataclass(frozen=True, slots=True)
class Fact:
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
    new, and it was due. An imported answer obeyed another program's dates, so it need not be due
    by ours, and its interval is the days since the answer before it. Cramming tests nothing.
    """
    last, latest = 0, None
    for step in steps:
        review, before = step.review, step.before
        day, imported = study_day(review.at, rollover), bool(review.source)
        graded = step.kind is Kind.GRADED
        fresh = before.due is None and graded
        due = graded or (imported and not review.cram and before.due is not None)
        tested = due and not fresh and day != latest
        interval = before.memory.interval
        if imported:
            interval = max(0, (day - latest).days) if latest else 0
        minute = review.at.hour * 60 + review.at.minute
        yield Fact(
            day, minute, review.rating, review.ms, step.kind, fresh, tested,
            interval, before.memory.ease, last, imported,
        )  # fmt: skip
        latest = day
        if fresh or tested:
            last = review.rating
