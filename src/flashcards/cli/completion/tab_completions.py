"""Shell completion from the index."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TypeVar

from flashcards.core.date_text import RELATIVE_DAYS
from flashcards.core.search_query import CARD_STATES
from flashcards.storage.base_dirs import INDEX_FILE_NAME, find_base_dirs
from flashcards.storage.index.check_index import inode_name, sqlite_uri
from flashcards.storage.index.queries.counts import count_tags, list_deck_names
from flashcards.storage.settings.settings import SETTING_DEFINITIONS
from flashcards.terminal.text.sanitize import sanitize_line

MAX_TAGS = 30
UNQUOTED = re.compile(r"[\w.:@/+!-]+")  # values that need no quotes in a search
Completions = list[tuple[str, str]]
T = TypeVar("T")


def complete_decks(incomplete: str) -> Completions:
    """Complete decks by name or by a unique word of it."""
    names = _query_index(list_deck_names)
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
        for tag, count in _query_index(count_tags)
        if _is_completion(tag, incomplete)
    ]


def complete_cards(incomplete: str) -> Completions:
    """Complete cards by their own id or a unique word of the front."""
    query = (
        "SELECT iif(has_own_id, id, ''), front FROM card WHERE in_deck "
        "AND (instr(front, :begun) OR substr(id, 1, length(:begun)) = :begun) "
        "ORDER BY path, position LIMIT 200"
    )
    rows = _query_index(lambda index: index.execute(query, {"begun": incomplete}).fetchall())
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
    names = _query_index(list_deck_names)
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


def _is_completion(value: str, incomplete: str) -> bool:
    return value.startswith(incomplete) and not value.startswith("-")


def _query_index(query: Callable[[sqlite3.Connection], list[T]]) -> list[T]:
    """Query the index as it is: stale names do no harm, a message would."""
    index = f"{find_base_dirs(None)[3]}/{INDEX_FILE_NAME}"
    try:
        with closing(sqlite3.connect(sqlite_uri(inode_name(index), "ro"), uri=True)) as connection:
            return query(connection)
    except (sqlite3.Error, OSError):
        return []


def complete_setting_names(incomplete: str) -> Completions:
    """Complete the names of settings."""
    return [
        (name, setting.description)
        for name, setting in SETTING_DEFINITIONS.items()
        if name.startswith(incomplete)
    ]
