"""The port through which a study session uses the store."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from flashcards.core.card_history import HistoryEntry
from flashcards.core.cards import Card, CardId
from flashcards.core.events import UndoableEvent
from flashcards.core.progress import CardState
from flashcards.core.scheduling import Scheduler
from flashcards.core.today_summary import TodaySummary


class UndoneAction(NamedTuple):
    """What an undo took back, or a redo repeated."""

    card_id: CardId | None  # the card concerned; None for none, or several
    text: str  # a description of the action
    rating: int = 0  # 0 if it was no rating
    ms: int = 0  # the answer time of a rating


class StoreChanges(NamedTuple):
    """Changes by other programs since the last poll."""

    answered_cards: frozenset[CardId] = frozenset()
    notices: tuple[str, ...] = ()  # messages to the user: faults in a deck, cards matched after an edit


class StudyPort(Protocol):
    """What a study session needs of the store."""

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card and its progress; None if it is in no deck."""

    def successor(self, card: CardId) -> CardId | None:
        """Return the id that continues a removed card's history."""

    def append_event(self, event: UndoableEvent) -> None:
        """Append an event; it is on disk on return. Raises StoreError."""

    def undo_last(self) -> UndoneAction | None:
        """Undo the last step; None if there is none."""

    def redo_last(self) -> UndoneAction | None:
        """Redo the last undone step; None if something was done since."""

    def scheduler(self) -> Scheduler:
        """Return the scheduler of this session."""

    def count_answers(self, card_id: CardId) -> int:
        """Return how often a card was answered today."""

    def card_history(self, card_id: CardId) -> Sequence[HistoryEntry]:
        """Return a card's history, undone entries included, oldest first."""

    def wait_until_editable(self) -> None:
        """Wait until deck files may be written."""

    def edit_card(self, card: Card) -> str:
        """Open a card in the user's editor; return a message or ""."""

    def now(self) -> datetime:
        """Return the time with its UTC offset."""

    def today(self) -> date:
        """Return the study day."""

    def poll_changes(self) -> StoreChanges:
        """Load what others wrote since the last poll."""

    def find_image(self, source: str, deck_path: str) -> Path | None:
        """Return the image file a deck names, if it exists."""

    def open_image(self, path: Path) -> str:
        """Open an image in another program; return a message."""

    def plays_sounds(self) -> bool:
        """Tell whether sounds play by themselves."""

    def play_sound(self, source: str, deck_path: str) -> str:
        """Start playing a sound; return an error message or ""."""

    def stop_sound(self) -> bool:
        """Stop the playing sound; tell whether one was playing."""

    def on_wait(self, show_line: Callable[[str], None]) -> None:
        """Register what shows a message before a write waits."""

    def finish_pending_work(self) -> None:
        """Do postponed work while the user reads."""

    def search_cards(self, query: str) -> list[CardState]:
        """Return the first hundred cards a search finds. Raises UsageError."""

    def leech_threshold(self) -> int:
        """Return the lapses that make a card a leech; 0 for never."""

    def today_summary(self) -> TodaySummary:
        """Return what was done today, and what is due tomorrow."""
