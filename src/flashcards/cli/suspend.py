"""`flashcards suspend`: Stop asking cards until they are unsuspended."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.completion import cards as cards_named
from flashcards.cli.marks import mark
from flashcards.core.events import EventId, Suspend


def command(
    context: typer.Context,
    cards: Annotated[
        list[str],
        typer.Argument(help="Ids, their beginnings, or words.", autocompletion=cards_named),
    ],
) -> None:
    """Stop asking cards until they are unsuspended."""
    mark(context.obj, cards, lambda card, at: Suspend(EventId(""), 0, at, card), "suspended")
