"""Events: what happened to cards, and when.

Every event has an `id` (its identity: a second copy is the same event), an `hlc` (a hybrid logical
clock in milliseconds; with the id it gives the one order that every device agrees on) and an `at`
(the wall clock of the user, with its UTC offset, which decides the study day for good). A `batch` ties it
to the other events of its step. All are named tuples: quick to define at a start, and to create.
"""

from datetime import date, datetime
from typing import NamedTuple, NewType

from flashcards.core.cards import CardId

EventId = NewType("EventId", str)


class Review(NamedTuple):
    """A card was answered."""

    id: EventId
    hlc: int
    at: datetime
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
    batch: EventId | None = None


class Undo(NamedTuple):
    """`undone_event` does not count."""

    id: EventId
    hlc: int
    at: datetime
    undone_event: EventId
    batch: EventId | None = None


class ImportableEvent(NamedTuple):
    """An event about a card, from here or another program."""

    id: EventId
    hlc: int
    at: datetime
    card: CardId
    source: str = ""  # where it was imported from
    batch: EventId | None = None


class Suspend(ImportableEvent):
    """A card is not asked until it is unsuspended."""

    __slots__ = ()


class Unsuspend(ImportableEvent):
    """A suspended card is asked again."""

    __slots__ = ()


class Bury(NamedTuple):
    """A card is not asked before the study day `until`."""

    id: EventId
    hlc: int
    at: datetime
    card: CardId
    until: date
    batch: EventId | None = None


class Mark(NamedTuple):
    """A card was marked to be fixed later, or unmarked."""

    id: EventId
    hlc: int
    at: datetime
    card: CardId
    on: bool = True
    why: str = ""
    batch: EventId | None = None


class Reset(ImportableEvent):
    """A card starts again as new; its reviews stay in the history."""

    __slots__ = ()


class SetDue(NamedTuple):
    """A card got a schedule from elsewhere, without reviews."""

    id: EventId
    hlc: int
    at: datetime
    card: CardId
    due: date
    interval: int
    ease: int  # in hundredths
    repetitions: int = 2
    lapses: int = 0
    batch: EventId | None = None


class CardLink(NamedTuple):
    """The history of `old` belongs to `new`, its id after an edit.

    A link from a card to itself ends an earlier link.
    """

    id: EventId
    hlc: int
    at: datetime
    old: CardId
    new: CardId
    batch: EventId | None = None


class SeenText(NamedTuple):
    """The text of a card, by which later edits are recognised. Cannot be undone."""

    id: EventId
    hlc: int
    at: datetime
    card: CardId
    deck: str
    front: str
    back: str
    batch: EventId | None = None


class CatchUpPlan(NamedTuple):
    """A break from `first`, then shares of the backlog from `until`.

    Of the plans that have begun, the last to begin holds, and of those the latest event.
    """

    id: EventId
    hlc: int
    at: datetime
    first: date
    until: date
    per_day: int  # backlog cards a day; 0 asks all at once, which ends a plan
    batch: EventId | None = None


class Batch(NamedTuple):
    """Ties the events and file changes of one command into one step.

    It does not affect cards, so versions that do not know it replay the same.
    """

    id: EventId
    hlc: int
    at: datetime
    command: str  # such as "add"; "undo" and "redo" are not steps
    about: str = ""  # what it was done to, for display
    files: tuple[str, ...] = ()  # changed files; their former texts stay on the machine that changed them
    batch: EventId | None = None


class FsrsWeights(NamedTuple):
    """The weights that FSRS uses for all history; they never move a due date."""

    id: EventId
    hlc: int
    at: datetime
    weights: tuple[float, ...]
    tests: int = 0  # answers that they were fitted to
    loss: float = 0.0  # log loss on the last fifth of these answers
    loss_before: float = 0.0
    batch: EventId | None = None


class UnknownEvent(NamedTuple):
    """An event of a newer version: kept and ignored."""

    id: EventId
    hlc: int
    at: datetime
    kind: str
    batch: EventId | None = None


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
