"""SQL conditions: due, new, backlog and repeated cards.

Each is a condition on `card` as of the study day :today; cards due before :since are the backlog of a
plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Connection

from flashcards.storage.index.siblings import (
    SIBLINGS_APART_DUE,
    SIBLINGS_APART_NEW,
    SIBLINGS_APART_SETTING,
)

NEW_LIMIT_SETTING, REVIEW_LIMIT_SETTING = "new_per_day", "reviews_per_day"
REPEAT_BELOW_SETTING = "repeat_below"
DECK_SETTING_SEPARATOR = "\n"  # between a setting and the deck that overrides it

# SQLite uses a partial index only for a query that contains the index's own condition literally:
# so these are texts to be joined, and only values are parameters.
IS_AVAILABLE = "in_deck AND NOT suspended AND buried <= :today"
# Multiplication modulo a prime permutes the keys: another order each day, the same all day.
SHUFFLED = "(shuffle_key % 1000003 * (:today % 999983 + 1)) % 1000003, id"
"""Seeded by the study day, the same on every device."""
OLDEST_FIRST = f"due, {SHUFFLED}"  # the default order of due cards
NEW_CARD_TABLE = "card INDEXED BY card_new"  # forced: else SQLite reads all cards that are not new, too


def due_condition(index: Connection) -> str:
    """Return the condition of due cards outside a plan's backlog."""
    return f"{_due_until_today(index)} AND due >= :since"


def backlog_condition(index: Connection) -> str:
    """Return the condition of due cards in a plan's backlog."""
    return f"{_due_until_today(index)} AND due < :since"


def new_condition(index: Connection) -> str:
    """Return the condition of new cards that can be asked."""
    return f"{IS_AVAILABLE} AND due IS NULL {_siblings_apart(index, SIBLINGS_APART_NEW)}"


def repeat_condition(index: Connection) -> tuple[str, dict[str, str | int]]:
    """Return (condition, values) of the cards to repeat today."""
    threshold, values = repeat_below_sql(index_settings(index))
    return f"{IS_AVAILABLE} AND answered = :today AND rating < {threshold}", values


def _due_until_today(index: Connection) -> str:
    apart = _siblings_apart(index, SIBLINGS_APART_DUE)
    return f"{IS_AVAILABLE} AND due IS NOT NULL AND due <= :today {apart}"


def _siblings_apart(index: Connection, condition: str) -> str:
    """Return the condition, or "" if the settings allow siblings together."""
    return condition if index_settings(index)[SIBLINGS_APART_SETTING] else ""


def repeat_below_sql(limits: Mapping[str, int]) -> tuple[str, dict[str, str | int]]:
    """Return (SQL, values) of a deck's rating below which cards repeat."""
    own = deck_settings(limits, REPEAT_BELOW_SETTING)
    values: dict[str, str | int] = {"below": limits[REPEAT_BELOW_SETTING]}
    whens = ""
    for i, (name, below) in enumerate(own.items()):
        values |= {f"named{i}": name, f"below{i}": below}
        whens += f" WHEN :named{i} THEN :below{i}"
    return (f"CASE deck{whens} ELSE :below END" if own else ":below"), values


def deck_settings(limits: Mapping[str, int], name: str) -> dict[str, int]:
    """Return a setting of the decks that override it."""
    lead = name + DECK_SETTING_SEPARATOR
    return {key.removeprefix(lead): value for key, value in limits.items() if key.startswith(lead)}


def index_settings(index: Connection) -> dict[str, int]:
    """Return the settings that the index was built with."""
    return dict(index.execute("SELECT name, value FROM meta WHERE typeof(value) = 'integer'"))
