"""The port through which a study session uses the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from flashcards.core.card_history import HistoryEntry
from flashcards.core.cards import Card, CardId
from flashcards.core.events import UndoableEvent
from flashcards.core.progress import CardState
from flashcards.core.scheduling import Scheduler


@dataclass(frozen=True, slots=True)
class UndoneAction:
    """What an undo took back, or a redo did again."""

    card_id: CardId | None
    """The card that it was done to; None for none, or several."""
    text: str
    """What it was, in words."""
    is_rating: bool
    """Whether it was a rating."""
    rating: int = 0
    """Which one it was."""
    ms: int = 0
    """The time that the rating took."""


@dataclass(frozen=True, slots=True)
class StoreChanges:
    """What others did to the store since the last look."""

    answered_cards: frozenset[CardId] = frozenset()
    """Cards that were answered elsewhere."""
    notices: tuple[str, ...] = ()
    """What the user should know: faults in a deck, cards taken for others."""


@dataclass(frozen=True, slots=True)
class TomorrowForecast:
    """What lies ahead."""

    due_cards: int
    new_cards: int
    minutes: int
    streak_days: int
    """Study days in a row."""


class StudyPort(Protocol):
    """The world as a session sees it."""

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card and its progress; None when it is in no deck any more."""

    def successor(self, card: CardId) -> CardId | None:
        """Return the id under which the history of a card in no deck continues."""

    def append_event(self, event: UndoableEvent) -> None:
        """Put an event on the disk; it is there when this returns. Raises StoreError."""

    def undo_last(self) -> UndoneAction | None:
        """Undo the last thing ever done; None when nothing is left."""

    def redo_last(self) -> UndoneAction | None:
        """Do again what was undone last; None when something was done since."""

    def scheduler(self) -> Scheduler:
        """Return what decides the interval of an answer."""

    def count_answers(self, card_id: CardId) -> int:
        """Return how often a card was answered on this study day."""

    def card_history(self, card_id: CardId) -> Sequence[HistoryEntry]:
        """Return all that was done to a card, undone things too, the oldest first."""

    def wait_until_editable(self) -> None:
        """Wait, if need be, until deck files may be written."""

    def edit_card(self, card: Card) -> str:
        """Let the user edit the card in their editor; return what to tell them, or ""."""

    def now(self) -> datetime:
        """Return the time, with its offset."""

    def today(self) -> date:
        """Return the study day."""

    def poll_changes(self) -> StoreChanges:
        """Take in what others wrote since the last look; quick when nobody did."""

    def find_image(self, source: str, deck_path: str) -> Path | None:
        """Return the file of a picture that a deck file names; None when there is none."""

    def open_image(self, path: Path) -> str:
        """Open a picture in another program; return what to tell."""

    def plays_sounds(self) -> bool:
        """Tell whether the sounds of cards play by themselves."""

    def play_sound(self, source: str, deck_path: str) -> str:
        """Begin to play a sound that a deck file names; return what went wrong, or ""."""

    def stop_sound(self) -> bool:
        """Stop the sound that plays; tell whether one did."""

    def on_wait(self, show_line: Callable[[str], None]) -> None:
        """Have a line shown whenever a write has to wait, before it does."""

    def finish_pending_work(self) -> None:
        """Do now, while the user reads, what would else be waited for later."""

    def search_cards(self, query: str) -> list[CardState]:
        """Return cards that a search finds, the first hundred. Raises UsageError."""

    def leech_threshold(self) -> int:
        """Return the lapses that make a card a leech; 0 for never."""

    def tomorrow_forecast(self) -> TomorrowForecast:
        """Return what tomorrow holds."""
