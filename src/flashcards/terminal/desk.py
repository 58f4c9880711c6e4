"""What a study session needs of the world: asked for here, answered by the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flashcards.core.card import Card, CardId
from flashcards.core.events import Undoable
from flashcards.core.progress import Entry, Step


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo took back."""

    card: CardId
    what: str
    """The kind of the event, as the journal spells it."""
    answered: bool
    """Whether it was a rating."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead."""

    tomorrow_due: int
    tomorrow_new: int
    minutes: int
    streak: int
    """Study days in a row."""
    hardest: tuple[tuple[str, int], ...]
    """(card, lapses) of those that give trouble."""


class Desk(Protocol):
    """The world as a session sees it."""

    def entry(self, card: CardId) -> Entry | None:
        """Return a card and its progress; None when it is in no deck any more."""

    def keep(self, draft: Undoable) -> None:
        """Put an event on the disk; it is there when this returns. Raises StoreError."""

    def take_back(self) -> TakenBack | None:
        """Undo the last thing ever done; None when nothing is left."""

    def steps(self, card: CardId) -> list[Step]:
        """Return the answers of a card."""

    def edit(self, card: Card) -> str:
        """Let the person edit the card in their editor; return what to tell them, or ""."""

    def now(self) -> datetime:
        """Return the time, with its offset."""

    def today(self) -> date:
        """Return the study day."""

    def outlook(self) -> Outlook:
        """Return what tomorrow holds."""
