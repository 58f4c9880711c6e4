"""`flashcards study`, with its options."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.sitting import Asked, sit_down


def command(
    context: typer.Context,
    decks: Annotated[list[str] | None, typer.Argument(metavar="[DECK]...")] = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.")] = "",
    new: Annotated[int | None, typer.Option(min=0, help="New cards in this session.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Cards in this session.")] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, help="Stop after the card in hand once these have passed.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Lines instead of a screen; the default in a pipe.")
    ] = False,
) -> None:
    """Study what is due, and some new cards."""
    sit_down(context.obj, Asked(tuple(decks or ()), tag, new, limit, minutes, plain))
