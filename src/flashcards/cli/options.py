"""Arguments and options of several commands."""

from typing import Annotated

import typer

from flashcards.cli.completion.tab_completions import complete_decks_or_search, complete_search

SEARCH_HELP = (
    "Words in the text, tag:lora, deck:french, id:dog (= instead of : for the whole name), "
    "is:new|learning|young|mature|due|suspended|buried|leech|marked, ease<2, interval, lapses, "
    "repetitions, rated<3, recall<0.8, stability>30, difficulty>8, due<7, due:tomorrow, "
    "answered<3 (days ago), dates as 2026-03-31; "
    "terms are combined with AND; use or, (…), and - to negate."
)
SearchArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[SEARCH]...", help=SEARCH_HELP, autocompletion=complete_search)
]
DeckOrSearchArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DECK|SEARCH]...",
        autocompletion=complete_decks_or_search,
        help="Deck names (any part), or a search as in `flashcards cards`, such as tag:lora 'ease<2'.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
