"""Keys of the cards that a search finds, sorted by a column."""

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.core.progress import MATURE_INTERVAL
from flashcards.core.search_query import SearchContext, parse_query
from flashcards.storage.index.queries.fsrs import register_recall
from flashcards.storage.index.queries.search import build_search_condition

STATE_RANK = f"""CASE WHEN suspended THEN 4 WHEN due IS NULL THEN 0
    WHEN answered = :today AND rating < :below THEN 1 WHEN interval < {MATURE_INTERVAL} THEN 2 ELSE 3 END"""
SORT_EXPRESSIONS = {
    "front": "front COLLATE NOCASE",
    "deck": "deck COLLATE NOCASE",
    "state": STATE_RANK,
    "due": "due",
    "recall": "chance_of_recall(stability, fsrs_day)",
    "lapses": "lapses",
}
"""By column; cards without a value always come last."""


def list_card_keys(
    index: Connection, query: str, context: SearchContext, column: str = "", *, descending: bool = False
) -> list[int]:
    """Return the keys of the cards that a search finds.

    Without a column they come in deck order. Keys, because an index can answer alone: rows with texts
    take ten times as long to read. Raises UsageError.
    """
    condition = build_search_condition(index, parse_query(query, context.today), context)
    register_recall(index, context.today.toordinal())
    in_deck, order = "in_deck", "path, position"
    if column:  # "= 1" keeps SQLite from the index card_path, with which it would read all rows
        in_deck = "in_deck = 1"
        order = f"{SORT_EXPRESSIONS[column]} {'DESC' if descending else 'ASC'} NULLS LAST, key"
    rows = index.execute(
        f"SELECT key FROM card WHERE {in_deck} AND {condition.sql} ORDER BY {order}",
        {**condition.values, "today": context.today.toordinal(), "below": context.repeat_below},
    )
    return [key for (key,) in rows]


def card_ids(index: Connection, keys: Sequence[int]) -> list[CardId]:
    """Return the ids of the cards still in a deck, in the given order."""
    query = "SELECT id FROM card WHERE key = ? AND in_deck"
    rows = (index.execute(query, (key,)).fetchone() for key in keys)
    return [CardId(row[0]) for row in rows if row]


def card_key(index: Connection, card_id: CardId) -> int:
    """Return the key of a card; 0 when no deck has it."""
    row = index.execute("SELECT key FROM card WHERE id = ? AND in_deck", (card_id,)).fetchone()
    return int(row[0]) if row else 0


def count_cards(index: Connection) -> int:
    """Return the number of cards in all decks."""
    return int(index.execute("SELECT count(*) FROM card WHERE in_deck").fetchone()[0])
