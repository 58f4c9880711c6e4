"""Today's due cards, study pace and the week ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

MAX_ANSWER_MS = 60_000
"""Milliseconds that one answer counts at most; after that, the user was away."""
DEFAULT_CARD_MS = 10_000
"""Time for a card, for someone who has answered none yet."""
MIN_CARDS_FOR_MEAN = 20
"""Cards from which their mean time says something about the next ones."""
FORECAST_DAYS = 7
NO_LIMIT = 1 << 62
COMFORTABLE_EXTRA = 40
"""Old cards a day that anyone can add to the day's own, whatever the pace so far."""


class TimeSpent(NamedTuple):
    """Time that answers took: in ms, by how many cards."""

    cards: int
    ms: int


class StudyPace(NamedTuple):
    """How long a card takes in ms, all its repeats on the day included."""

    ms_per_new_card: float = DEFAULT_CARD_MS
    ms_per_due_card: float = DEFAULT_CARD_MS
    ms_per_repeat: float = DEFAULT_CARD_MS
    """One answer only."""

    def estimate_minutes(self, new: int, due: int, repeat: int = 0) -> int:
        """Return the minutes that a number of cards takes; never 0 for something."""
        ms = new * self.ms_per_new_card + due * self.ms_per_due_card + repeat * self.ms_per_repeat
        return max(1, round(ms / 60_000)) if ms else 0


def estimate_pace(new: TimeSpent, due: TimeSpent, answers: TimeSpent) -> StudyPace:
    """Return a user's pace from days of new and of due cards, and from single answers.

    Where there are too few new (or due) cards to tell, they count as the others do.
    """
    if not answers.cards:
        return StudyPace()
    mean_ms = (new.ms + due.ms) / max(1, new.cards + due.cards)

    def mean(kind: TimeSpent) -> float:
        return kind.ms / kind.cards if kind.cards >= MIN_CARDS_FOR_MEAN else mean_ms

    return StudyPace(mean(new), mean(due), answers.ms / answers.cards)


class DueToday(NamedTuple):
    """What can be studied today, in all and by deck."""

    decks: Mapping[str, tuple[int, int, int]]
    """(due, new, learning) of each deck, in the library's order."""
    new_cards_paused: bool = False
    """Whether a backlog keeps new cards back."""
    postponed: int = 0
    """Due cards that a plan keeps for later days."""
    off_until: date | None = None
    """The day on which days off end; None when today is none."""
    remaining_reviews: int = NO_LIMIT
    """How many reviews today's limit still takes."""
    review_limit: int = NO_LIMIT
    """How many reviews a day takes."""
    has_more_new: bool = False
    """Whether there are new cards that today's limit keeps back."""
    has_backlog: bool = False
    """Whether old cards wait that are worth a plan, and there is none."""
    overdue: int = 0
    """Cards that wait from before today and are in no plan."""

    @property
    def due(self) -> int:
        """Due cards of all decks."""
        return sum(due for due, _, _ in self.decks.values())

    @property
    def new(self) -> int:
        """New cards of all decks."""
        return sum(new for _, new, _ in self.decks.values())

    @property
    def learning(self) -> int:
        """Cards of all decks to be repeated today."""
        return sum(learning for _, _, learning in self.decks.values())

    @property
    def reviews_today(self) -> int:
        """How many of the due cards today's limit takes."""
        return min(self.due, self.remaining_reviews)

    @property
    def due_over_limit(self) -> int:
        """How many due cards today's limit leaves for tomorrow."""
        return self.due - self.reviews_today

    @property
    def has_cards(self) -> bool:
        """Whether a session would ask something."""
        return bool(self.reviews_today or self.new or self.learning)


class DoneToday(NamedTuple):
    """What was done."""

    answers: int = 0
    """Given today."""
    ms: int = 0
    """Spent on them."""
    streak: int = 0
    longest_streak: int = 0


class UpcomingWeek(NamedTuple):
    """What the days to come hold, once today's cards are done."""

    due_by_day: tuple[int, ...] = (0,) * FORECAST_DAYS
    """Cards due on each day from tomorrow on, what limits leave over from the day before among them."""
    new_tomorrow: int = 0
    """New cards that tomorrow's limit will take."""
    next_due: date | None = None
    """The next day on which a card becomes due."""


class TodaySummary(NamedTuple):
    """All of it."""

    day: date
    due_today: DueToday
    done_today: DoneToday
    upcoming: UpcomingWeek
    pace: StudyPace

    @property
    def minutes(self) -> int:
        """How long today's cards take."""
        waiting = self.due_today
        return self.pace.estimate_minutes(waiting.new, waiting.reviews_today, waiting.learning)

    @property
    def tomorrow_due(self) -> int:
        """How many cards are due tomorrow, what today's limit leaves over among them."""
        return self.upcoming.due_by_day[0]

    @property
    def tomorrow_minutes(self) -> int:
        """How long tomorrow's cards take, as far as its limit goes."""
        reviews = min(self.tomorrow_due, self.due_today.review_limit)
        return self.pace.estimate_minutes(self.upcoming.new_tomorrow, reviews)

    @property
    def offers_catch_up(self) -> bool:
        """Whether old cards wait, and with today's own they are two days' load or more."""
        waiting = self.due_today
        two_days = 2 * sum(self.upcoming.due_by_day) / len(self.upcoming.due_by_day)
        return waiting.has_backlog or (waiting.overdue > COMFORTABLE_EXTRA and waiting.due >= two_days)

    @property
    def next_step(self) -> str:
        """The command to type now."""
        if not self.due_today.decks:
            return "flashcards import FILE"
        if self.due_today.has_cards:
            return "flashcards study"
        if self.due_today.off_until or self.due_today.postponed:
            return "flashcards stats"
        if self.due_today.due_over_limit:
            return "flashcards catch-up" if self.due_today.has_backlog else "flashcards study --reviews 10"
        return "flashcards study --new 10" if self.due_today.has_more_new else "flashcards stats"
