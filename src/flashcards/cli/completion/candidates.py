"""Shell completion from the index."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flashcards.core.days import RELATIVE_DAYS
from flashcards.core.search_query import CARD_STATES
from flashcards.storage.base_dirs import INDEX_FILE_NAME, find_base_dirs
from flashcards.storage.index.freshness import inode_name, sqlite_uri
from flashcards.storage.settings.settings import SETTING_DEFINITIONS
from flashcards.terminal.text.sanitize import sanitize_line

MAX_TAGS = 30
NO_VALUES: Mapping[str, object] = {}
UNQUOTED = re.compile(r"[\w.:@/+!-]+")  # values that need no quotes in a search
Completions = list[tuple[str, str]]


def complete_decks(incomplete: str) -> Completions:
    """Complete decks by name or by a unique word of it."""
    names = _deck_names()
    return [(word, name) for name in names for word in _deck_words(name, names, incomplete)]


def _deck_words(name: str, names: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield a deck's name, or a unique word where that is safer."""
    if name.startswith(incomplete) and not name.startswith("-") and sanitize_line(name) == name:
        yield name
    else:
        yield from _unique_words(name, names, incomplete)


def _unique_words(name: str, names: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield the first matching word of a name that no other name has."""
    for word in re.findall(r"\w+", name):
        others = (other for other in names if other != name)
        if word.startswith(incomplete) and not any(word.casefold() in other.casefold() for other in others):
            yield word
            return


def complete_tags(incomplete: str) -> Completions:
    """Complete tags, the most used first."""
    return [
        (tag, f"{count} card{'s' * (count != 1)}")
        for tag, count in _tag_counts()
        if _is_completion(tag, incomplete)
    ]


def complete_cards(incomplete: str) -> Completions:
    """Complete cards by their own id or a unique word of the front."""
    query = (
        "SELECT iif(has_own_id, id, ''), front FROM card WHERE in_deck "
        "AND (instr(front, :begun) OR substr(id, 1, length(:begun)) = :begun) "
        "ORDER BY path, position LIMIT 200"
    )
    rows = _query_index(query, {"begun": incomplete})
    fronts = [front for _, front in rows]
    return [
        (word, front)
        for own, front in rows
        for word in (
            [own] if own.startswith(incomplete) and own else _unique_words(front, fronts, incomplete)
        )
        if _is_completion(word, incomplete)
    ]


def complete_search(incomplete: str) -> Completions:
    """Complete search terms that need no quotes."""
    minus = incomplete[:1] if incomplete[:1] in ("!", "-") else ""
    names = _deck_names()
    terms = [
        *((f"is:{state}", "state") for state in CARD_STATES),
        *((f"due:{day}", "day") for day in RELATIVE_DAYS),
        *((f"tag:{tag}", cards) for tag, cards in complete_tags("")[:MAX_TAGS] if UNQUOTED.fullmatch(tag)),
        *((f"deck:{word}", name) for name in names for word in _unique_words(name, names, "")),
    ]
    return [(minus + term, about) for term, about in terms if (minus + term).startswith(incomplete)]


def complete_decks_or_search(incomplete: str) -> Completions:
    """Complete decks and search terms."""
    return complete_decks(incomplete) + complete_search(incomplete)


def _deck_names() -> list[str]:
    return [name for (name,) in _query_index("SELECT name FROM deck GROUP BY name ORDER BY min(path)")]


def _tag_counts() -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for tag_lines, count in _query_index("SELECT tags, count(*) FROM card WHERE in_deck GROUP BY tags"):
        for tag in tag_lines.split("\n") if tag_lines else ():
            counted[tag] = counted.get(tag, 0) + count
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _is_completion(value: str, incomplete: str) -> bool:
    return value.startswith(incomplete) and not value.startswith("-")


def _query_index(query: str, values: Mapping[str, object] = NO_VALUES) -> list[tuple[Any, ...]]:
    """Query the index as it is: stale names do no harm, a message would."""
    index = f"{find_base_dirs(None)[3]}/{INDEX_FILE_NAME}"
    try:
        connection = sqlite3.connect(sqlite_uri(inode_name(index), "ro"), uri=True)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return []


def complete_setting_names(incomplete: str) -> Completions:
    """Complete the names of settings."""
    return [
        (name, setting.description)
        for name, setting in SETTING_DEFINITIONS.items()
        if name.startswith(incomplete)
    ]
