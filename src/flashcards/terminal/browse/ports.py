"""The port through which the list of cards uses the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flashcards.core.cards import CardId
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, CardState
from flashcards.core.search_query import SearchContext
from flashcards.terminal.study.ports import StudyPort


@dataclass(frozen=True, slots=True)
class CardListing:
    """What a search found, by keys that stand for the cards, and what states and recall depend on."""

    keys: Sequence[int]
    total: int
    """How many cards there are."""
    context: SearchContext
    model: Model = DEFAULT_MODEL


class BrowsePort(StudyPort, Protocol):
    """The world as the list of cards sees it."""

    def list_cards(self, search: str, sort_column: str = "", *, descending: bool = False) -> CardListing:
        """Return what a search finds, sorted by a column. Raises UsageError."""

    def card_states(self, keys: Sequence[int]) -> list[CardState]:
        """Return cards by their keys, but for those that are in no deck any more."""

    def card_key(self, card_id: CardId) -> int:
        """Return the key of a card, under the id that it has by now; 0 when no deck has it."""

    def run_command(self, action: str, states: Sequence[CardState], words: str) -> str:
        """Do what a key stands for to cards, as one step; return what was done. Raises FlashcardsError."""

    def search_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the tags and the decks that a search can name."""
