"""The words after a command: which of them name decks, and which are a search."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashcards.core.search_query import FIELDS

FIELD = rf"(?:{'|'.join(FIELDS)})(?:[<>=:]|!=)"
TERM = re.compile(rf"[-!(]*{FIELD}.*|[-!(].*|or", re.IGNORECASE | re.DOTALL)
DECK_WITH_SPACES = re.compile(
    rf"(?P<lead>[-!]?deck(?::|=|!=))(?P<name>(?!.*{FIELD})[^\"()]*\s.*)", re.IGNORECASE
)


def search_of(words: Sequence[str]) -> str:
    """Return the search that words of a command line spell; the shell took their quotes away."""
    return " ".join(DECK_WITH_SPACES.sub(r'\g<lead>"\g<name>"', word) for word in words)


def split(words: Sequence[str], decks: Sequence[str]) -> tuple[list[str], str]:
    """Return (names of decks, search) that words mean; a whole name of a deck is never a search."""
    known = {name.casefold() for name in decks}
    terms = [word for word in words if word.casefold() not in known and TERM.fullmatch(word)]
    return [word for word in words if word not in terms], search_of(terms)
