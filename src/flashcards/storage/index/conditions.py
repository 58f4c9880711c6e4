"""What a day asks, said once in SQL: `counts` counts these cards, and `choosing` takes them.

Each is a condition on `card` as of the study day :today; :since parts what is due from what a plan
works off. Bare of imports, for `flashcards due`.
"""

from __future__ import annotations

from flashcards.storage.index.sibling_rule import APART_DUE, APART_NEW, SETTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

NEW_LIMIT, REVIEW_LIMIT, REPEAT_BELOW = "new_per_day", "reviews_per_day", "repeat_below"
OF_DECK = "\n"
"""Stands in the index between a setting's name and the deck that has its own."""

AWAKE = "in_deck AND NOT suspended AND buried <= :today"
OLDEST = "due, shuffle_key, id"
"""The order in which due cards come, if no other is asked for."""
AS_WRITTEN = "path, position"
"""The order in which new cards come: the library's."""
UNSEEN = "card INDEXED BY card_new"
"""The table to find new cards in: left alone, SQLite goes through all that are not new as well."""


def due(index: Connection) -> str:
    """Return what holds of the cards that are due, but for the old ones of a plan."""
    return f"{_waiting(index)} AND due >= :since"


def late(index: Connection) -> str:
    """Return what holds of the old cards that a plan works off."""
    return f"{_waiting(index)} AND due < :since"


def new(index: Connection) -> str:
    """Return what holds of the new cards that can be asked."""
    return f"{AWAKE} AND due IS NULL {_apart(index, APART_NEW)}"


def again(index: Connection) -> tuple[str, dict[str, str | int]]:
    """Return what holds, with its values, of the cards that wait for a better rating today."""
    below, values = repeat_below(settings(index))
    return f"{AWAKE} AND answered = :today AND rating < {below}", values


def _waiting(index: Connection) -> str:
    return f"{AWAKE} AND due IS NOT NULL AND due <= :today {_apart(index, APART_DUE)}"


def _apart(index: Connection, condition: str) -> str:
    """Return the condition that keeps siblings apart, unless settings let them come together."""
    return condition if settings(index)[SETTING] else ""


def repeat_below(limits: Mapping[str, int]) -> tuple[str, dict[str, str | int]]:
    """Return the SQL, and its values, for the rating below which a card of a deck comes back."""
    own = of_decks(limits, REPEAT_BELOW)
    values: dict[str, str | int] = {"below": limits[REPEAT_BELOW]}
    whens = ""
    for i, (name, below) in enumerate(own.items()):
        values |= {f"named{i}": name, f"below{i}": below}
        whens += f" WHEN :named{i} THEN :below{i}"
    return (f"CASE deck{whens} ELSE :below END" if own else ":below"), values


def of_decks(limits: Mapping[str, int], name: str) -> dict[str, int]:
    """Return a setting of the decks that have their own."""
    lead = name + OF_DECK
    return {key.removeprefix(lead): value for key, value in limits.items() if key.startswith(lead)}


def settings(index: Connection) -> dict[str, int]:
    """Return the settings that the index was made under."""
    return dict(index.execute("SELECT name, value FROM meta WHERE typeof(value) = 'integer'"))
