"""What a study session needs of the world: asked for here, answered by the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from flashcards.core.cards import Card, CardId
from flashcards.core.events import Undoable
from flashcards.core.progress import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.card_history import Moment


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo took back."""

    card: CardId
    what: str
    """The kind of the event, as the journal spells it."""
    answered: bool
    """Whether it was a rating."""
    rating: int = 0
    """Which one it was."""


@dataclass(frozen=True, slots=True)
class News:
    """What others did to the store since the last look."""

    answered: frozenset[CardId] = frozenset()
    """Cards that were answered elsewhere."""
    told: tuple[str, ...] = ()
    """What the person should know: faults in a deck, cards taken for others."""


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead."""

    tomorrow_due: int
    tomorrow_new: int
    minutes: int
    streak: int
    """Study days in a row."""


class Desk(Protocol):
    """The world as a session sees it."""

    def entry(self, card: CardId) -> Entry | None:
        """Return a card and its progress; None when it is in no deck any more."""

    def successor(self, card: CardId) -> CardId | None:
        """Return the id that a card, in no deck by its own any more, goes on under."""

    def keep(self, draft: Undoable) -> None:
        """Put an event on the disk; it is there when this returns. Raises StoreError."""

    def take_back(self) -> TakenBack | None:
        """Undo the last thing ever done; None when nothing is left."""

    def moments(self, card: CardId) -> Sequence[Moment]:
        """Return all that was done to a card, undone things too, the oldest first."""

    def ready_to_edit(self) -> None:
        """Wait, if need be, until deck files may be written."""

    def edit(self, card: Card) -> str:
        """Let the person edit the card in their editor; return what to tell them, or ""."""

    def now(self) -> datetime:
        """Return the time, with its offset."""

    def today(self) -> date:
        """Return the study day."""

    def catch_up(self) -> News:
        """Take in what others wrote since the last look; quick when nobody did."""

    def picture(self, source: str, home: str) -> Path | None:
        """Return the file of a picture that a deck file names; None when there is none."""

    def open_picture(self, path: Path) -> str:
        """Open a picture in another program; return what to tell."""

    def when_waiting(self, show: Callable[[str], None]) -> None:
        """Have a line shown whenever a write has to wait, before it does."""

    def settle(self) -> None:
        """Do now, while the person reads, what would else be waited for later."""

    def find(self, words: str) -> list[Entry]:
        """Return cards that a search finds, the first hundred. Raises UsageError."""

    def leech(self) -> int:
        """Return the lapses that make a card a leech; 0 for never."""

    def outlook(self) -> Outlook:
        """Return what tomorrow holds."""
