"""What the shell offers at a tab: decks, tags, cards, terms of a search; from the index alone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from flashcards.core.search_query import STATES, WORDS_FOR_DAYS
from flashcards.storage.base_dirs import INDEX, find_places
from flashcards.storage.index.freshness import address, own_name
from flashcards.terminal.text.sanitize import safe_line

MOST, MOST_TAGS = 200, 30
PLAIN = re.compile(r"[\w.:@/+!-]+")
"""What needs no quotes in a search."""
Offers = list[tuple[str, str]]


def decks(incomplete: str) -> Offers:
    """Offer decks: by name, or by a word that is theirs alone where that is what was begun."""
    names = _deck_names()
    return [(word, name) for name in names for word in _begun(name, names, incomplete)]


def _begun(name: str, names: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield how a deck is named on the command line; one that looks like an option, by a word."""
    if name.startswith(incomplete) and not name.startswith("-") and safe_line(name) == name:
        yield name
    else:
        yield from _handle(name, names, incomplete)


def _handle(name: str, names: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield the first word of a name that begins as typed and is in no other name."""
    for word in re.findall(r"\w+", name):
        others = (other for other in names if other != name)
        if word.startswith(incomplete) and not any(
            word.casefold() in other.casefold() for other in others
        ):
            yield word
            return


def tags(incomplete: str) -> Offers:
    """Offer tags, the most used first."""
    return [(tag, f"{count} cards") for tag, count in _tags() if _fits(tag, incomplete)]


def cards(incomplete: str) -> Offers:
    """Offer ids of cards, each with its front."""
    query = (
        "SELECT id, front FROM card WHERE in_deck AND substr(id, 1, length(?)) = ? "
        "ORDER BY path, position LIMIT ?"
    )
    rows = _rows(query, (incomplete, incomplete, MOST))
    return [(name, front) for name, front in rows if _fits(name, incomplete)]


def search(incomplete: str) -> Offers:
    """Offer terms of a search that need no quotes."""
    minus = incomplete[:1] if incomplete[:1] in ("!", "-") else ""
    names = _deck_names()
    terms = [
        *((f"is:{state}", "state") for state in STATES),
        *((f"due:{day}", "day") for day in WORDS_FOR_DAYS),
        *((f"tag:{tag}", told) for tag, told in tags("")[:MOST_TAGS] if PLAIN.fullmatch(tag)),
        *((f"deck:{word}", name) for name in names for word in _handle(name, names, "")),
    ]
    found = ((minus + term, told) for term, told in terms)
    return [(term, told) for term, told in found if term.startswith(incomplete)]


def decks_and_search(incomplete: str) -> Offers:
    """Offer decks, and terms of a search."""
    return decks(incomplete) + search(incomplete)


def _deck_names() -> list[str]:
    return [name for (name,) in _rows("SELECT name FROM deck GROUP BY name ORDER BY min(path)")]


def _tags() -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for found, count in _rows("SELECT tags, count(*) FROM card WHERE in_deck GROUP BY tags"):
        for tag in found.split("\n") if found else ():
            counted[tag] = counted.get(tag, 0) + count
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _fits(value: str, incomplete: str) -> bool:
    return value.startswith(incomplete) and not value.startswith("-")


def _rows(query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Ask the index as it is: names that are a moment old do no harm, a message would."""
    index = f"{find_places(None)[3]}/{INDEX}"
    try:
        connection = sqlite3.connect(address(own_name(index), "ro"), uri=True)
        try:
            return connection.execute(query, tuple(values)).fetchall()
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return []


def setting_names(incomplete: str) -> Offers:
    """Offer the names of settings."""
    from flashcards.storage.settings.settings import KNOWN

    return [(name, setting.what) for name, setting in KNOWN.items() if name.startswith(incomplete)]
