"""Today's due cards, study pace and the week ahead."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

MAX_ANSWER_MS = 60_000  # a longer answer means that the user was away
DEFAULT_CARD_MS = 10_000  # before the first answer
MIN_CARDS_FOR_MEAN = 20  # with fewer, their mean time predicts little
FORECAST_DAYS = 7
NO_LIMIT = 1 << 62
COMFORTABLE_EXTRA = 40  # backlog cards that anyone can add to a day


class TimeSpent(NamedTuple):
    """The time that some cards took, with all answers of their day."""

    cards: int
    ms: int


class StudyPace(NamedTuple):
    """The time for a card in ms, with all its repeats of the day."""

    ms_per_new_card: float = DEFAULT_CARD_MS
    ms_per_due_card: float = DEFAULT_CARD_MS
    ms_per_repeat: float = DEFAULT_CARD_MS  # one answer only

    def estimate_minutes(self, new: int, due: int, repeat: int = 0) -> int:
        """Return the minutes that some cards take; at least 1 for any."""
        ms = new * self.ms_per_new_card + due * self.ms_per_due_card + repeat * self.ms_per_repeat
        return max(1, round(ms / 60_000)) if ms else 0


def estimate_pace(new: TimeSpent, due: TimeSpent, answer_count: int) -> StudyPace:
    """Return the pace of new and due cards; too few get the mean of both."""
    if not answer_count:
        return StudyPace()
    total_ms = new.ms + due.ms
    mean_ms = total_ms / max(1, new.cards + due.cards)

    def mean(kind: TimeSpent) -> float:
        return kind.ms / kind.cards if kind.cards >= MIN_CARDS_FOR_MEAN else mean_ms

    return StudyPace(mean(new), mean(due), total_ms / answer_count)


class DueToday(NamedTuple):
    """What can be studied today, by deck."""

    decks: Mapping[str, tuple[int, int, int]]  # (due, new, learning), in the library's order
    new_cards_paused: bool = False  # by a backlog
    postponed: int = 0  # due cards that a plan leaves for later days
    off_until: date | None = None  # end of the days off; None if today is not off
    remaining_reviews: int = NO_LIMIT  # of today's limit
    review_limit: int = NO_LIMIT
    has_more_new: bool = False  # beyond today's limit
    has_backlog: bool = False  # large enough for a plan, and without one
    overdue: int = 0  # cards due before today and in no plan

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
        """Due cards within today's limit."""
        return min(self.due, self.remaining_reviews)

    @property
    def due_over_limit(self) -> int:
        """Due cards beyond today's limit."""
        return self.due - self.reviews_today

    @property
    def has_cards(self) -> bool:
        """Whether a session would ask something."""
        return bool(self.reviews_today or self.new or self.learning)


class DoneToday(NamedTuple):
    """What was done today, and streaks."""

    answers: int = 0
    ms: int = 0
    streak: int = 0
    longest_streak: int = 0


class UpcomingWeek(NamedTuple):
    """The coming days, once today's cards are done."""

    due_by_day: tuple[int, ...] = (0,) * FORECAST_DAYS
    """From tomorrow, with what limits leave from the day before."""
    new_tomorrow: int = 0  # within tomorrow's limit
    next_due: date | None = None


class TodaySummary(NamedTuple):
    """Everything `today` shows."""

    day: date
    due_today: DueToday
    done_today: DoneToday
    upcoming: UpcomingWeek
    pace: StudyPace

    @property
    def minutes(self) -> int:
        """The time that today's cards take."""
        waiting = self.due_today
        return self.pace.estimate_minutes(waiting.new, waiting.reviews_today, waiting.learning)

    @property
    def tomorrow_due(self) -> int:
        """Cards due tomorrow, with those today's limit leaves."""
        return self.upcoming.due_by_day[0]

    @property
    def tomorrow_minutes(self) -> int:
        """The time that tomorrow's cards take, within its limit."""
        reviews = min(self.tomorrow_due, self.due_today.review_limit)
        return self.pace.estimate_minutes(self.upcoming.new_tomorrow, reviews)

    @property
    def offers_catch_up(self) -> bool:
        """Whether a backlog makes at least two days' load."""
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
