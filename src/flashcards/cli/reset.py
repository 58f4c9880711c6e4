"""`flashcards reset`: Let cards start again as new; their history stays."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.completion import cards as cards_named
from flashcards.cli.marks import mark
from flashcards.core.events import EventId, Reset


def command(
    context: typer.Context,
    cards: Annotated[
        list[str],
        typer.Argument(help="Ids, their beginnings, or words.", autocompletion=cards_named),
    ],
) -> None:
    """Let cards start again as new; their history stays."""
    mark(
        context.obj, cards, lambda card, at: Reset(EventId(""), 0, at, card), "starts again as new"
    )
