"""`flashcards` alone, when the index is not enough: brings the store up to date first."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.cli.commands.today_fast import answer
from flashcards.storage.index.queries.today import faults, look

FIELDS = (
    "As JSON: date, due, new, learning, paused, minutes, done, streak, tomorrow, "
    "week (cards that become due, day by day), next_due, decks, next (the command to type)."
)


def command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=FIELDS)] = False,
) -> None:
    """Today at a glance, and what to do next."""
    show(context.obj, as_json=as_json)


def show(world: Context, *, as_json: bool = False) -> None:
    """Open the store, and say what today holds."""
    with world.open() as store:
        index = store.index.connection
        found, faulty = look(index, store.today), faults(index)
    answer(found, faults=faulty, as_json=as_json)
