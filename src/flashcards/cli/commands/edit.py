"""`flashcards edit`: open a card or deck in the editor."""

from typing import Annotated

import typer

from flashcards.app.card_lookup import find_deck_card
from flashcards.app.command_context import CommandContext
from flashcards.app.edit_in_editor import edit_deck
from flashcards.app.prompts import ask_to_reopen, require_terminal_for_editor
from flashcards.cli.completion.tab_completions import complete_cards, complete_decks
from flashcards.core.deck_names import pick_name
from flashcards.core.format_count import format_count
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.store import Store


def command(
    context: CommandContext,
    card: Annotated[
        str,
        typer.Argument(
            metavar="[CARD]", help="Card id, id prefix, or words of the front.", autocompletion=complete_cards
        ),
    ] = "",
    deck: Annotated[
        str, typer.Option(help="Open this deck instead of a card.", autocompletion=complete_decks)
    ] = "",
) -> None:
    """Edit a card or deck in the editor, and check the deck afterwards."""
    if bool(card) == bool(deck):
        raise UsageError("Name a card, or a deck with --deck.")
    with context.open_store() as store:
        if deck:
            wanted = pick_name(store.query(counts.list_deck_names), deck)
            deck_files = store.query(cards.list_deck_files)
            path, line = next((path, 1) for path, name, _ in deck_files if name == wanted)
        else:
            found = find_deck_card(store, card)
            path, line = found.path, found.line
        _edit_deck_file(context, store, path, line)


def _edit_deck_file(context: CommandContext, store: Store, deck_path: str, line: int) -> None:
    """Edit a deck file until it is valid, or the user gives up."""
    require_terminal_for_editor(context)
    store.wait_for_backup()
    path = store.paths.data_dir / deck_path
    while True:
        before = len(store.notices)
        if message := edit_deck(store, deck_path, line):
            raise FlashcardsError(message)
        store.refresh_index()
        deck, problems = load_deck(path, deck_path)
        if deck is not None:
            break
        line = problems[0].line or line
        after = "Until it is fixed, its cards are asked as in the last valid version."
        ask_to_reopen(context, problems, after)
    for notice in store.notices[before:]:
        context.print(notice)
    context.print(f"{deck_path}: no errors, {format_count(len(deck.notes), 'note')}.")
