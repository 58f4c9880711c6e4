"""Replay: fold what was done into what is known, the same way every time, on every device."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from flashcards.core import sm2
from flashcards.core.cards import Card, CardId
from flashcards.core.days import ROLLOVER, study_day
from flashcards.core.events import (
    AboutCard,
    Bury,
    Event,
    EventId,
    Flag,
    Link,
    Reset,
    Review,
    SetDue,
    Suspend,
    Undo,
    Unsuspend,
    order,
)

MATURE = 21
"""An interval of this many days makes a card mature; a shorter one leaves it young."""
REPEAT_BELOW = 4
"""A card rated below this comes back in the same session."""
LEECH = 8
"""Lapses that make a card a leech."""


class Kind(Enum):
    """What an answer was for the schedule: only a graded one changes it."""

    GRADED = "graded"
    REPEAT = "repeat"
    EARLY = "early"


class Stage(Enum):
    """How far a card has come."""

    NEW = "new"
    LEARNING = "learning"
    YOUNG = "young"
    MATURE = "mature"


class Progress(NamedTuple):  # quick to make, as Memory is
    """What is known of one card."""

    memory: sm2.Memory = sm2.Memory()
    due: date | None = None
    """The study day from which it is due; None for a new card."""
    answered: date | None = None
    """The last study day with a graded answer or a repeat."""
    rating: int = 0
    """The rating last given on that day."""
    suspended: bool = False
    buried: date | None = None
    """The study day on which a buried card may be asked again."""
    flag: str | None = None
    """The word of why it was marked; None when it is not."""

    def to_repeat(self, today: date, repeat_below: int = REPEAT_BELOW) -> bool:
        """Tell whether the card still waits to be repeated on `today`."""
        return self.answered == today and self.rating < repeat_below

    def stage(self, today: date, repeat_below: int = REPEAT_BELOW) -> Stage:
        """Return how far the card has come, as seen on `today`."""
        if self.due is None:
            return Stage.NEW
        if self.to_repeat(today, repeat_below):
            return Stage.LEARNING
        return Stage.MATURE if self.memory.interval >= MATURE else Stage.YOUNG

    def asleep(self, today: date) -> bool:
        """Tell whether the card is suspended, or buried until after `today`."""
        return self.suspended or (self.buried is not None and self.buried > today)


NEVER_SEEN = Progress()


def answer(
    before: Progress, rating: int, day: date, *, cram: bool = False
) -> tuple[Progress, Kind]:
    """Return the progress after a rating on a study day: both the preview and the result.

    While cramming, whatever is answered counts as early: it changes nothing.
    """
    if cram:
        return before, Kind.EARLY
    if before.due is None or before.due <= day:
        memory = sm2.after(before.memory, rating)
        due = day + timedelta(days=memory.interval)
        marks = before.suspended, before.buried, before.flag
        return Progress(memory, due, day, rating, *marks), Kind.GRADED
    if before.to_repeat(day):
        return before._replace(rating=rating), Kind.REPEAT
    return before, Kind.EARLY


def apply(
    before: Progress, event: AboutCard, rollover: timedelta = ROLLOVER
) -> tuple[Progress, Kind | None]:
    """Return the progress of a card after one event about it, and what it was if an answer."""
    match event:
        case Review():
            return answer(before, event.rating, study_day(event.at, rollover), cram=event.cram)
        case SetDue():
            memory = sm2.Memory(event.ease, event.interval, event.repetitions, event.lapses)
            marks = before.suspended, before.buried, before.flag
            after = Progress(memory, event.due, None, 0, *marks)
        case Suspend():
            after = before._replace(suspended=True)
        case Unsuspend():
            after = before._replace(suspended=False)
        case Bury():
            after = before._replace(buried=event.until)
        case Flag():
            after = before._replace(flag=event.why if event.on else None)
        case Reset():
            after = Progress(suspended=before.suspended, flag=before.flag)
    return after, None


class Step(NamedTuple):  # as quick to make as a value can be: a replay makes a million
    """One answer in the life of a card: what it was, and the progress before and after it."""

    review: Review
    kind: Kind
    before: Progress
    after: Progress


@dataclass(frozen=True, slots=True)
class Life:
    """All that happened to one card: its answers one by one, and what they led to."""

    steps: tuple[Step, ...]
    now: Progress


def live(events: Iterable[AboutCard], rollover: timedelta = ROLLOVER) -> Life:
    """Fold a card's effective events, given in order."""
    progress, steps = NEVER_SEEN, []
    for event in events:
        before = progress
        progress, kind = apply(before, event, rollover)
        if kind and isinstance(event, Review):
            steps.append(Step(event, kind, before, progress))
    return Life(tuple(steps), progress)


def progress(events: Iterable[AboutCard], rollover: timedelta = ROLLOVER) -> Progress:
    """Return where a card's effective events, given in order, lead to."""
    now = NEVER_SEEN
    for event in events:
        now, _ = apply(now, event, rollover)
    return now


def undone(events: Iterable[Event]) -> set[EventId]:
    """Return the ids of the events that were undone, given all events in order.

    An undo that was undone itself takes nothing back.
    """
    gone: set[EventId] = set()
    for event in sorted((e for e in events if isinstance(e, Undo)), key=order, reverse=True):
        if event.id not in gone:
            gone.add(event.of)
    return gone


def histories(events: Iterable[Event]) -> dict[CardId, list[AboutCard]]:
    """Return the effective events of each card, in order, after undos and links.

    Copies of one event count once. A link hands the history of `old` to `new`, and what is done to
    `old` later too (a device that had not heard of the link), until a link names `old` as its own.
    """
    ordered = sorted({event.id: event for event in events}.values(), key=order)
    gone = undone(ordered)
    owner: dict[CardId, CardId] = {}
    found: dict[CardId, list[AboutCard]] = {}
    for event in ordered:
        if event.id in gone:
            continue
        if isinstance(event, Link):
            hand_over(event, owner, found)
        elif isinstance(event, AboutCard):
            found.setdefault(owner_of(event.card, owner), []).append(event)
    return found


def hand_over(
    link: Link, owner: dict[CardId, CardId], found: dict[CardId, list[AboutCard]]
) -> None:
    """Move the history of `link.old` to `link.new`, and let the owners know."""
    source = owner_of(link.old, owner)
    owner.pop(link.new, None)
    if link.new in (link.old, source):
        return
    owner[source] = link.new
    moved = found.pop(source, [])
    if moved:
        found[link.new] = sorted([*found.get(link.new, []), *moved], key=order)


def owner_of(card: CardId, owner: dict[CardId, CardId]) -> CardId:
    """Return the card that the history of `card` belongs to now."""
    while card in owner:
        card = owner[card]
    return card


def replay(events: Iterable[Event], rollover: timedelta = ROLLOVER) -> dict[CardId, Progress]:
    """Return the progress of every card that anything was done to."""
    return {card: live(found, rollover).now for card, found in histories(events).items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A card and what is known of it."""

    card: Card
    progress: Progress
