"""`flashcards browse`: the library as a table to search, read and act on."""

import typer

from flashcards.app.command_context import CommandContext
from flashcards.app.search_words import join_search
from flashcards.app.terminal_width import has_screen
from flashcards.cli.commands.cards import SearchArgument
from flashcards.errors import UsageError


def command(typer_context: typer.Context, search: SearchArgument = None) -> None:
    """Browse your cards on the screen."""
    context: CommandContext = typer_context.obj
    if not has_screen():
        raise UsageError(
            "browse needs a terminal. In a pipe, list cards with: flashcards cards [SEARCH] (--json)"
        )
    from flashcards.app.browse_cards import browse_cards

    with context.open_store() as store:
        browse_cards(store, join_search(search or ()))
