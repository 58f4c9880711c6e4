"""SQL conditions: due, new, backlog and repeated cards.

Each is a condition on `card` as of the study day :today; :since parts what is due from what a plan
works off.
"""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Connection

from flashcards.storage.index.sibling_rule import (
    SIBLINGS_APART_DUE,
    SIBLINGS_APART_NEW,
    SIBLINGS_APART_SETTING,
)

NEW_LIMIT_SETTING, REVIEW_LIMIT_SETTING, REPEAT_BELOW_SETTING = (
    "new_per_day",
    "reviews_per_day",
    "repeat_below",
)
DECK_SETTING_SEPARATOR = "\n"
"""Stands in the index between a setting's name and the deck that has its own."""

# SQLite takes a partial index only for a query in which the index's own condition stands as it is
# written there: so these are texts to be put together, and only values go in as parameters.
IS_AVAILABLE = "in_deck AND NOT suspended AND buried <= :today"
# Multiplied within a field of prime size: another order each day, and the same all day long.
SHUFFLED = "(shuffle_key % 1000003 * (:today % 999983 + 1)) % 1000003, id"
"""An order that the study day seeds, alike on every machine."""
OLDEST_FIRST = f"due, {SHUFFLED}"
"""The order in which due cards come, if no other is asked for."""
NEW_CARD_TABLE = "card INDEXED BY card_new"
"""The table to find new cards in: left alone, SQLite goes through all that are not new as well."""


def due_condition(index: Connection) -> str:
    """Return what holds of the cards that are due, but for the old ones of a plan."""
    return f"{_due_until_today(index)} AND due >= :since"


def backlog_condition(index: Connection) -> str:
    """Return what holds of the old cards that a plan works off."""
    return f"{_due_until_today(index)} AND due < :since"


def new_condition(index: Connection) -> str:
    """Return what holds of the new cards that can be asked."""
    return f"{IS_AVAILABLE} AND due IS NULL {_siblings_apart(index, SIBLINGS_APART_NEW)}"


def repeat_condition(index: Connection) -> tuple[str, dict[str, str | int]]:
    """Return what holds, with its values, of the cards that wait for a better rating today."""
    threshold, values = repeat_below_sql(index_settings(index))
    return f"{IS_AVAILABLE} AND answered = :today AND rating < {threshold}", values


def _due_until_today(index: Connection) -> str:
    apart = _siblings_apart(index, SIBLINGS_APART_DUE)
    return f"{IS_AVAILABLE} AND due IS NOT NULL AND due <= :today {apart}"


def _siblings_apart(index: Connection, condition: str) -> str:
    """Return the condition that keeps siblings apart, unless settings let them come together."""
    return condition if index_settings(index)[SIBLINGS_APART_SETTING] else ""


def repeat_below_sql(limits: Mapping[str, int]) -> tuple[str, dict[str, str | int]]:
    """Return the SQL, and its values, for the rating below which a card of a deck comes back."""
    own = deck_settings(limits, REPEAT_BELOW_SETTING)
    values: dict[str, str | int] = {"below": limits[REPEAT_BELOW_SETTING]}
    whens = ""
    for i, (name, below) in enumerate(own.items()):
        values |= {f"named{i}": name, f"below{i}": below}
        whens += f" WHEN :named{i} THEN :below{i}"
    return (f"CASE deck{whens} ELSE :below END" if own else ":below"), values


def deck_settings(limits: Mapping[str, int], name: str) -> dict[str, int]:
    """Return a setting of the decks that have their own."""
    lead = name + DECK_SETTING_SEPARATOR
    return {key.removeprefix(lead): value for key, value in limits.items() if key.startswith(lead)}


def index_settings(index: Connection) -> dict[str, int]:
    """Return the settings that the index was made under."""
    return dict(index.execute("SELECT name, value FROM meta WHERE typeof(value) = 'integer'"))
