"""`flashcards due`: update the index, then count."""

from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.cli.completion.tab_completions import complete_decks as decks_named
from flashcards.cli.options import Json
from flashcards.cli.output.print_due import print_due
from flashcards.core.deck_names import pick_decks
from flashcards.storage.index.queries.counts import count_due, list_deck_names


def command(
    context: CommandContext,
    decks: Annotated[
        list[str] | None, typer.Argument(metavar="[DECK]...", autocompletion=decks_named)
    ] = None,
    template: Annotated[
        str, typer.Option("--format", metavar="TEXT", help="Print this, {due}, {new}, {learning} filled in.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Print due counts in a line; exit code 1 if nothing is due."""
    with context.open_store() as store:
        only = pick_decks(store.query(list_deck_names), decks or ())
        counts = store.query(lambda index: count_due(index, store.today.toordinal(), only))
    raise typer.Exit(print_due(counts, as_json=as_json, template=template))
