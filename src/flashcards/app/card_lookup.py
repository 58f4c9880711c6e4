"""Which card a person means by a few letters."""

from __future__ import annotations

from flashcards.app.terminal_width import columns
from flashcards.core.cards import CardId
from flashcards.core.progress import Entry
from flashcards.errors import FlashcardsError
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from flashcards.terminal.text.plain_table import Fit, table

SHOWN = 8
"""Cards that are listed where several could be meant."""


def one_card(store: Store, words: str) -> Entry:
    """Return the one card meant. Raises FlashcardsError when it is none, or could be several."""
    return _one(store, words, cards.find(store.index.connection, words))


def any_card(store: Store, words: str) -> tuple[Entry, bool]:
    """Return the one card meant, and whether a deck has it; one that none has can be meant too."""
    found = cards.find(store.index.connection, words)
    entry = _one(store, words, found or cards.find_gone(store.index.connection, words))
    return entry, store.entry(entry.card.id) is not None


def _one(store: Store, words: str, found: list[CardId]) -> Entry:
    if len(found) == 1:
        entry = store.entry(found[0]) or cards.any_entry(store.index.connection, found[0])
        if entry is not None:
            return entry
    if not found:
        raise FlashcardsError(f"There is no card {words!r}. flashcards cards lists them.")
    raise FlashcardsError(
        f"{words!r} could be several cards; write one of these ids:\n{_listed(store, found)}"
    )


def _listed(store: Store, found: list[CardId]) -> str:
    """Return the first of several cards, an id and the beginning of a front a line."""
    entries = [store.entry(card) or cards.any_entry(store.index.connection, card)
               for card in found[:SHOWN]]  # fmt: skip
    rows = [(entry.card.id, entry.card.front) for entry in entries if entry]
    lines = [f"  {line}" for line in table(("", ""), rows, Fit(columns() - 2, {1: 12}))][1:]
    return "\n".join([*lines, "  …"] if len(found) > SHOWN else lines)
