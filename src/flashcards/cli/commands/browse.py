"""`flashcards browse`: the library as a table to search, read and act on."""

from flashcards.app.command_context import CommandContext
from flashcards.app.search_arguments import join_search
from flashcards.app.terminal_width import has_screen
from flashcards.cli.options import SearchArgument
from flashcards.errors import UsageError


def command(context: CommandContext, search: SearchArgument = None) -> None:
    """Browse your cards on the screen."""
    if not has_screen():
        raise UsageError(
            "browse needs a terminal. In a pipe, list cards with: flashcards cards [SEARCH] (--json)"
        )
    from flashcards.app.browse_cards import browse_cards

    with context.open_store() as store:
        browse_cards(store, join_search(search or ()))
