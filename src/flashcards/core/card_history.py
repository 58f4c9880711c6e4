"""The story of a card: all that was done to it, undone things too, and why each answer did what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from flashcards.core import sm2
from flashcards.core.days import ROLLOVER, study_day
from flashcards.core.events import AboutCard, Review, Undoable
from flashcards.core.progress import NEVER_SEEN, Kind, Progress, apply


class Rule(Enum):
    """Why an answer led to its interval."""

    FORGOT = "forgot"
    FIRST = "first recall"
    SECOND = "second recall"
    TIMES_EASE = "times ease"
    CAP = "cap"
    REPEAT = "repeat"
    EARLY = "early"
    CRAM = "cram"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was done, with the card's progress before and after it."""

    event: Undoable
    undone: bool
    before: Progress
    after: Progress
    kind: Kind | None = None
    """What an answer was for the schedule; None for all else, and for what was undone."""
    day: date = date.min
    """The study day."""

    @property
    def rule(self) -> Rule | None:
        """Why the answer led to its interval; None for what is no answer, or was undone."""
        if not isinstance(self.event, Review) or self.kind is None:
            return None
        if self.event.cram:
            return Rule.CRAM
        if self.kind is not Kind.GRADED:
            return Rule.REPEAT if self.kind is Kind.REPEAT else Rule.EARLY
        return rule(self.before.memory, self.event.rating)

    @property
    def days_late(self) -> int:
        """How many days after its due day a graded answer was given."""
        if self.kind is not Kind.GRADED or self.before.due is None:
            return 0
        return max(0, (self.day - self.before.due).days)


def rule(before: sm2.Memory, rating: int) -> Rule:
    """Return the rule of SM-2 that gives a graded answer its interval."""
    if rating < sm2.RECALLED:
        return Rule.FORGOT
    if before.repetitions < len(sm2.FIRST_INTERVALS):
        return (Rule.FIRST, Rule.SECOND)[before.repetitions]
    after = sm2.after(before, rating)
    uncapped = before.interval * after.ease > sm2.LONGEST_INTERVAL * 100
    return Rule.CAP if uncapped else Rule.TIMES_EASE


def story(
    done: Iterable[tuple[Undoable, bool]], rollover: timedelta = ROLLOVER
) -> tuple[Moment, ...]:
    """Return what was done to a card, given in order, each with whether it was undone."""
    progress, moments = NEVER_SEEN, []
    for event, undone in done:
        before, kind = progress, None
        if isinstance(event, AboutCard) and not undone:
            progress, kind = apply(before, event, rollover)
        day = study_day(event.at, rollover)
        moments.append(Moment(event, undone, before, progress, kind, day))
    return tuple(moments)
