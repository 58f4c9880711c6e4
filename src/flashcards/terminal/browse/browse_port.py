"""The port through which the card list uses the store."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from flashcards.core.cards import CardId
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, CardState
from flashcards.core.search_query import SearchContext
from flashcards.terminal.study.study_port import StudyPort


class CardListing(NamedTuple):
    """The keys of the cards a search found, and the context of their states."""

    keys: Sequence[int]
    total: int  # the number of all cards
    context: SearchContext
    model: Model = DEFAULT_MODEL


class BrowsePort(StudyPort, Protocol):
    """What the card list needs of the store."""

    def list_cards(self, search: str, sort_column: str = "", *, descending: bool = False) -> CardListing:
        """Return the matching cards, sorted by a column. Raises UsageError."""

    def card_states(self, keys: Sequence[int]) -> list[CardState]:
        """Return cards by key, without those no longer in a deck."""

    def card_key(self, card_id: CardId) -> int:
        """Return a card's key by its current id; 0 if in no deck."""

    def run_command(self, action: str, states: Sequence[CardState], words: str) -> str:
        """Run an action on cards as one step; return what was done. Raises FlashcardsError."""

    def search_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the tags and decks that a search can name."""
