"""Which cards wait on a study day: due, new, or to be repeated; siblings kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.card import CardId
from flashcards.storage import counts
from flashcards.storage.siblings import APART_DUE, APART_NEW, SETTING


def due_cards(
    index: Connection, today: int, limit: int, decks: Sequence[str] = (), tag: str = ""
) -> list[CardId]:
    """Return the cards due on an ordinal day, the longest overdue first, ties shuffled for good."""
    where, values = _only(decks, tag)
    rows = index.execute(
        "SELECT id FROM card WHERE alive AND due IS NOT NULL AND due <= :today AND NOT suspended "
        f"AND buried <= :today {where} {_apart(index, APART_DUE)} "
        "ORDER BY due, tie, id LIMIT :limit",
        {"today": today, "limit": limit, **values},
    )
    return [CardId(name) for (name,) in rows]


def new_cards(
    index: Connection, today: int, limit: int, decks: Sequence[str] = (), tag: str = ""
) -> list[CardId]:
    """Return new cards in the library's order."""
    where, values = _only(decks, tag)
    rows = index.execute(
        "SELECT id FROM card WHERE alive AND due IS NULL AND NOT suspended "
        f"AND buried <= :today {where} {_apart(index, APART_NEW)} ORDER BY path, seq LIMIT :limit",
        {"today": today, "limit": limit, **values},
    )
    return [CardId(name) for (name,) in rows]


def cards_to_repeat(
    index: Connection, today: int, below: int, decks: Sequence[str] = (), tag: str = ""
) -> list[CardId]:
    """Return the cards answered on an ordinal day that still wait for a better rating."""
    where, values = _only(decks, tag)
    rows = index.execute(
        "SELECT id FROM card WHERE alive AND answered = :today AND rating < :below "
        f"AND NOT suspended AND buried <= :today {where} ORDER BY tie, id",
        {"today": today, "below": below, **values},
    )
    return [CardId(name) for (name,) in rows]


def _apart(index: Connection, condition: str) -> str:
    """Return the condition that keeps siblings apart, unless settings let them come together."""
    return condition if counts.settings(index)[SETTING] else ""


def _only(decks: Sequence[str], tag: str) -> tuple[str, dict[str, str]]:
    """Return the condition, and its values, that keeps to some decks and a tag."""
    where, values = "", {f"deck{i}": name for i, name in enumerate(decks)}
    if decks:
        where += f" AND deck IN ({','.join(f':{place}' for place in values)})"
    if tag:
        where += (
            " AND instr(char(10) || lower(tags) || char(10), char(10) || lower(:tag) || char(10))"
        )
        values["tag"] = tag
    return where, values
