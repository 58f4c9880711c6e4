"""Mark words that look like options and are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashcards.app.search_words import FIELD_PATTERN

NEGATED_FIELD = re.compile(rf"-{FIELD_PATTERN}", re.IGNORECASE)
NOT_AN_OPTION = re.compile(r"-[\s\d]|-[^\w-]")
"""How the side of a card may begin: a bullet, a number below zero, a sign."""
SIDE_MARKER = "\0"
"""Stands before such a side while the command line is parsed; no word of one can hold it."""


def escape_arguments(words: Sequence[str]) -> list[str]:
    """Return a command line in which only options look like options.

    `-is:new` becomes `!is:new`, which a search reads the same; `bare` gives sides of cards back.
    """
    if words[:1] == ["add"]:
        return [SIDE_MARKER + word if NOT_AN_OPTION.match(word) else word for word in words]
    return [f"!{word[1:]}" if NEGATED_FIELD.match(word) else word for word in words]


def unescape_side(side: str) -> str:
    """Return a side of a card as it was typed."""
    return side.removeprefix(SIDE_MARKER)
