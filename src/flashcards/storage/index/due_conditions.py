"""SQL conditions: due, new, backlog and repeated cards.

Each is a condition on `card` as of the study day :today; cards due before :since are the backlog of a
plan.
"""

from collections.abc import Mapping
from sqlite3 import Connection

from flashcards.storage.index.siblings import (
    NO_SIBLING_BEFORE_DUE,
    NO_SIBLING_BEFORE_NEW,
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
    return f"{IS_AVAILABLE} AND due IS NULL {_if_siblings_apart(index, NO_SIBLING_BEFORE_NEW)}"


def repeat_condition(index: Connection) -> tuple[str, dict[str, str | int]]:
    """Return (condition, values) of the cards to repeat today."""
    settings = index_settings(index)
    values: dict[str, str | int] = {"below": settings[REPEAT_BELOW_SETTING]}
    cases = ""
    for i, (name, below) in enumerate(deck_settings(settings, REPEAT_BELOW_SETTING).items()):
        values |= {f"named{i}": name, f"below{i}": below}
        cases += f" WHEN :named{i} THEN :below{i}"
    threshold = f"CASE deck{cases} ELSE :below END" if cases else ":below"
    return f"{IS_AVAILABLE} AND answered = :today AND rating < {threshold}", values


def _due_until_today(index: Connection) -> str:
    no_sibling_before = _if_siblings_apart(index, NO_SIBLING_BEFORE_DUE)
    return f"{IS_AVAILABLE} AND due IS NOT NULL AND due <= :today {no_sibling_before}"


def _if_siblings_apart(index: Connection, condition: str) -> str:
    """Return the condition, or "" if the settings allow siblings together."""
    return condition if index_settings(index)[SIBLINGS_APART_SETTING] else ""


def deck_settings(settings: Mapping[str, int], name: str) -> dict[str, int]:
    """Return the values of a setting by deck, for the decks that override it."""
    prefix = name + DECK_SETTING_SEPARATOR
    return {key.removeprefix(prefix): value for key, value in settings.items() if key.startswith(prefix)}


def index_settings(index: Connection) -> dict[str, int]:
    """Return the settings that the index was built with; a deck's are named as in `deck_settings`."""
    return dict(index.execute("SELECT name, value FROM meta WHERE typeof(value) = 'integer'"))
