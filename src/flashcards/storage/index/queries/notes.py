"""Queries for notes in deck files and histories of cards."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.cards import Card, CardId
from flashcards.core.events import CardEvent
from flashcards.storage.index.queries import cards
from flashcards.storage.index.rows import EVENT_COLUMNS, event_from_row

IS_OF_NOTE = "(id = :note OR (id >= :note || '/' AND id < :note || '0')) AND in_deck AND note = :note"
"""By the index of card ids, as there is none of notes; '0' is the character after '/'."""
CARDS_READ_AHEAD = 500
SELECT_HISTORIES = f"""SELECT {EVENT_COLUMNS}, origin.id, owner.id
    FROM event JOIN card AS origin ON origin.key = event.origin JOIN card AS owner ON owner.key = event.card
    WHERE event.card IN (SELECT next.key FROM card JOIN card AS next ON next.key = card.key
            OR next.in_deck AND next.path = card.path
                AND next.position BETWEEN card.position AND card.position + {CARDS_READ_AHEAD}
        WHERE card.id = ?)
    AND kind NOT IN ('seen', 'link', 'undo') AND event.id NOT IN (SELECT id FROM undone_event)
    ORDER BY event.card, hlc, event.id"""
"""The events of a card, and of the cards after it in its file."""


def deck_path_by_note(index: Connection) -> dict[str, str]:
    """Return the deck file of each note id."""
    return dict(index.execute("SELECT note, path FROM card WHERE in_deck"))


def count_notes(index: Connection, deck_path: str) -> int:
    """Return the number of notes of a deck file."""
    query = "SELECT count(DISTINCT note) FROM card WHERE in_deck AND path = ?"
    return int(index.execute(query, (deck_path,)).fetchone()[0])


def note_cards(index: Connection, note_id: str) -> list[Card]:
    """Return the cards of a note, in order."""
    return [state.card for state in cards.card_states(index, IS_OF_NOTE, {"note": note_id})]


def other_paths(index: Connection) -> dict[str, list[str]]:
    """Return the deck files other than the first that contain a note, by its id."""
    paths_by_note: dict[str, list[str]] = {}
    for note, path in index.execute("SELECT DISTINCT note, path FROM duplicate ORDER BY path"):
        paths_by_note.setdefault(note, []).append(path)
    return paths_by_note


class CardHistories:
    """Histories of cards as of its creation, read for many cards of a file at once."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._cards_with_events = {
            card for (card,) in index.execute("SELECT id FROM card WHERE event_count > 0")
        }
        self._histories: dict[str, list[CardEvent]] = {}

    def effective_events(self, card_id: CardId) -> Sequence[CardEvent]:
        """Return the effective events of a card, in order; quick for the next cards of its file."""
        if card_id in self._cards_with_events and card_id not in self._histories:
            self._histories = {card_id: []}
            for *columns, card, owner in self._index.execute(SELECT_HISTORIES, (card_id,)):
                event = event_from_row(columns, card)
                if isinstance(event, CardEvent):
                    self._histories.setdefault(owner, []).append(event)
        return self._histories.get(card_id, ())
