"""`flashcards import`: decks come into the library, and what is there already keeps its progress."""

from __future__ import annotations
import typer


def command(context: typer.Context) -> None:
    """Bring decks in."""
