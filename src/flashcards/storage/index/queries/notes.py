"""Which notes the library has, and where: what decides whether one that comes in is new."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.core.events import AboutCard
from flashcards.storage.index.queries import cards

TEXTS = """SELECT line, front, back FROM card
WHERE (id = :note OR (id >= :note || '/' AND id < :note || '0'))
    AND in_deck AND +path = :path AND note = :note"""
"""By the ids that its cards can have: to go through the file's cards would cost all of them."""


def homes(index: Connection) -> dict[str, str]:
    """Return the deck file, relative to the data folder, of each note's id."""
    return dict(index.execute("SELECT note, path FROM card WHERE in_deck"))


def texts(index: Connection, path: str, note: str) -> list[tuple[int, str, str]]:
    """Return (line, front, back) of each card that a note of a deck file makes."""
    return list(index.execute(TEXTS, {"path": path, "note": note}))


class Histories:
    """What happened to cards so far; those without a history, most of a first import, cost little.

    It has seen the index as it was when this was made.
    """

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._cards = {
            card for (card,) in index.execute("SELECT id FROM card WHERE event_count > 0")
        }

    def of(self, card: CardId) -> Sequence[AboutCard]:
        """Return the effective events of a card, in order."""
        return cards.events(self._index, card) if card in self._cards else ()
