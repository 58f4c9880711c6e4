"""`flashcards rename`: give a deck another name."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.context import CommandContext
from flashcards.app.rename_deck import rename_deck
from flashcards.cli.completion.candidates import complete_decks
from flashcards.core.search import pick_name
from flashcards.errors import UsageError
from flashcards.storage.index.queries import counts


def command(
    typer_context: typer.Context,
    deck: Annotated[str, typer.Argument(help="The deck.", autocompletion=complete_decks)],
    new: Annotated[str, typer.Argument(help="Its new name.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Rename a deck, and the decks below it; cards keep their history, decks their settings."""
    context: CommandContext = typer_context.obj
    new_name = " ".join(new.split())
    if not new_name:
        raise UsageError("Name the deck: flashcards rename DECK NEW")
    with context.open_store() as store:
        name = pick_name(store.query(counts.list_deck_names), deck)
        names = rename_deck(store, name, new_name)
    if as_json:
        context.print_json({"renamed": [{"deck": old, "now": now} for old, now in names.items()]})
        return
    renamed = ", ".join(f"{old} to {now}" for old, now in names.items())
    context.print(f"Renamed {renamed}. (Undo: flashcards undo)")
