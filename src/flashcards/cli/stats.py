"""`flashcards stats`: how it goes, on a screen, in lines, as JSON or as CSV."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.context import Context, parse_day
from flashcards.cli.figures_json import as_fields, csv_lines
from flashcards.core.search import pick
from flashcards.core.stats.figures import Figures, figures
from flashcards.core.stats.meanings import MEANINGS
from flashcards.storage import counts
from flashcards.storage.figures import Asked, counted
from flashcards.storage.store import Store
from flashcards.terminal.figures import stats_lines

EPILOG = "\n\n".join(f"{name}: {what}." for name, what in MEANINGS.items())


def command(
    context: typer.Context,
    decks: Annotated[list[str] | None, typer.Argument(metavar="[DECK]...")] = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.")] = "",
    since: Annotated[str, typer.Option(help="Only answers from this day on: YYYY-MM-DD.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One row a study day, as CSV.")] = False,
) -> None:
    """Show how it goes: retention, streaks, what is coming."""
    world: Context = context.obj
    first = parse_day(since)
    store = world.open()
    try:
        names = counts.deck_names(store.index.connection)
        only = tuple(pick(names, name) for name in decks or ())
        found = figures_of(store, Asked(only, tag, since=first))
    finally:
        store.close()
    if as_json:
        world.print_json(as_fields(found))
        return
    for line in csv_lines(found) if as_csv else stats_lines(found, world.columns()):
        world.print(line)


def figures_of(store: Store, asked: Asked) -> Figures:
    """Return all figures of the cards and answers that are asked for."""
    return figures(counted(store.index.connection, store.today, asked), store.today)
