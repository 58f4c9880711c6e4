"""`flashcards cards`: the cards that a search finds."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.context import Context
from flashcards.cli.describe import as_fields
from flashcards.core.search import parse
from flashcards.storage import reading
from flashcards.terminal.reports import relative_day, table


def command(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List cards: words, tag:NAME, deck:NAME, is:due, is:leech, ease<2, lapses>3, -not."""
    world: Context = context.obj
    store = world.open()
    try:
        today, below = store.today, store.settings.repeat_below
        wanted = parse(" ".join(query or ()), today)
        found = [entry for entry in reading.entries(store.index.connection) if wanted(entry)]
    finally:
        store.close()
    if as_json:
        world.print_json([as_fields(entry, today, below) for entry in found])
        return
    rows = [
        (
            entry.card.id,
            "suspended" if entry.progress.suspended else entry.progress.stage(today, below).value,
            relative_day(entry.progress.due, today) if entry.progress.due else "",
            " ".join(entry.card.front.split()),
        )
        for entry in found
    ]
    for line in table(("card", "state", "due", "front"), rows) if rows else ():
        world.print(line)
    if not rows:
        world.print("No card fits.")
