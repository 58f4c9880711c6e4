"""The port through which the list of cards uses the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flashcards.core.cards import CardId
from flashcards.core.events import UndoableEvent
from flashcards.core.fsrs import Model
from flashcards.core.progress import CardState
from flashcards.core.search_query import SearchContext
from flashcards.terminal.study.ports import StudyPort


class BrowsePort(StudyPort, Protocol):
    """The world as the list of cards sees it; a key stands for a card that the index knows."""

    def list_cards(self, search: str, sort_column: str, *, descending: bool) -> Sequence[int]:
        """Return the keys of the cards that a search finds, in order. Raises UsageError."""

    def count_cards(self) -> int:
        """Return how many cards there are."""

    def card_states(self, keys: Sequence[int]) -> list[CardState]:
        """Return cards by their keys, but for those that are in no deck any more."""

    def card_key(self, card_id: CardId) -> int:
        """Return the key of a card, under the id that it has by now; 0 when no deck has it."""

    def append_events(self, events: Sequence[UndoableEvent]) -> None:
        """Put events on the disk, as one step for undo. Raises StoreError."""

    def search_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the tags and the decks that a search can name."""

    def search_context(self) -> SearchContext:
        """Return the day and the settings that searches and states depend on."""

    def memory_model(self) -> Model:
        """Return what gives the chance of recall."""
