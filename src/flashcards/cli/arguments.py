"""The command line before it is parsed: what looks like an option and is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flashcards.app.search_words import FIELD

TURNED_ROUND = re.compile(rf"-{FIELD}", re.IGNORECASE)
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
