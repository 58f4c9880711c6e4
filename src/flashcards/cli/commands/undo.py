"""`flashcards undo` and `redo`: undo the last step, or redo it."""

from typing import Annotated

import typer

from flashcards.app.card_lookup import find_card
from flashcards.app.command_context import CommandContext
from flashcards.app.describe_undo import describe_step, step_json
from flashcards.cli.completion.tab_completions import complete_cards
from flashcards.cli.options import Json
from flashcards.core.format_count import format_count
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import TakenBack, redo_last, undo_last

EXIT_NOTHING = 1


def undo(
    context: CommandContext,
    card: Annotated[
        str,
        typer.Argument(
            metavar="[CARD]", help="Only what was done to this card.", autocompletion=complete_cards
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Undo the last step, again and again."""
    with context.open_store() as store:
        taken = undo_last(store, find_card(store, card).card.id if card else None)
        _report(context, store, taken, "undo", "undone", as_json=as_json)


def redo(context: CommandContext, as_json: Json = False) -> None:
    """Redo the last undone step, until something new is done."""
    with context.open_store() as store:
        _report(context, store, redo_last(store), "redo", "redone", as_json=as_json)


def _report(
    context: CommandContext, store: Store, taken: TakenBack | None, command: str, done: str, *, as_json: bool
) -> None:
    if as_json:
        context.print_json({done: [step_json(store, taken)] if taken else []})
    elif taken:
        media = f" Its {format_count(taken.media, 'media file')} stay." if taken.media else ""
        context.print(f"{done.capitalize()}: {describe_step(store, taken)}.{media}")
    else:
        context.print(f"Nothing to {command}.")
    for why in taken.left if taken else ():
        context.print_notice(f"Not {done}: {why}")
    if not taken:
        raise typer.Exit(EXIT_NOTHING)
