"""A search as a condition of SQL, so that choosing among 100,000 cards takes no longer than asking.

Says the same as `core.search.fits`; a property test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from sqlite3 import Connection

from flashcards.core.duplicates import near, telling
from flashcards.core.progress import LEECH, MATURE, REPEAT_BELOW, Entry
from flashcards.core.search_query import (
    EVERYTHING,
    All,
    Day,
    Either,
    Name,
    Not,
    Number,
    Query,
    Word,
    read,
)
from flashcards.storage.index.queries import cards

FOLD = "casefold"
"""SQLite's own lower() knows ASCII only."""
TAGS = f"char(10) || {FOLD}(tags) || char(10)"
LEARNING = "(due IS NOT NULL AND answered IS ? AND rating < ?)"
STATES = {
    "new": "due IS NULL",
    "learning": LEARNING,
    "young": f"(due IS NOT NULL AND NOT {LEARNING} AND interval < {MATURE})",
    "mature": f"(due IS NOT NULL AND NOT {LEARNING} AND interval >= {MATURE})",
    "due": "(due IS NOT NULL AND due <= ? AND NOT suspended AND buried <= ?)",
    "suspended": "suspended",
    "buried": "buried > ?",
    "leech": "lapses >= ?",
    "marked": "mark IS NOT NULL",
}
NUMBERS = {"ease": "(ease / 100.0)"}
Values = tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands after WHERE, with its values."""

    sql: str = "1"
    values: Mapping[str, str | float] = field(default_factory=dict)


def condition(
    index: Connection,
    query: Query,
    today: date,
    repeat_below: int = REPEAT_BELOW,
    leech: int = LEECH,
) -> Condition:
    """Return the condition that keeps to a search among the living cards."""
    if query == EVERYTHING:
        return Condition()
    # Names are folded as Python folds them, or a search would miss "É" for "é".
    index.create_function(FOLD, 1, str.casefold, deterministic=True)
    sql, values = _Writer(today.toordinal(), repeat_below, leech).write(query)
    # Named at the end: the writer counts on places, and whoever uses the condition on names.
    names = iter(range(len(values)))
    named = re.sub(r"\?", lambda _: f":q{next(names)}", sql)
    return Condition(named, {f"q{i}": value for i, value in enumerate(values)})


def find_entries(
    index: Connection,
    query: str,
    today: date,
    repeat_below: int = REPEAT_BELOW,
    leech: int = LEECH,
) -> Iterator[Entry]:
    """Yield the cards that a search finds, in the library's order. Raises UsageError."""
    found = condition(index, read(query, today), today, repeat_below, leech)
    return cards.entries(index, f"in_deck AND {found.sql}", found.values)


def near_entries(index: Connection, front: str, most: int = 3) -> list[Entry]:
    """Return cards of the library that ask nearly the same as a front."""
    words = telling(front)
    if not words:
        return []
    index.create_function(FOLD, 1, str.casefold, deterministic=True)
    where = " OR ".join(f"instr({FOLD}(front), :w{i})" for i in range(len(words)))
    values = {f"w{i}": word for i, word in enumerate(words)}
    found = cards.entries(index, f"in_deck AND ({where})", values)
    return list(islice((entry for entry in found if near(front, entry.card.front)), most))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes conditions as seen on a study day (an ordinal)."""

    today: int
    repeat_below: int
    leech: int

    def write(self, query: Query) -> tuple[str, Values]:  # noqa: PLR0911 (one a kind of term)
        match query:
            case All(terms):
                return self._joined(terms, " AND ", "1")
            case Either(terms):
                return self._joined(terms, " OR ", "0")
            case Not(term):
                sql, values = self.write(term)
                return f"NOT {sql}", values
            case Word(text):
                return _word(text.casefold())
            case Name():
                return _name(query)
            case Number(field, sign, value):
                column = NUMBERS.get(field, "rating" if field == "rated" else field)
                rated = " AND rating > 0" if field == "rated" else ""
                return f"({column} {sign} ?{rated})", (value,)
            case Day(field, sign, day):
                return f"({field} IS NOT NULL AND {field} {sign} ?)", (day.toordinal(),)
            case _:
                return self._state(query.state)

    def _joined(self, terms: tuple[Query, ...], word: str, empty: str) -> tuple[str, Values]:
        parts = [self.write(term) for term in terms]
        values = tuple(value for _, found in parts for value in found)
        return f"({word.join(sql for sql, _ in parts) or empty})", values

    def _state(self, state: str) -> tuple[str, Values]:
        sql = STATES[state]
        if state in ("learning", "young", "mature"):
            return sql, (self.today, self.repeat_below)
        if state == "leech":
            return sql, (self.leech,)
        return sql, (self.today,) * sql.count("?")


def _word(text: str) -> tuple[str, Values]:
    columns = ("front", "back", "id", "tags")
    places = " OR ".join(f"instr({FOLD}({column}), ?)" for column in columns)
    return f"({places})", (text,) * len(columns)


def _name(wanted: Name) -> tuple[str, Values]:
    if wanted.field == "tag":
        end = "\n" if wanted.whole else ""
        return f"instr({TAGS}, ?)", (f"\n{wanted.value}{end}",)
    folded = f"{FOLD}({wanted.field})"
    if wanted.whole:
        return f"{folded} = ?", (wanted.value,)
    return f"substr({folded}, 1, ?) = ?", (len(wanted.value), wanted.value)
