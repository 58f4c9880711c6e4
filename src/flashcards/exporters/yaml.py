"""Deck files as the library has them: what goes out comes in again as it was."""

from __future__ import annotations

from collections.abc import Mapping

from flashcards.core.deck_yaml import render
from flashcards.exporters.base import Leaving, named

TITLE = "deck files (YAML)"
ENDINGS = (".yaml", ".yml")
TEXT = True
HISTORY = False


def write(leaving: Leaving) -> Mapping[str, bytes]:
    """Return a file for each deck."""
    return {name: render(deck).encode("utf-8", "replace") for name, deck in named(leaving.decks)}
