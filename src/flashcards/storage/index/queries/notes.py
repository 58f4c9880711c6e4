"""Queries for the notes in deck files."""

from sqlite3 import Connection

from flashcards.core.cards import Card
from flashcards.storage.index.queries import cards

IS_OF_NOTE = "(id = :note OR (id >= :note || '/' AND id < :note || '0')) AND in_deck AND note = :note"
"""By the index of card ids, as there is none of notes; '0' is the character after '/'."""


def deck_path_by_note(index: Connection) -> dict[str, str]:
    """Return the deck file of each note id."""
    return dict(index.execute("SELECT note, path FROM card WHERE in_deck"))


def note_cards(index: Connection, note_id: str) -> list[Card]:
    """Return the cards of a note, in order."""
    return [state.card for state in cards.card_states(index, IS_OF_NOTE, {"note": note_id})]


def other_paths(index: Connection) -> dict[str, list[str]]:
    """Return the deck files other than the first that contain a note, by its id."""
    paths_by_note: dict[str, list[str]] = {}
    for note, path in index.execute("SELECT DISTINCT note, path FROM duplicate ORDER BY path"):
        paths_by_note.setdefault(note, []).append(path)
    return paths_by_note
