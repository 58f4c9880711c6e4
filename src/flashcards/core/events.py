"""Events: what happened to cards, and when.

Every event has an `id` (its identity: a second copy is the same event), an `hlc` (a hybrid logical
clock in milliseconds; with the id it gives the one order that every device agrees on) and an `at`
(the wall clock of the user, with its UTC offset, which decides the study day for good).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from flashcards.core.cards import CardId

EventId = NewType("EventId", str)


@dataclass(frozen=True, slots=True)
class BaseEvent:
    """What all events have in common."""

    id: EventId
    hlc: int
    at: datetime
    batch: EventId | None = field(default=None, kw_only=True)  # None if it is a step of its own


@dataclass(frozen=True, slots=True)
class Review(BaseEvent):
    """A card was answered."""

    card: CardId
    rating: int  # 1 to 5; 1 and 2 mean forgotten
    ms: int = 0  # from question to rating
    source: str = ""  # where it was imported from
    cram: bool = False  # practice: it does not change the schedule
    interval: int | None = None
    """Of an imported answer: days scheduled by the other program, 0 while learning, None if unknown."""
    next_interval: int | None = None
    """Days shown at the key, if not SM-2's own; 0 for an invalid number in the journal, ignored."""
    scheduler: str = ""  # what chose `next_interval`: "fsrs", or "" for SM-2
    hinted: bool = False  # whether the hint was shown


@dataclass(frozen=True, slots=True)
class Undo(BaseEvent):
    """`undone_event` does not count."""

    undone_event: EventId


@dataclass(frozen=True, slots=True)
class ImportableEvent(BaseEvent):
    """An event about a card, from here or another program."""

    card: CardId
    source: str = ""  # where it was imported from


class Suspend(ImportableEvent):
    """A card is not asked until it is unsuspended."""

    __slots__ = ()


class Unsuspend(ImportableEvent):
    """A suspended card is asked again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Bury(BaseEvent):
    """A card is not asked before the study day `until`."""

    card: CardId
    until: date


@dataclass(frozen=True, slots=True)
class Mark(BaseEvent):
    """A card was marked to be fixed later, or unmarked."""

    card: CardId
    on: bool = True
    why: str = ""


class Reset(ImportableEvent):
    """A card starts again as new; its reviews stay in the history."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SetDue(BaseEvent):
    """A card got a schedule from elsewhere, without reviews."""

    card: CardId
    due: date
    interval: int
    ease: int  # in hundredths
    repetitions: int = 2
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class CardLink(BaseEvent):
    """The history of `old` belongs to `new`, its id after an edit.

    A link from a card to itself ends an earlier link.
    """

    old: CardId
    new: CardId


@dataclass(frozen=True, slots=True)
class SeenText(BaseEvent):
    """The text of a card, by which later edits are recognised. Cannot be undone."""

    card: CardId
    deck: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class CatchUpPlan(BaseEvent):
    """A break from `first`, then shares of the backlog from `until`.

    Of the plans that have begun, the last to begin holds, and of those the latest event.
    """

    first: date
    until: date
    per_day: int  # backlog cards a day; 0 asks all at once, which ends a plan


@dataclass(frozen=True, slots=True)
class Batch(BaseEvent):
    """Ties the events and file changes of one command into one step.

    It does not affect cards, so versions that do not know it replay the same.
    """

    command: str  # such as "add"; "undo" and "redo" are not steps
    about: str = ""  # what it was done to, for display
    files: tuple[str, ...] = ()  # changed files; their former texts stay on the machine that changed them


@dataclass(frozen=True, slots=True)
class FsrsWeights(BaseEvent):
    """The weights that FSRS uses for all history; they never move a due date."""

    weights: tuple[float, ...]
    tests: int = 0  # answers that they were fitted to
    loss: float = 0.0  # log loss on the last fifth of these answers
    loss_before: float = 0.0


@dataclass(frozen=True, slots=True)
class UnknownEvent(BaseEvent):
    """An event of a newer version: kept and ignored."""

    kind: str


CardEvent = Review | Suspend | Unsuspend | Bury | Mark | Reset | SetDue

Event = CardEvent | Undo | CardLink | SeenText | CatchUpPlan | FsrsWeights | Batch | UnknownEvent
UndoableEvent = CardEvent | CardLink | CatchUpPlan | FsrsWeights | Batch


def event_order(event: Event) -> tuple[int, str]:
    """Return the sort key that is the same on every device."""
    return event.hlc, event.id


def is_imported(event: CardEvent) -> bool:
    """Tell whether another program knew of an event: its id is then made of it (version 8)."""
    return event.id[14:15] == "8"


EVENT_KINDS: dict[type, str] = {
    Review: "review",
    Undo: "undo",
    Suspend: "suspend",
    Unsuspend: "unsuspend",
    Bury: "bury",
    Mark: "flag",
    Reset: "reset",
    SetDue: "set-due",
    CardLink: "link",
    SeenText: "seen",
    CatchUpPlan: "plan",
    Batch: "batch",
    FsrsWeights: "weights",
}
"""As journals and JSON spell them."""


def event_kind(event: Event) -> str:
    """Return the kind of an event, as the journal spells it."""
    return event.kind if isinstance(event, UnknownEvent) else EVENT_KINDS[type(event)]


STATE_EVENTS: dict[str, tuple[type[Suspend | Unsuspend | Reset], str]] = {
    "suspend": (Suspend, "suspended"),
    "unsuspend": (Unsuspend, "asked again"),
    "reset": (Reset, "starts again as new"),
}
"""Event and message of the commands of these names."""
