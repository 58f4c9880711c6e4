"""Find a card by id, id prefix or words."""

from collections.abc import Sequence

from flashcards.app.search_arguments import TERM_PATTERN, join_search
from flashcards.app.terminal_width import terminal_width
from flashcards.core.cards import Card, CardId
from flashcards.core.progress import CardState
from flashcards.core.quote_cards import quote_front
from flashcards.errors import FlashcardsError
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries import search as queries_search
from flashcards.storage.store import Store
from flashcards.terminal.text.plain_table import TableFit, table_lines

MAX_LISTED = 8


def find_card(store: Store, query: str) -> CardState:
    """Return the one matching card. Raises FlashcardsError if there is none, or several."""
    return _require_single_card(store, query, store.query(lambda index: cards.find_card_ids(index, query)))


def find_cards(store: Store, words: Sequence[str]) -> list[Card]:
    """Return the cards meant by words: one card each, or a search.

    Raises FlashcardsError if a word matches no card or several, or the card is in no deck.
    """
    if any(map(TERM_PATTERN.fullmatch, words)):
        return search_cards(store, words)
    try:
        return list(dict.fromkeys(find_deck_card(store, word) for word in words))
    except FlashcardsError:
        ids = store.query(lambda index: cards.find_card_ids(index, " ".join(words)))
        if len(words) > 1 and len(ids) == 1:  # a front without quotes around it
            return [find_deck_card(store, ids[0])]
        raise


def search_cards(store: Store, words: Sequence[str]) -> list[Card]:
    """Return the matching cards. Raises FlashcardsError if there are none."""
    search, context = join_search(words), store.search_context
    if states := store.query(lambda index: list(queries_search.find_cards(index, search, context))):
        return [state.card for state in states]
    raise FlashcardsError(f"No card matches {search}. List all cards: flashcards cards")


def find_deck_card(store: Store, query: str) -> Card:
    """Return the one matching card, which must be in a deck. Raises FlashcardsError."""
    card = find_card(store, query).card
    if store.card_state(card.id) is None:
        raise FlashcardsError(
            f"{quote_front(card.front)} is no longer in any deck. Its history is kept: "
            "add it back to a deck file with the same id or text to continue it."
        )
    return card


def find_any_card(store: Store, query: str) -> tuple[CardState, bool]:
    """Return the one matching card, and whether it is in a deck."""
    card_ids = store.query(lambda index: cards.find_card_ids(index, query, with_orphans=True))
    entry = _require_single_card(store, query, card_ids)
    return entry, store.card_state(entry.card.id) is not None


def _require_single_card(store: Store, query: str, card_ids: list[CardId]) -> CardState:
    if len(card_ids) == 1 and (state := _card_state(store, card_ids[0])):
        return state
    if not card_ids:
        raise FlashcardsError(f"No card matches {query!r}. List all cards: flashcards cards")
    raise FlashcardsError(
        f"{query!r} matches several cards. Use one of these ids:\n{_list_cards(store, card_ids)}"
    )


def _card_state(store: Store, card: CardId) -> CardState | None:
    return store.card_state(card) or store.query(lambda index: cards.any_card_state(index, card))


def _list_cards(store: Store, card_ids: list[CardId]) -> str:
    entries = [_card_state(store, card) for card in card_ids[:MAX_LISTED]]
    rows = [(entry.card.id, entry.card.front) for entry in entries if entry]
    lines = [f"  {line}" for line in table_lines(("", ""), rows, TableFit(terminal_width() - 2, {1: 12}))][1:]
    return "\n".join([*lines, "  …"] if len(card_ids) > MAX_LISTED else lines)
