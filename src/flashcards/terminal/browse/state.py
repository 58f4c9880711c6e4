"""State of the card list: cards, cursor, selection, sorting."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flashcards.core.progress import CardState
from flashcards.terminal.browse.browse_port import CardListing
from flashcards.terminal.browse.search_input import SearchLine


@dataclass(slots=True)
class BrowseState:
    """A search, its matches, and the cards on screen."""

    search: SearchLine
    listing: CardListing
    rows: Sequence[CardState] = ()
    first: int = 0  # index in the list of the first row
    at: int = 0  # index in the list of the cursor
    selected: set[int] = field(default_factory=set)
    sort_column: str = ""
    descending: bool = False
    message: str = ""

    @property
    def key(self) -> int:
        """The key of the card at the cursor; 0 if the list is empty."""
        return self.listing.keys[self.at] if self.listing.keys else 0

    @property
    def current(self) -> CardState | None:
        """The card at the cursor."""
        return self.rows[self.at - self.first] if self.at - self.first < len(self.rows) else None

    def move(self, steps: int) -> None:
        """Move the cursor, at most to the ends of the list."""
        self.at = max(0, min(len(self.listing.keys) - 1, self.at + steps))

    def scroll(self, rows: int) -> Sequence[int]:
        """Scroll to the cursor; return the keys of the visible rows."""
        first = max(0, min(self.first, self.at, len(self.listing.keys) - rows))
        self.first = max(first, self.at - rows + 1)
        return self.listing.keys[self.first : self.first + rows]

    def take_listing(self, listing: CardListing, key: int) -> None:
        """Show another list, with the cursor at `key` or in its place."""
        self.listing = listing
        self.selected.intersection_update(listing.keys)
        self.at = listing.keys.index(key) if key in listing.keys else self.at
        self.move(0)

    def sort(self, column: str) -> None:
        """Sort by a column; the same column reverses the order."""
        self.descending = bool(column) and column == self.sort_column and not self.descending
        self.sort_column = column

    def select(self) -> None:
        """Toggle the selection of the current card, and move on."""
        self.selected ^= {self.key}
        self.move(1)

    def select_all(self) -> None:
        """Select all cards, or none if all are selected."""
        every = set(self.listing.keys)
        self.selected = set() if self.selected == every else every
