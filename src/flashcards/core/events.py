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
    batch: EventId | None = field(default=None, kw_only=True)
    """The batch that it belongs to; None when it is a step of its own."""


@dataclass(frozen=True, slots=True)
class Review(BaseEvent):
    """A card was answered. Undo: it was not."""

    card: CardId
    rating: int
    """1 to 5; 1 and 2 mean forgot."""
    ms: int = 0
    """Time from the question to the rating, in milliseconds."""
    source: str = ""
    """Where the review was imported from; "" when it was given here."""
    cram: bool = False
    """Whether it was practice: time was spent, and the schedule stays as it is."""
    interval: int | None = None
    """Of an imported answer: the days that the other program had asked the card to be remembered,
    0 while it was being learned or practised; None when that is not known."""
    next_interval: int | None = None
    """The days that the pressed key showed; None when they are SM-2's own, and 0 when the journal
    has an impossible number, which is ignored."""
    scheduler: str = ""
    """What chose them: "fsrs", or "" for SM-2."""
    hinted: bool = False
    """Whether the card's hint was shown before the answer."""


@dataclass(frozen=True, slots=True)
class Undo(BaseEvent):
    """The event `of` counts as never done. Undo: it counts again."""

    undone_event: EventId


@dataclass(frozen=True, slots=True)
class ImportableEvent(BaseEvent):
    """Something done to a card, here or in another program."""

    card: CardId
    source: str = ""
    """Where it was imported from; "" when it was done here."""


class Suspend(ImportableEvent):
    """A card is not asked until it is unsuspended. Undo: it is asked."""

    __slots__ = ()


class Unsuspend(ImportableEvent):
    """A suspended card is asked again. Undo: it stays suspended."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Bury(BaseEvent):
    """A card is not asked before the study day `until`. Undo: it is asked when due."""

    card: CardId
    until: date


@dataclass(frozen=True, slots=True)
class Mark(BaseEvent):
    """A card was marked to fix later; an empty `why` with `on` false takes the mark off."""

    card: CardId
    on: bool = True
    why: str = ""


class Reset(ImportableEvent):
    """A card starts again as new; its reviews stay in the history. Undo: it goes on as it was."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SetDue(BaseEvent):
    """A card was given a schedule from elsewhere, without the reviews that led to it."""

    card: CardId
    due: date
    interval: int
    ease: int
    """In hundredths."""
    repetitions: int = 2
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class CardLink(BaseEvent):
    """What was done to `old` belongs to `new`, a card re-identified. Undo: they are strangers.

    A link of a card to itself ends an earlier one: the card is its own again.
    """

    old: CardId
    new: CardId


@dataclass(frozen=True, slots=True)
class SeenText(BaseEvent):
    """The text a card had, so that edits can be followed. Nothing to undo."""

    card: CardId
    deck: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class CatchUpPlan(BaseEvent):
    """From `first` on nothing is asked; from `until` on, what was due before it comes in shares.

    Of the plans that have begun, the one that began last holds, and of those the latest event.
    Undo: the plan before it holds, or none.
    """

    first: date
    until: date
    per_day: int
    """How many of the old cards a study day asks; 0 for all at once, which ends a plan."""


@dataclass(frozen=True, slots=True)
class Batch(BaseEvent):
    """All events with its id as their `batch`, and changes of files, are one step for undo.

    It says nothing of the cards itself, so a version that does not know it replays the same.
    """

    command: str
    """What was done, as in "add"; "undo" and "redo" are no step of their own."""
    about: str = ""
    """What it was done to, for people."""
    files: tuple[str, ...] = ()
    """The files that it changed; what they were is known to the machine that did it."""


@dataclass(frozen=True, slots=True)
class FsrsWeights(BaseEvent):
    """FSRS uses these weights for all history. Undo: it uses those before them, or the defaults.

    The latest holds. It never moves a due date.
    """

    weights: tuple[float, ...]
    tests: int = 0
    """Answers that they were fitted to."""
    loss: float = 0.0
    """Log loss on the last fifth of these answers; of the weights before them in `loss_before`."""
    loss_before: float = 0.0


@dataclass(frozen=True, slots=True)
class UnknownEvent(BaseEvent):
    """An event of a kind that a newer version wrote: kept, and ignored."""

    kind: str


CardEvent = Review | Suspend | Unsuspend | Bury | Mark | Reset | SetDue
"""Events that the progress of one card is folded from."""

Event = CardEvent | Undo | CardLink | SeenText | CatchUpPlan | FsrsWeights | Batch | UnknownEvent
UndoableEvent = CardEvent | CardLink | CatchUpPlan | FsrsWeights | Batch


def event_order(event: Event) -> tuple[int, str]:
    """Return the key that sorts events the same way on every device."""
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
"""The kinds of events as journals and JSON spell them."""


def event_kind(event: Event) -> str:
    """Return the kind of an event, as the journal spells it."""
    return event.kind if isinstance(event, UnknownEvent) else EVENT_KINDS[type(event)]


STATE_EVENTS: dict[str, tuple[type[Suspend | Unsuspend | Reset], str]] = {
    "suspend": (Suspend, "suspended"),
    "unsuspend": (Unsuspend, "asked again"),
    "reset": (Reset, "starts again as new"),
}
"""What the commands of these names do to a card, and what is told of it."""
