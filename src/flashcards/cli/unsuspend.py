"""`flashcards unsuspend`: Ask suspended cards again."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.completion import cards as cards_named
from flashcards.cli.marks import mark
from flashcards.core.events import EventId, Unsuspend


def command(
    context: typer.Context,
    cards: Annotated[
        list[str],
        typer.Argument(help="Ids, their beginnings, or words.", autocompletion=cards_named),
    ],
) -> None:
    """Ask suspended cards again."""
    mark(context.obj, cards, lambda card, at: Unsuspend(EventId(""), 0, at, card), "asked again")
