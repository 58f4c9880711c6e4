"""One sitting: takes ratings, gives the next card and the event to keep; pure and undoable."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from flashcards.core import sm2
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.progress import REPEAT_BELOW, Progress

REPEAT_AFTER = 5
"""A card to repeat comes back once this many others were shown, or when nothing else is left."""


NO_CARD = CardId("")


class Source(Enum):
    """Why a card is in the session."""

    NEW = "new"
    AGAIN = "again"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Slot:
    """A card waiting its turn."""

    card: CardId
    source: Source


@dataclass(frozen=True, slots=True)
class Answer:
    """One rating given in this sitting."""

    slot: Slot
    rating: int
    ms: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many cards are still to come, by why; the card in hand counts."""

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
        slots: Iterable[Slot],
        repeat_below: int = REPEAT_BELOW,
        *,
        own: Mapping[CardId, int] | None = None,
        cram: bool = False,
    ) -> None:
        """Begin with a queue; `own` has the cards that come back below another rating."""
        self._queue = deque(slots)
        self._again: list[tuple[int, Slot]] = []
        self._shown = 0
        self._repeat_below = repeat_below
        self._own = own or {}
        self.cram = cram
        """Whether this sitting is practice: no answer changes the schedule."""
        self.answers: list[Answer] = []
        self.current: Slot | None = None
        self._next()

    @property
    def repeat_below(self) -> int:
        """The rating below which the card in hand comes back."""
        return self._own.get(self.current.card if self.current else NO_CARD, self._repeat_below)

    def answer(self, rating: int, at: datetime, ms: int) -> Review:
        """Return the review that a rating of the card in hand is: to be kept before `rate`."""
        return Review(EventId(""), 0, at, self._hand().card, rating, ms, cram=self.cram)

    def rate(self, rating: int, ms: int) -> None:
        """Count the answer to the card in hand, and move on."""
        slot = self._hand()
        self.answers.append(Answer(slot, rating, ms))
        if rating < self.repeat_below:
            self._again.append((self._shown + REPEAT_AFTER, Slot(slot.card, Source.AGAIN)))
        self._next()

    def drop(self) -> CardId:
        """Take the card in hand out of this session (suspended, buried, gone) and move on."""
        slot = self._hand()
        self._next()
        return slot.card

    def forget(self, card: CardId) -> None:
        """Take a card that waits its turn out of this session."""
        self._queue = deque(slot for slot in self._queue if slot.card != card)
        self._again = [(when, slot) for when, slot in self._again if slot.card != card]

    @property
    def cards(self) -> set[CardId]:
        """All cards of this sitting: in hand, waiting, and answered."""
        return {slot.card for slot in [*self._waiting(), *(each.slot for each in self.answers)]}

    def rename(self, old: CardId, new: CardId) -> None:
        """Go on with a card under another id, wherever it is in this sitting.

        One that waits under the new id too is asked once.
        """
        self.forget(old if self.current and self.current.card == new else new)

        def renamed(slot: Slot) -> Slot:
            return replace(slot, card=new) if slot.card == old else slot

        self._queue = deque(map(renamed, self._queue))
        self._again = [(when, renamed(slot)) for when, slot in self._again]
        self.answers = [replace(given, slot=renamed(given.slot)) for given in self.answers]
        self.current = self.current and renamed(self.current)
        if old in self._own:
            self._own = {**self._own, new: self._own[old]}

    def bring_back(self, card: CardId, source: Source, *, answered: bool) -> None:
        """Put a card whose last event was undone into the hand; the card in hand comes after it.

        `answered` says that a rating was undone: the latest answer to that card in this sitting, if
        there is one, counts no longer.
        """
        if self.current and self.current.card != card:
            self._queue.appendleft(self.current)
        self.forget(card)
        self.current = Slot(card, source)
        if answered:
            for i in reversed(range(len(self.answers))):
                if self.answers[i].slot.card == card:
                    del self.answers[i]
                    self._shown -= 1
                    break

    @property
    def remaining(self) -> Remaining:
        """What is still to come, the card in hand included."""
        slots = self._waiting()
        count = {source: sum(slot.source is source for slot in slots) for source in Source}
        return Remaining(count[Source.NEW], count[Source.AGAIN], count[Source.DUE])

    def summary(self) -> Summary:
        """Return what this sitting came to."""
        first: dict[CardId, int] = {}
        for given in self.answers:
            if given.slot.source is not Source.AGAIN:
                first.setdefault(given.slot.card, given.rating)
        ratings = dict.fromkeys(range(1, 6), 0)
        for given in self.answers:
            ratings[given.rating] += 1
        recalled = sum(rating >= sm2.RECALLED for rating in first.values())
        cards = len({given.slot.card for given in self.answers})
        return Summary(
            cards, len(first), recalled, sum(given.ms for given in self.answers), ratings
        )

    def _waiting(self) -> list[Slot]:
        """Return what is still to come, the card in hand included."""
        slots = [*self._queue, *(slot for _, slot in self._again)]
        return slots + ([self.current] if self.current else [])

    def _hand(self) -> Slot:
        if self.current is None:
            raise ValueError("the session is over: no card is in hand")
        return self.current

    def _next(self) -> None:
        self._shown += 1
        if self._again and (self._again[0][0] < self._shown or not self._queue):
            self.current = self._again.pop(0)[1]
        else:
            self.current = self._queue.popleft() if self._queue else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sitting came to."""

    cards: int
    first_answers: int
    """Cards answered that were not repeats."""
    recalled: int
    """How many of the first answers were 3 to 5."""
    ms: int
    ratings: Mapping[int, int]
    """How often each rating was given, repeats included."""


def source_of(progress: Progress, today: date, repeat_below: int = REPEAT_BELOW) -> Source:
    """Return why a card with this progress would be in a session on `today`."""
    if progress.due is None:
        return Source.NEW
    return Source.AGAIN if progress.to_repeat(today, repeat_below) else Source.DUE
