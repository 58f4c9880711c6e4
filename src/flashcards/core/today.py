"""Today at a glance: what waits, how long it takes this person, and what the week holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

# Named tuples, not dataclasses: `flashcards` alone must be there at once, and those cost 10 ms.

USUAL_MS = 10_000
"""Time for a card, for someone who has answered none yet."""
ENOUGH = 20
"""Cards from which their mean time says something about the next ones."""
DAYS_AHEAD = 7


class Spent(NamedTuple):
    """Time that answers took: of so many cards, in ms."""

    cards: int
    ms: int


class Pace(NamedTuple):
    """How long a card takes in ms, all its repeats on the day included."""

    new: float = USUAL_MS
    due: float = USUAL_MS
    repeat: float = USUAL_MS
    """One answer only."""

    def minutes(self, new: int, due: int, repeat: int = 0) -> int:
        """Return the minutes that so many cards take; never 0 for something."""
        ms = new * self.new + due * self.due + repeat * self.repeat
        return max(1, round(ms / 60_000)) if ms else 0


def pace(new: Spent, due: Spent, answers: Spent) -> Pace:
    """Return a person's pace from days of new and of due cards, and from single answers.

    Where there are too few new (or due) cards to tell, they count as the others do.
    """
    if not answers.cards:
        return Pace()
    both = (new.ms + due.ms) / max(1, new.cards + due.cards)

    def mean(kind: Spent) -> float:
        return kind.ms / kind.cards if kind.cards >= ENOUGH else both

    return Pace(mean(new), mean(due), answers.ms / answers.cards)


class Waiting(NamedTuple):
    """What can be studied today."""

    due: int
    new: int
    learning: int
    allowed: int
    """How many reviews today's limit still takes."""
    limit: int
    """How many reviews a day takes."""
    paused: bool
    """Whether a backlog keeps new cards back."""
    decks: Mapping[str, tuple[int, int, int]]
    """(due, new, learning) of each deck, in the library's order."""
    more_new: int = 0
    """New cards that today's limit keeps back; counted as far as a day's worth."""
    later: int = 0
    """Due cards that a plan keeps for later days."""
    off_until: date | None = None
    """The day on which days off end; None when today is none."""

    @property
    def reviews(self) -> int:
        """How many of the due cards today's limit takes."""
        return min(self.due, self.allowed)

    @property
    def left_over(self) -> int:
        """How many due cards today's limit leaves for tomorrow."""
        return self.due - self.reviews

    @property
    def anything(self) -> bool:
        """Whether a session would ask something."""
        return bool(self.reviews or self.new or self.learning)


class Done(NamedTuple):
    """What was done."""

    answers: int = 0
    """Given today."""
    ms: int = 0
    """Spent on them."""
    streak: int = 0
    best: int = 0


class Ahead(NamedTuple):
    """What the days to come hold, once today's cards are done."""

    week: tuple[int, ...] = (0,) * DAYS_AHEAD
    """Cards that become due on each day from tomorrow on."""
    new: int = 0
    """New cards that tomorrow's limit will take."""
    next_due: date | None = None
    """The next day on which a card becomes due."""


class Today(NamedTuple):
    """All of it."""

    day: date
    waiting: Waiting
    done: Done
    ahead: Ahead
    pace: Pace

    @property
    def minutes(self) -> int:
        """How long today's cards take."""
        waiting = self.waiting
        return self.pace.minutes(waiting.new, waiting.reviews, waiting.learning)

    @property
    def tomorrow_due(self) -> int:
        """How many cards are due tomorrow, what today's limit leaves over among them."""
        return self.waiting.left_over + self.ahead.week[0]

    @property
    def tomorrow_minutes(self) -> int:
        """How long tomorrow's cards take, as far as its limit goes."""
        reviews = min(self.tomorrow_due, self.waiting.limit)
        return self.pace.minutes(self.ahead.new, reviews)

    @property
    def next_step(self) -> str:
        """The command to type now."""
        if not self.waiting.decks:
            return "flashcards import FILE"
        if self.waiting.anything:
            return "flashcards study"
        if self.waiting.off_until or self.waiting.later:
            return "flashcards stats"
        if self.waiting.left_over:
            return "flashcards catch-up"
        return "flashcards study --new 10" if self.waiting.more_new else "flashcards stats"
