"""Find notes in deck files and the histories of cards."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.cards import Card, CardId
from flashcards.core.events import CardEvent
from flashcards.storage.index.queries import cards

IS_OF_NOTE = "(id = :note OR (id >= :note || '/' AND id < :note || '0')) AND in_deck AND note = :note"
"""By the ids that its cards can have: to go through a file's cards would cost all of them."""


def deck_path_by_note(index: Connection) -> dict[str, str]:
    """Return the deck file, relative to the data folder, of each note's id."""
    return dict(index.execute("SELECT note, path FROM card WHERE in_deck"))


def count_notes(index: Connection, deck_path: str) -> int:
    """Return how many notes of a deck file are asked."""
    query = "SELECT count(DISTINCT note) FROM card WHERE in_deck AND path = ?"
    return int(index.execute(query, (deck_path,)).fetchone()[0])


def note_cards(index: Connection, ident: str) -> list[Card]:
    """Return the cards that a note makes, in its order."""
    return [state.card for state in cards.card_states(index, IS_OF_NOTE, {"note": ident})]


def other_paths(index: Connection) -> dict[str, list[str]]:
    """Return the deck files that have a note which is asked from another file, by the note's id."""
    found: dict[str, list[str]] = {}
    for note, path in index.execute("SELECT DISTINCT note, path FROM duplicate ORDER BY path"):
        found.setdefault(note, []).append(path)
    return found


class CardHistories:
    """What happened to cards so far; those without a history, most of a first import, cost little.

    It has seen the index as it was when this was made.
    """

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._cards_with_events = {
            card for (card,) in index.execute("SELECT id FROM card WHERE event_count > 0")
        }

    def effective_events(self, card_id: CardId) -> Sequence[CardEvent]:
        """Return the effective events of a card, in order."""
        return cards.effective_events(self._index, card_id) if card_id in self._cards_with_events else ()
