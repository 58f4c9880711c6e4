"""Browse the library: the list of cards on this process's terminal."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.app.study.store_ports import StorePort
from flashcards.core.cards import CardId
from flashcards.core.events import UndoableEvent
from flashcards.core.key_bindings import BROWSE_ACTIONS, resolve_bindings
from flashcards.core.progress import CardState
from flashcards.storage.index.queries import card_list, counts
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.store import Store
from flashcards.terminal.browse.loop import BrowseLoop
from flashcards.terminal.browse.ports import CardListing
from flashcards.terminal.device.terminal import open_terminal


def browse_cards(store: Store, search: str = "") -> None:
    """Show the cards that a search finds until the user leaves the list. Raises UsageError."""
    port = StoreBrowsePort(store)
    keys = resolve_bindings(store.settings.key_bindings, BROWSE_ACTIONS)
    port.list_cards(search)  # what is wrong with it is told before the screen opens
    with open_terminal(store.settings.theme, store.settings.images, port.find_image) as (keyboard, screen):
        BrowseLoop(port, keyboard, screen, keys, search).run()


class StoreBrowsePort(StorePort):
    """The port of the list that reads from the store and writes to it."""

    def list_cards(self, search: str, sort_column: str = "", *, descending: bool = False) -> CardListing:
        """Return what a search finds, sorted by a column. Raises UsageError."""
        self._external_changes.index_pending()
        context = self._store.search_context

        def ask(index: Connection) -> CardListing:
            keys = card_list.list_card_keys(index, search, context, sort_column, descending=descending)
            return CardListing(keys, card_list.count_cards(index), context, current_model(index))

        return self._store.query(ask)

    def card_states(self, keys: Sequence[int]) -> list[CardState]:
        """Return cards by their keys, but for those that are in no deck any more."""
        ids = self._store.query(lambda index: card_list.card_ids(index, keys))
        return [state for card_id in ids if (state := self._store.card_state(card_id))]

    def card_key(self, card_id: CardId) -> int:
        """Return the key of a card, under the id that it has by now."""
        now = card_id if self._store.card_state(card_id) else self._store.successor(card_id)
        return self._store.query(lambda index: card_list.card_key(index, now)) if now else 0

    def append_events(self, events: Sequence[UndoableEvent]) -> None:
        """Put events on the disk, as one step for undo. Raises StoreError."""
        self._external_changes.append_events(events)
        self._forget_scheduler()

    def search_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the tags and the decks that a search can name."""
        return self._store.query(card_list.list_tags), self._store.query(counts.list_deck_names)
