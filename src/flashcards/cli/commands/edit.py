"""`flashcards edit CARD`: its deck in your editor, at the card; the history follows the card."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.card_lookup import one_card
from flashcards.app.context import Context
from flashcards.app.edit_cards import edit_deck
from flashcards.app.prompts import agree, refuse_to_edit_blindly, someone_is_there
from flashcards.cli.completion.candidates import cards, decks
from flashcards.core.search import pick
from flashcards.errors import DeckError, FlashcardsError, UsageError
from flashcards.storage.decks.reader import load
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store


def command(
    context: typer.Context,
    card: Annotated[
        str,
        typer.Argument(
            metavar="[CARD]",
            help="An id, its beginning, or words of the front.",
            autocompletion=cards,
        ),
    ] = "",
    deck: Annotated[
        str, typer.Option(help="Open this deck at its beginning.", autocompletion=decks)
    ] = "",
) -> None:
    """Open a card in $VISUAL or $EDITOR, and check the deck afterwards."""
    world: Context = context.obj
    if bool(card) == bool(deck):
        raise UsageError("Name a card, or a deck with --deck.")
    with world.open() as store:
        name, line = _deck_of(store, deck) if deck else _place_of(store, card)
        _edit(world, store, name, line)


def _place_of(store: Store, words: str) -> tuple[str, int]:
    card = one_card(store, words).card
    if store.entry(card.id) is None:
        raise FlashcardsError(
            f"{card.id} is in no deck any more. Its history is kept: put it back into a deck file "
            "with its id or its text, and it goes on."
        )
    return card.path, card.line


def _deck_of(store: Store, words: str) -> tuple[str, int]:
    index = store.index.connection
    wanted = pick(counts.deck_names(index), words)
    return next((path, 1) for path, name, _ in queries_cards.decks(index) if name == wanted)


def _edit(world: Context, store: Store, name: str, line: int) -> None:
    """Edit a deck file until it is sound, or until the person leaves it for now."""
    refuse_to_edit_blindly(world)
    store.before_writing()
    path = store.paths.data / name
    while True:
        before = len(store.notices)
        if message := edit_deck(store.paths, name, line):
            raise FlashcardsError(message)
        store.refresh()
        deck, problems = load(path, name)
        if deck is not None:
            break
        after = "Its cards are asked as they were when it was last sound."
        if not someone_is_there(world):
            raise DeckError(problems, after)
        for problem in problems:
            world.print(str(problem))
        line = problems[0].line or line
        if not agree(world, "Open it again?", usually=True):
            raise DeckError([], after)
    for notice in store.notices[before:]:
        world.print(notice)
    world.print(f"{name}: sound, {len(deck.notes)} notes.")
