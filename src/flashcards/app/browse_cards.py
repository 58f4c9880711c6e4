"""Browse the library: the card list on this process's terminal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from sqlite3 import Connection

from flashcards.app.change_many_cards import CardChange, delete_cards, move_cards, set_due_day, tag_cards
from flashcards.app.command_context import parse_date
from flashcards.app.study.store_study_port import StorePort
from flashcards.core.cards import Card, CardId
from flashcards.core.date_text import format_day
from flashcards.core.deck_names import pick_name
from flashcards.core.events import STATE_EVENTS, Bury, EventId, Mark, UndoableEvent
from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import BROWSE_ACTIONS, resolve_bindings
from flashcards.core.progress import CardState
from flashcards.errors import FlashcardsError
from flashcards.storage.index.queries import card_list, counts
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.store import Store
from flashcards.terminal.browse.browse_port import CardListing
from flashcards.terminal.browse.loop import BrowseLoop
from flashcards.terminal.device.open_terminal import open_terminal
from flashcards.terminal.study.page_loop import PageTerminal
from flashcards.terminal.study.study_port import UndoneAction


def browse_cards(store: Store, search: str = "") -> None:
    """Show the matching cards until the user quits. Raises UsageError."""
    port = StoreBrowsePort(store)
    keys = resolve_bindings(store.settings.key_bindings, BROWSE_ACTIONS)
    port.list_cards(search)  # an invalid search is reported before the screen opens
    with open_terminal(store.settings.theme, store.settings.images, port.find_image) as (keyboard, screen):
        BrowseLoop(port, PageTerminal(keyboard, screen, keys), search).run()


class StoreBrowsePort(StorePort):
    """The card list's port, backed by the store."""

    def list_cards(self, search: str, sort_column: str = "", *, descending: bool = False) -> CardListing:
        """Return the matching cards, sorted by a column. Raises UsageError."""
        self._external_changes.index_pending()
        context = self._store.search_context

        def ask(index: Connection) -> CardListing:
            keys = card_list.list_card_keys(index, search, context, sort_column, descending=descending)
            return CardListing(keys, card_list.count_cards(index), context, current_model(index))

        return self._store.query(ask)

    def card_states(self, keys: Sequence[int]) -> list[CardState]:
        """Return cards by key, without those no longer in a deck."""
        ids = self._store.query(lambda index: card_list.card_ids(index, keys))
        return [state for card_id in ids if (state := self._store.card_state(card_id))]

    def card_key(self, card_id: CardId) -> int:
        """Return a card's key by its current id; 0 if in no deck."""
        now = card_id if self._store.card_state(card_id) else self._store.successor(card_id)
        return self._store.query(lambda index: card_list.card_key(index, now)) if now else 0

    def undo_last(self) -> UndoneAction | None:
        """Undo the last step, whatever it changed."""
        return self._take_back()

    def run_command(self, action: str, states: Sequence[CardState], words: str) -> str:
        """Run an action on cards as one step; return what was done. Raises FlashcardsError."""
        cards = [state.card for state in states]
        if action in DECK_COMMANDS:
            change, done = DECK_COMMANDS[action](self._store, cards, words)
            self._store.refresh_index()
        else:
            drafts, done = self._draft_events(action, states, words)
            self._external_changes.append_events(drafts)
            change = CardChange({card.id: [card] for card in cards})
        remarks = [remark.rstrip(".") for remark in change.remarks]
        if not change.notes:
            raise FlashcardsError("; ".join(["nothing to change", *remarks]))
        several = format_count(len(change.cards), "card")
        return "; ".join([f"{change.describe() if len(change.notes) == 1 else several}: {done}", *remarks])

    def _draft_events(
        self, action: str, states: Sequence[CardState], words: str
    ) -> tuple[Sequence[UndoableEvent], str]:
        """Return an event per card; the first card decides which way a toggle goes."""
        head, first = (EventId(""), 0, self.now()), states[0].progress
        if action == "bury":
            tomorrow = self.today() + timedelta(days=1)
            return [Bury(*head, state.card.id, tomorrow) for state in states], "buried until tomorrow"
        if action == "mark":
            on = bool(words) or first.mark is None
            done = "marked" if on else "mark removed"
            return [Mark(*head, state.card.id, on, words) for state in states], done
        make_event, done = STATE_EVENTS["unsuspend" if action == "suspend" and first.suspended else action]
        return [make_event(*head, state.card.id) for state in states], done

    def search_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the tags and decks that a search can name."""
        tags = [tag for tag, _ in self._store.query(counts.count_tags)]
        return tags, self._store.query(counts.list_deck_names)


Outcome = tuple[CardChange, str]


def _move(store: Store, cards: Sequence[Card], words: str) -> Outcome:
    """Move cards to the deck of this name, or part of it, or to a new one."""
    names = store.query(counts.list_deck_names)
    is_known = any(words.casefold() in name.casefold() for name in names)
    deck = pick_name(names, words) if is_known else words
    return move_cards(store, cards, deck), f"moved to {deck}"


def _tag(store: Store, cards: Sequence[Card], words: str) -> Outcome:
    """Add tags, and remove those with a minus."""
    # Commas separate tags that contain spaces.
    tags = [tag.strip() for tag in words.split("," if "," in words else None)]
    add = [tag.removeprefix("+") for tag in tags if not tag.startswith("-")]
    return tag_cards(store, cards, add, [tag[1:] for tag in tags if tag.startswith("-")]), "tagged"


def _set_due(store: Store, cards: Sequence[Card], words: str) -> Outcome:
    day = parse_date(words, store.today) or store.today
    return set_due_day(store, cards, day), f"due on {format_day(day)} {day.year}"


DECK_COMMANDS: Mapping[str, Callable[[Store, Sequence[Card], str], Outcome]] = {
    "delete": lambda store, cards, _: (delete_cards(store, cards), "deleted"),
    "move": _move, "tag": _tag, "set_due": _set_due,
}  # fmt: skip
