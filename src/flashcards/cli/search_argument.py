"""The argument of commands that take decks, a search, or both."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.cli.completion.candidates import complete_decks_or_search

DeckOrSearchArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DECK|SEARCH]...",
        autocompletion=complete_decks_or_search,
        help="Deck names (any part), or a search as in `flashcards cards`, such as tag:lora 'ease<2'.",
    ),
]
