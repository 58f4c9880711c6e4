"""What the shell offers at a tab: decks, tags, cards, terms of a search; from the index alone."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from flashcards.core.query import STATES, WORDS_FOR_DAYS
from flashcards.storage.indexing.freshness import address, own_name
from flashcards.storage.places import INDEX, find_places

TYPED = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where a shell puts the command line: bash in the first, zsh and fish in the second."""
LEAD = "_FLASHCARDS_LEAD"
MOST, MOST_TAGS = 200, 30
PLAIN = re.compile(r"[\w.:@/+!-]+")
"""What needs no quotes in any shell."""
Offers = list[tuple[str, str]]


def words_typed() -> list[str]:
    """Return the words of the command line that a shell wants to be completed.

    Bash breaks words at a colon; they are put together again, and what stands before the last
    colon of the word in hand is kept in LEAD, for bash completes only what is behind it.
    """
    if "COMP_WORDS" in os.environ:
        words, at = _joined(os.environ["COMP_WORDS"].split(), int(os.environ["COMP_CWORD"]))
        if at < len(words) and ":" in words[at]:
            lead, _, rest = words[at].rpartition(":")
            os.environ[LEAD] = f"{lead}:"
            words[at : at + 1] = [rest] if rest else []
        os.environ |= {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(at)}
    typed = next((os.environ[name] for name in TYPED if name in os.environ), "")
    return typed.split()[1:]


def _joined(words: list[str], at: int) -> tuple[list[str], int]:
    """Return words without the breaks at colons, and the place that `at` has among them."""
    found: list[str] = []
    place = at
    for i, word in enumerate(words):
        if found and (word == ":" or found[-1].endswith(":")):
            found[-1] += word
            place -= i <= at
        else:
            found.append(word)
    return found, place


def decks(incomplete: str) -> Offers:
    """Offer decks: by a word that is theirs alone, so that no quotes are needed."""
    names = [name for (name,) in _rows("SELECT name FROM deck GROUP BY name ORDER BY min(path)")]
    return [(word, name) for name in names for word in _handle(name, names, incomplete)]


def _handle(name: str, names: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield the first word of a name that begins as typed and is in no other name."""
    for word in re.findall(r"\w+", name):
        others = (other for other in names if other != name)
        if word.casefold().startswith(incomplete.casefold()) and not any(
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
        "SELECT id, front FROM card WHERE alive AND substr(id, 1, length(?)) = ? "
        "ORDER BY path, seq LIMIT ?"
    )
    rows = _rows(query, (incomplete, incomplete, MOST))
    return [(name, " ".join(front.split())[:60]) for name, front in rows if _fits(name, incomplete)]


def search(incomplete: str) -> Offers:
    """Offer terms of a search that need no quotes."""
    lead = os.environ.get(LEAD, "")
    typed = lead + incomplete
    minus = typed[:1] if typed[:1] in ("!", "-") else ""
    terms = [
        *((f"is:{state}", "state") for state in STATES),
        *((f"due:{day}", "day") for day in WORDS_FOR_DAYS),
        *((f"tag:{tag}", told) for tag, told in tags("")[:MOST_TAGS]),
        *((f"deck:{word}", name) for word, name in decks("")),
    ]
    found = [(minus + term, told) for term, told in terms if _fits(minus + term, typed)]
    return [(term.removeprefix(lead), told) for term, told in found]


def decks_and_search(incomplete: str) -> Offers:
    """Offer decks, and terms of a search."""
    return search(incomplete) if os.environ.get(LEAD) else decks(incomplete) + search(incomplete)


def _tags() -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for found, count in _rows("SELECT tags, count(*) FROM card WHERE alive GROUP BY tags"):
        for tag in found.split("\n") if found else ():
            counted[tag] = counted.get(tag, 0) + count
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _fits(value: str, incomplete: str) -> bool:
    return value.casefold().startswith(incomplete.casefold()) and bool(PLAIN.fullmatch(value))


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
    from flashcards.storage.configuration.settings import KNOWN  # noqa: PLC0415 (this command only)

    return [(name, setting.what) for name, setting in KNOWN.items() if name.startswith(incomplete)]
