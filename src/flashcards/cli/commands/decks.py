"""`flashcards decks`: the decks of the library, and what waits in each."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.terminal.text.plain_table import Fit, table

DECK, TO_REPEAT, FILE = 0, 4, 5
"""Columns of the list."""


def command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the decks."""
    world: Context = context.obj
    with world.open() as store:
        index = store.index.connection
        waiting = counts.count(index, store.today.toordinal()).decks
        rows = [
            (name, cards, *waiting[name], path)
            for name, cards, path in queries_cards.deck_sizes(index)
        ]
    if as_json:
        names = ("deck", "cards", "due", "new", "learning", "path")
        world.print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif not rows:
        world.print("Your library has no decks yet.  flashcards import FILE")
    else:
        fit = Fit(world.room(), {DECK: 22}, spare=(FILE, TO_REPEAT))
        for line in table(("deck", "cards", "due", "new", "to repeat", "file"), rows, fit):
            world.print(line)
