"""Translate a search into a SQL condition.

A property test compares it with an interpreter of the same language in Python.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count, islice
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.core.progress import MATURE_INTERVAL, CardState
from flashcards.core.search_query import (
    MATCH_ALL,
    And,
    Not,
    Or,
    SearchContext,
    SearchQuery,
    Term,
    parse_query,
)
from flashcards.core.similar_cards import is_near_duplicate, longest_words
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.fsrs import register_recall

CASEFOLD_FUNCTION = "casefold"  # SQLite's own lower() knows ASCII only
KNOWN_TAGS = "iif(in_deck, tags, '')"  # the journal has deck and text of a card in no deck, but not its tags
# Newlines around each tag let instr() find whole tags and prefixes.
FOLDED_TAGS = f"char(10) || {CASEFOLD_FUNCTION}({KNOWN_TAGS}) || char(10)"
LEARNING_CONDITION = "(due IS NOT NULL AND answered IS ? AND rating < ?)"
STATE_CONDITIONS = {
    "new": "due IS NULL",
    "learning": LEARNING_CONDITION,
    "young": f"(due IS NOT NULL AND NOT {LEARNING_CONDITION} AND interval < {MATURE_INTERVAL})",
    "mature": f"(due IS NOT NULL AND NOT {LEARNING_CONDITION} AND interval >= {MATURE_INTERVAL})",
    "due": "(due IS NOT NULL AND due <= ? AND NOT suspended AND buried <= ?)",
    "suspended": "suspended",
    "buried": "buried > ?",
    "leech": "lapses >= ?",
    "marked": "mark IS NOT NULL",
}
NUMBER_COLUMNS = {
    "ease": "(ease / 100.0)",
    "rated": "nullif(rating, 0)",
    "recall": "chance_of_recall(stability, fsrs_day)",
}
SqlValues = tuple[str | float, ...]


class SearchCondition(NamedTuple):
    """A condition for WHERE, with its values."""

    sql: str = "1"
    values: Mapping[str, str | float] = {}


def build_search_condition(index: Connection, query: SearchQuery, context: SearchContext) -> SearchCondition:
    """Return the condition of a search on `card`, and register the functions that it calls."""
    if query == MATCH_ALL:
        return SearchCondition()
    # Names are folded as Python folds them, or a search would miss "É" for "é".
    index.create_function(CASEFOLD_FUNCTION, 1, str.casefold, deterministic=True)
    register_recall(index, context.today.toordinal())
    sql, values = _condition(query, context)
    # Named at the end: conditions are joined by position, but used with other named values.
    numbers = count()
    named_sql = re.sub(r"\?", lambda _: f":q{next(numbers)}", sql)
    return SearchCondition(named_sql, {f"q{i}": value for i, value in enumerate(values)})


def find_cards(index: Connection, query: str, context: SearchContext) -> Iterator[CardState]:
    """Yield the cards that a search finds, in the library's order. Raises UsageError."""
    condition = build_search_condition(index, parse_query(query, context.today), context)
    return cards.card_states(index, f"in_deck AND {condition.sql}", condition.values)


def find_near_duplicates(index: Connection, front: str, limit: int = 3) -> list[CardState]:
    """Return cards of the library with nearly the same front."""
    words = longest_words(front)
    if not words:
        return []
    index.create_function(CASEFOLD_FUNCTION, 1, str.casefold, deterministic=True)
    where = " OR ".join(f"instr({CASEFOLD_FUNCTION}(front), :w{i})" for i in range(len(words)))
    values = {f"w{i}": word for i, word in enumerate(words)}
    states = cards.card_states(index, f"in_deck AND ({where})", values)
    return list(islice((state for state in states if is_near_duplicate(front, state.card.front)), limit))


def _condition(query: SearchQuery, context: SearchContext) -> tuple[str, SqlValues]:  # noqa: PLR0911 (one a kind)
    match query:
        case And(terms) | Or(terms):
            parts = [_condition(term, context) for term in terms]
            operator, if_empty = (" AND ", "1") if isinstance(query, And) else (" OR ", "0")
            values = tuple(value for _, part_values in parts for value in part_values)
            return f"({operator.join(sql for sql, _ in parts) or if_empty})", values
        case Not(term):
            sql, values = _condition(term, context)
            return f"NOT {sql}", values
        case Term("text", _, str(text)):
            return _text_condition(text.casefold())
        case Term("is", _, str(state)):
            return _state_condition(state, context)
        case Term(column, sign, str(name)):
            return _name_condition(column, name, exact=sign == "=")
        case Term(column, sign, date() as day):
            return f"({column} IS NOT NULL AND {column} {sign} ?)", (day.toordinal(),)
        case Term(column, sign, float(number)):
            # A card that was never rated has no last rating, not a low one.
            return f"(coalesce({NUMBER_COLUMNS.get(column, column)} {sign} ?, 0))", (number,)
    raise TypeError(query)


def _state_condition(state: str, context: SearchContext) -> tuple[str, SqlValues]:
    sql, today = STATE_CONDITIONS[state], context.today.toordinal()
    if state in ("learning", "young", "mature"):
        return sql, (today, context.repeat_below)
    if state == "leech":
        return sql, (context.leech_lapses,)
    return sql, (today,) * sql.count("?")


def _text_condition(text: str) -> tuple[str, SqlValues]:
    columns = ("front", "back", "id", KNOWN_TAGS)
    places = " OR ".join(f"instr({CASEFOLD_FUNCTION}({column}), ?)" for column in columns)
    return f"({places})", (text,) * len(columns)


def _name_condition(column: str, name: str, *, exact: bool) -> tuple[str, SqlValues]:
    if column == "tag":
        end = "\n" if exact else ""
        return f"instr({FOLDED_TAGS}, ?)", (f"\n{name}{end}",)
    folded = f"{CASEFOLD_FUNCTION}({column})"
    if exact:
        return f"{folded} = ?", (name,)
    return f"substr({folded}, 1, ?) = ?", (len(name), name)
