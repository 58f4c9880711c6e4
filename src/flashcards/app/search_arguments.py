"""Split command arguments into deck names and a search."""

import re
from collections.abc import Sequence

from flashcards.core.search_query import SEARCH_FIELDS

FIELD_PATTERN = rf"(?:{'|'.join(SEARCH_FIELDS)})(?:[<>=:]|!=)"
TERM_PATTERN = re.compile(rf"[-!(]*{FIELD_PATTERN}.*|[-!(].*|or", re.IGNORECASE | re.DOTALL)
DECK_WITH_SPACES = re.compile(
    rf"(?P<lead>[-!]?deck(?::|=|!=))(?P<name>(?!.*{FIELD_PATTERN})[^\"()]*\s.*)", re.IGNORECASE
)


def join_search(words: Sequence[str]) -> str:
    """Join command-line words to a search, restoring quotes the shell removed."""
    return " ".join(DECK_WITH_SPACES.sub(r'\g<lead>"\g<name>"', word) for word in words)


def split_decks_and_search(words: Sequence[str], all_decks: Sequence[str]) -> tuple[list[str], str]:
    """Split words into deck names and a search; whole deck names win."""
    known = {name.casefold() for name in all_decks}
    terms = [word for word in words if word.casefold() not in known and TERM_PATTERN.fullmatch(word)]
    return [word for word in words if word not in terms], join_search(terms)
