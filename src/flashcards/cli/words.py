"""The words after a command: which of them name decks, and which are a search."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashcards.core.query import FIELDS

FIELD = rf"(?:{'|'.join(FIELDS)})(?:[<>=:]|!=)"
TERM = re.compile(rf"[-!(]*{FIELD}.*|[-!(].*|or", re.IGNORECASE | re.DOTALL)
TURNED_ROUND = re.compile(rf"-{FIELD}", re.IGNORECASE)
DECK_WITH_SPACES = re.compile(
    rf"(?P<lead>[-!]?deck(?::|=|!=))(?P<name>(?!.*{FIELD})[^\"()]*\s.*)", re.IGNORECASE
)


NO_OPTION = re.compile(r"-[\s\d]|-[^\w-]")
"""How the side of a card may begin: a bullet, a number below zero, a sign."""
SIDE = "\0"
"""Stands before such a side while the command line is parsed; no word of one can hold it."""


def guarded(words: Sequence[str]) -> list[str]:
    """Return a command line in which only options look like options.

    `-is:new` becomes `!is:new`, which a search reads the same; `bare` gives sides of cards back.
    """
    if words[:1] == ["add"]:
        return [SIDE + word if NO_OPTION.match(word) else word for word in words]
    return [f"!{word[1:]}" if TURNED_ROUND.match(word) else word for word in words]


def bare(side: str) -> str:
    """Return a side of a card as it was typed."""
    return side.removeprefix(SIDE)


def search_of(words: Sequence[str]) -> str:
    """Return the search that words of a command line spell; the shell took their quotes away."""
    return " ".join(DECK_WITH_SPACES.sub(r'\g<lead>"\g<name>"', word) for word in words)


def split(words: Sequence[str], decks: Sequence[str]) -> tuple[list[str], str]:
    """Return (names of decks, search) that words mean; a whole name of a deck is never a search."""
    known = {name.casefold() for name in decks}
    terms = [word for word in words if word.casefold() not in known and TERM.fullmatch(word)]
    return [word for word in words if word not in terms], search_of(terms)
