"""Card progress: apply ratings and replay events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from flashcards.core import sm2
from flashcards.core.cards import Card, CardId
from flashcards.core.days import DEFAULT_ROLLOVER, study_day
from flashcards.core.events import (
    Bury,
    CardEvent,
    CardLink,
    Event,
    EventId,
    Mark,
    Reset,
    Review,
    SetDue,
    Suspend,
    Undo,
    Unsuspend,
    event_order,
)

MATURE_INTERVAL = 21
"""An interval of this many days makes a card mature; a shorter one leaves it young."""
DEFAULT_REPEAT_BELOW = 4
"""A card rated below this comes back in the same session."""
DEFAULT_LEECH_LAPSES = 8
"""Lapses that make a card a leech."""


class AnswerKind(Enum):
    """What an answer was for the schedule: only a graded one changes it."""

    GRADED = "graded"
    REPEAT = "repeat"
    EARLY = "early"


class CardStage(Enum):
    """How far a card has come."""

    NEW = "new"
    LEARNING = "learning"
    YOUNG = "young"
    MATURE = "mature"


class Progress(NamedTuple):  # quick to make, as Memory is
    """What is known of one card."""

    memory: sm2.MemoryState = sm2.MemoryState()
    due: date | None = None
    """The study day from which it is due; None for a new card."""
    last_answered: date | None = None
    """The last study day with a graded answer or a repeat."""
    last_rating: int = 0
    """The rating last given on that day."""
    suspended: bool = False
    buried_until: date | None = None
    """The study day on which a buried card may be asked again."""
    mark: str | None = None
    """The word of why it was marked; None when it is not."""

    def needs_repeat(self, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> bool:
        """Tell whether the card still waits to be repeated on `today`."""
        return self.last_answered == today and self.last_rating < repeat_below

    def stage(self, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW) -> CardStage:
        """Return how far the card has come, as seen on `today`."""
        if self.due is None:
            return CardStage.NEW
        if self.needs_repeat(today, repeat_below):
            return CardStage.LEARNING
        return CardStage.MATURE if self.memory.interval >= MATURE_INTERVAL else CardStage.YOUNG

    def is_hidden(self, today: date) -> bool:
        """Tell whether the card is suspended, or buried until after `today`."""
        return self.suspended or (self.buried_until is not None and self.buried_until > today)


NEW_PROGRESS = Progress()


def apply_rating(
    before: Progress, rating: int, day: date, *, cram: bool = False
) -> tuple[Progress, AnswerKind]:
    """Return the progress after a rating on a study day: both the preview and the result.

    While cramming, whatever is answered counts as early: it changes nothing.
    """
    if cram:
        return before, AnswerKind.EARLY
    if before.due is None or before.due <= day:
        memory = sm2.next_memory_state(before.memory, rating)
        due = day + timedelta(days=memory.interval)
        marks = before.suspended, before.buried_until, before.mark
        return Progress(memory, due, day, rating, *marks), AnswerKind.GRADED
    if before.needs_repeat(day):
        return before._replace(last_rating=rating), AnswerKind.REPEAT
    return before, AnswerKind.EARLY


def apply_event(
    before: Progress, event: CardEvent, rollover: timedelta = DEFAULT_ROLLOVER
) -> tuple[Progress, AnswerKind | None]:
    """Return the progress of a card after one event about it, and what it was if an answer."""
    match event:
        case Review():
            return apply_rating(before, event.rating, study_day(event.at, rollover), cram=event.cram)
        case SetDue():
            memory = sm2.MemoryState(event.ease, event.interval, event.repetitions, event.lapses)
            marks = before.suspended, before.buried_until, before.mark
            after = Progress(memory, event.due, None, 0, *marks)
        case Suspend():
            after = before._replace(suspended=True)
        case Unsuspend():
            # As after a bury: it waits from this day on, so no day before it was missed.
            day = max(study_day(event.at, rollover), before.buried_until or date.min)
            after = before._replace(suspended=False, buried_until=day) if before.suspended else before
        case Bury():
            after = before._replace(buried_until=event.until)
        case Mark():
            after = before._replace(mark=event.why if event.on else None)
        case Reset():
            after = Progress(suspended=before.suspended, mark=before.mark)
    return after, None


class ReviewStep(NamedTuple):  # as quick to make as a value can be: a replay makes a million
    """One answer in the life of a card: what it was, and the progress before and after it."""

    review: Review
    answer_kind: AnswerKind
    before: Progress
    after: Progress


@dataclass(frozen=True, slots=True)
class CardReplay:
    """All that happened to one card: its answers one by one, and what they led to."""

    steps: tuple[ReviewStep, ...]
    progress: Progress


def replay_card(events: Iterable[CardEvent], rollover: timedelta = DEFAULT_ROLLOVER) -> CardReplay:
    """Fold a card's effective events, given in order."""
    progress, steps = NEW_PROGRESS, []
    for event in events:
        before = progress
        progress, kind = apply_event(before, event, rollover)
        if kind and isinstance(event, Review):
            steps.append(ReviewStep(event, kind, before, progress))
    return CardReplay(tuple(steps), progress)


def final_progress(events: Iterable[CardEvent], rollover: timedelta = DEFAULT_ROLLOVER) -> Progress:
    """Return where a card's effective events, given in order, lead to."""
    now = NEW_PROGRESS
    for event in events:
        now, _ = apply_event(now, event, rollover)
    return now


def undone_ids(events: Iterable[Event]) -> set[EventId]:
    """Return the ids of the events that were undone, given all events in order.

    An undo that was undone itself takes nothing back.
    """
    gone: set[EventId] = set()
    for event in sorted((e for e in events if isinstance(e, Undo)), key=event_order, reverse=True):
        if event.id not in gone:
            gone.add(event.undone_event)
    return gone


def card_histories(events: Iterable[Event]) -> dict[CardId, list[CardEvent]]:
    """Return the effective events of each card, in order, after undos and links.

    Copies of one event count once. A link hands the history of `old` to `new`, and what is done to
    `old` later too (a device that had not heard of the link), until a link names `old` as its own.
    """
    ordered = sorted({event.id: event for event in events}.values(), key=event_order)
    gone = undone_ids(ordered)
    owners: dict[CardId, CardId] = {}
    found: dict[CardId, list[CardEvent]] = {}
    for event in ordered:
        if event.id in gone:
            continue
        if isinstance(event, CardLink):
            move_history(event, owners, found)
        elif isinstance(event, CardEvent):
            found.setdefault(current_owner(event.card, owners), []).append(event)
    return found


def move_history(link: CardLink, owners: dict[CardId, CardId], found: dict[CardId, list[CardEvent]]) -> None:
    """Move the history of `link.old` to `link.new`, and let the owners know."""
    source = current_owner(link.old, owners)
    owners.pop(link.new, None)
    if link.new in (link.old, source):
        return
    owners[source] = link.new
    moved = found.pop(source, [])
    if moved:
        found[link.new] = sorted([*found.get(link.new, []), *moved], key=event_order)


def current_owner(card: CardId, owners: dict[CardId, CardId]) -> CardId:
    """Return the card that the history of `card` belongs to now."""
    while card in owners:
        card = owners[card]
    return card


def replay_all_cards(
    events: Iterable[Event], rollover: timedelta = DEFAULT_ROLLOVER
) -> dict[CardId, Progress]:
    """Return the progress of every card that anything was done to."""
    return {card: replay_card(found, rollover).progress for card, found in card_histories(events).items()}


@dataclass(frozen=True, slots=True)
class CardState:
    """A card and what is known of it."""

    card: Card
    progress: Progress
