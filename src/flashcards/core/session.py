"""A study session: queue, ratings, repeats and undo."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from flashcards.core import sm2
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.progress import DEFAULT_REPEAT_BELOW, Progress

CARDS_BEFORE_REPEAT = 5  # others shown before a repeat, unless nothing else is left


class QueueReason(Enum):
    """Why a card is in the session."""

    NEW = "new"
    AGAIN = "again"
    DUE = "due"


class QueuedCard(NamedTuple):
    """A card waiting to be asked."""

    card: CardId
    reason: QueueReason


class GivenRating(NamedTuple):
    """One rating given in this session."""

    queued_card: QueuedCard
    rating: int
    ms: int


class RemainingCounts(NamedTuple):
    """Cards still to be asked, the current one included."""

    new: int
    again: int
    due: int

    @property
    def total(self) -> int:
        """The sum of all."""
        return self.new + self.again + self.due


class SessionResults(NamedTuple):
    """The results of a session."""

    cards: int  # without repeats
    repeats: int
    recalled: int  # cards first rated 3 to 5
    ms: int  # of all answers
    ratings: Mapping[int, int]  # cards by their first rating


class Session:
    """A queue of cards, with repeats by rating."""

    def __init__(
        self,
        queue: Iterable[QueuedCard],
        repeat_below: int = DEFAULT_REPEAT_BELOW,
        *,
        repeat_below_by_card: Mapping[CardId, int] | None = None,
        cram: bool = False,
    ) -> None:
        """Start with a queue; some cards may override `repeat_below`."""
        self._queue = deque(queue)
        self._repeats: list[tuple[int, QueuedCard]] = []  # after how many shown cards to ask which again
        self._shown_count = 0
        self._repeat_below = repeat_below
        self._repeat_below_by_card = repeat_below_by_card or {}
        self.cram = cram  # practice: no answer changes the schedule
        self.given_ratings: list[GivenRating] = []
        self.current: QueuedCard | None = None
        self._next_card()

    @property
    def repeat_below(self) -> int:
        """The rating below which the current card is repeated."""
        card = self.current.card if self.current else CardId("")
        return self._repeat_below_by_card.get(card, self._repeat_below)

    def make_review(self, rating: int, at: datetime, ms: int) -> Review:
        """Return the review event of a rating, to be stored before `rate`."""
        return Review(EventId(""), 0, at, self._require_current().card, rating, ms, cram=self.cram)

    def rate(self, rating: int, ms: int) -> None:
        """Record the rating of the current card and advance."""
        queued = self._require_current()
        self.given_ratings.append(GivenRating(queued, rating, ms))
        if rating < self.repeat_below:
            after = self._shown_count + CARDS_BEFORE_REPEAT
            self._repeats.append((after, QueuedCard(queued.card, QueueReason.AGAIN)))
        self._next_card()

    def remove_current(self) -> CardId:
        """Remove the current card from this session and advance."""
        queued = self._require_current()
        self._next_card()
        return queued.card

    def remove_waiting(self, card: CardId) -> None:
        """Remove a waiting card from this session."""
        self._queue = deque(queued for queued in self._queue if queued.card != card)
        self._repeats = [(after, queued) for after, queued in self._repeats if queued.card != card]

    @property
    def cards(self) -> set[CardId]:
        """All cards of this session: current, waiting and answered."""
        answered = (given.queued_card for given in self.given_ratings)
        return {queued.card for queued in (*self._waiting(), *answered)}

    def rename(self, old: CardId, new: CardId) -> None:
        """Replace a card's id everywhere; if both ids wait, one is asked."""
        is_new_current = self.current is not None and self.current.card == new
        self.remove_waiting(old if is_new_current else new)

        def renamed(queued: QueuedCard) -> QueuedCard:
            return queued._replace(card=new) if queued.card == old else queued

        self._queue = deque(map(renamed, self._queue))
        self._repeats = [(after, renamed(queued)) for after, queued in self._repeats]
        self.given_ratings = [
            given._replace(queued_card=renamed(given.queued_card)) for given in self.given_ratings
        ]
        self.current = renamed(self.current) if self.current else None
        if old in self._repeat_below_by_card:
            self._repeat_below_by_card = {**self._repeat_below_by_card, new: self._repeat_below_by_card[old]}

    def restore_card(self, card: CardId, reason: QueueReason, *, undo_rating: bool) -> None:
        """Make a card current after undo; `undo_rating` drops its latest rating."""
        if self.current and self.current.card != card:
            self._queue.appendleft(self.current)
        self.remove_waiting(card)
        self.current = QueuedCard(card, reason)
        places = [i for i, given in enumerate(self.given_ratings) if given.queued_card.card == card]
        if undo_rating and places:
            self.current = self.given_ratings.pop(places[-1]).queued_card
            self._shown_count -= 1

    @property
    def answered(self) -> int:
        """The number of cards answered, without repeats."""
        return len(self._first_ratings())

    def _first_ratings(self) -> list[GivenRating]:
        return [given for given in self.given_ratings if given.queued_card.reason is not QueueReason.AGAIN]

    @property
    def upcoming(self) -> CardId | None:
        """The card that comes next, unless a repeat comes first."""
        return self._queue[0].card if self._queue else None

    @property
    def remaining(self) -> RemainingCounts:
        """The number of remaining cards, the current one included."""
        counts = Counter(queued.reason for queued in self._waiting())
        return RemainingCounts(counts[QueueReason.NEW], counts[QueueReason.AGAIN], counts[QueueReason.DUE])

    def compute_results(self) -> SessionResults:
        """Return the results of this session."""
        first = [given.rating for given in self._first_ratings()]
        ratings = {rating: first.count(rating) for rating in range(1, 6)}
        recalled = sum(rating >= sm2.MIN_RECALLED_QUALITY for rating in first)
        ms = sum(given.ms for given in self.given_ratings)
        return SessionResults(len(first), len(self.given_ratings) - len(first), recalled, ms, ratings)

    def _waiting(self) -> list[QueuedCard]:
        current = [self.current] if self.current else []
        return [*self._queue, *(queued for _, queued in self._repeats), *current]

    def _require_current(self) -> QueuedCard:
        if self.current is None:
            raise ValueError("the session is over: there is no current card")
        return self.current

    def _next_card(self) -> None:
        self._shown_count += 1
        if self._repeats and (self._repeats[0][0] < self._shown_count or not self._queue):
            self.current = self._repeats.pop(0)[1]
        else:
            self.current = self._queue.popleft() if self._queue else None


def queue_reason(progress: Progress, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> QueueReason:
    """Return why a card would be in a session today."""
    if progress.due is None:
        return QueueReason.NEW
    return QueueReason.AGAIN if progress.needs_repeat(today, repeat_below) else QueueReason.DUE
