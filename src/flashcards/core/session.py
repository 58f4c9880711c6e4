"""A study session: queue, ratings, repeats and undo."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from flashcards.core import sm2
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.progress import DEFAULT_REPEAT_BELOW, Progress

CARDS_BEFORE_REPEAT = 5
"""A card to repeat comes back once this many others were shown, or when nothing else is left."""


NO_CARD_ID = CardId("")


class QueueReason(Enum):
    """Why a card is in the session."""

    NEW = "new"
    AGAIN = "again"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class QueuedCard:
    """A card waiting its turn."""

    card: CardId
    reason: QueueReason


@dataclass(frozen=True, slots=True)
class GivenRating:
    """One rating given in this session."""

    queued_card: QueuedCard
    rating: int
    ms: int


@dataclass(frozen=True, slots=True)
class RemainingCounts:
    """How many cards are still to come, by why; the current card counts."""

    new: int
    again: int
    due: int

    @property
    def total(self) -> int:
        """All that is left."""
        return self.new + self.again + self.due


class Session:
    """A queue of cards that learns from each rating what comes next."""

    def __init__(
        self,
        queue: Iterable[QueuedCard],
        repeat_below: int = DEFAULT_REPEAT_BELOW,
        *,
        own: Mapping[CardId, int] | None = None,
        cram: bool = False,
    ) -> None:
        """Begin with a queue; `own` has the cards that come back below another rating."""
        self._queue = deque(queue)
        self._repeats: list[tuple[int, QueuedCard]] = []
        self._shown_count = 0
        self._repeat_below = repeat_below
        self._repeat_below_by_card = own or {}
        self.cram = cram
        """Whether this session is practice: no answer changes the schedule."""
        self.given_ratings: list[GivenRating] = []
        self.current: QueuedCard | None = None
        self._next_card()

    @property
    def repeat_below(self) -> int:
        """The rating below which the current card comes back."""
        return self._repeat_below_by_card.get(
            self.current.card if self.current else NO_CARD_ID, self._repeat_below
        )

    def make_review(self, rating: int, at: datetime, ms: int) -> Review:
        """Return the review that a rating of the current card is: to be kept before `rate`."""
        return Review(EventId(""), 0, at, self._require_current().card, rating, ms, cram=self.cram)

    def rate(self, rating: int, ms: int) -> None:
        """Count the answer to the current card, and move on."""
        slot = self._require_current()
        self.given_ratings.append(GivenRating(slot, rating, ms))
        if rating < self.repeat_below:
            self._repeats.append(
                (self._shown_count + CARDS_BEFORE_REPEAT, QueuedCard(slot.card, QueueReason.AGAIN))
            )
        self._next_card()

    def remove_current(self) -> CardId:
        """Take the current card out of this session (suspended, buried, gone) and move on."""
        slot = self._require_current()
        self._next_card()
        return slot.card

    def remove_waiting(self, card: CardId) -> None:
        """Take a card that waits its turn out of this session."""
        self._queue = deque(slot for slot in self._queue if slot.card != card)
        self._repeats = [(when, slot) for when, slot in self._repeats if slot.card != card]

    @property
    def cards(self) -> set[CardId]:
        """All cards of this session: current, waiting and answered."""
        return {slot.card for slot in [*self._waiting(), *(each.queued_card for each in self.given_ratings)]}

    def rename(self, old: CardId, new: CardId) -> None:
        """Go on with a card under another id, wherever it is in this session.

        One that waits under the new id too is asked once.
        """
        self.remove_waiting(old if self.current and self.current.card == new else new)

        def renamed(slot: QueuedCard) -> QueuedCard:
            return replace(slot, card=new) if slot.card == old else slot

        self._queue = deque(map(renamed, self._queue))
        self._repeats = [(when, renamed(slot)) for when, slot in self._repeats]
        self.given_ratings = [
            replace(given, queued_card=renamed(given.queued_card)) for given in self.given_ratings
        ]
        self.current = self.current and renamed(self.current)
        if old in self._repeat_below_by_card:
            self._repeat_below_by_card = {**self._repeat_below_by_card, new: self._repeat_below_by_card[old]}

    def restore_card(self, card: CardId, reason: QueueReason, *, undo_rating: bool) -> None:
        """Make a card whose last event was undone the current one; the current card comes after it.

        `undo_rating` says that a rating was undone: the latest answer to that card in this session, if
        there is one, counts no longer.
        """
        if self.current and self.current.card != card:
            self._queue.appendleft(self.current)
        self.remove_waiting(card)
        self.current = QueuedCard(card, reason)
        if undo_rating:
            for i in reversed(range(len(self.given_ratings))):
                if self.given_ratings[i].queued_card.card == card:
                    self.current = self.given_ratings.pop(i).queued_card
                    self._shown_count -= 1
                    break

    @property
    def answered(self) -> int:
        """How many cards were answered; a repeat is none, so that the goal stays where it is."""
        return len(self._first_ratings())

    def _first_ratings(self) -> list[GivenRating]:
        return [given for given in self.given_ratings if given.queued_card.reason is not QueueReason.AGAIN]

    @property
    def upcoming(self) -> CardId | None:
        """The card that comes next, unless a repeat comes before it."""
        return self._queue[0].card if self._queue else None

    @property
    def remaining(self) -> RemainingCounts:
        """The number of remaining cards, the current one included."""
        slots = self._waiting()
        count = {source: sum(slot.reason is source for slot in slots) for source in QueueReason}
        return RemainingCounts(count[QueueReason.NEW], count[QueueReason.AGAIN], count[QueueReason.DUE])

    def compute_results(self) -> SessionResults:
        """Return the results of this session."""
        ratings = dict.fromkeys(range(1, 6), 0)
        for given in (first := self._first_ratings()):
            ratings[given.rating] += 1
        recalled = sum(count for rating, count in ratings.items() if rating >= sm2.MIN_RECALLED_QUALITY)
        ms = sum(given.ms for given in self.given_ratings)
        return SessionResults(len(first), len(self.given_ratings) - len(first), recalled, ms, ratings)

    def _waiting(self) -> list[QueuedCard]:
        """Return the remaining cards, the current one included."""
        slots = [*self._queue, *(slot for _, slot in self._repeats)]
        return slots + ([self.current] if self.current else [])

    def _require_current(self) -> QueuedCard:
        if self.current is None:
            raise ValueError("the session is over: no card is in hand")
        return self.current

    def _next_card(self) -> None:
        self._shown_count += 1
        if self._repeats and (self._repeats[0][0] < self._shown_count or not self._queue):
            self.current = self._repeats.pop(0)[1]
        else:
            self.current = self._queue.popleft() if self._queue else None


@dataclass(frozen=True, slots=True)
class SessionResults:
    """The results of a session."""

    cards: int
    """Cards answered; repeats stand apart."""
    repeats: int
    recalled: int
    """How many of the cards were first rated 3 to 5."""
    ms: int
    """Time for all answers."""
    ratings: Mapping[int, int]
    """How many cards were first rated so."""


def queue_reason(progress: Progress, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> QueueReason:
    """Return why a card with this progress would be in a session on `today`."""
    if progress.due is None:
        return QueueReason.NEW
    return QueueReason.AGAIN if progress.needs_repeat(today, repeat_below) else QueueReason.DUE
