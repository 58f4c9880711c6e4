"""`flashcards study`, with its options."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from flashcards.app.context import parse_day
from flashcards.app.study.run import Asked, sit_down
from flashcards.cli.completion.candidates import decks_and_search, tags
from flashcards.core.study_order import ORDERS

EPILOG = (
    "Examples: study rag --limit 10; study tag:lora 'ease<2'; study --cram 'is:leech or rated<3'; "
    "study 'Transformers' --by 2026-12-04. What a search can say: flashcards cards --help"
)
Order = Enum("Order", {name: name for name in ORDERS}, type=str)  # type: ignore[misc]  # from the table
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DECK|SEARCH]...",
        autocompletion=decks_and_search,
        help="Decks, by any part of their names; or a search as in `cards`: tag:lora 'ease<2'.",
    ),
]
Ahead = Annotated[
    int, typer.Option(min=0, metavar="DAYS", help="Practise what becomes due in so many days.")
]
By = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="For an exam: all cards that fit are met before it, and seen again in its last days.",
    ),
]
Minutes = Annotated[
    int | None, typer.Option(min=1, help="Stop after the card in hand once these have passed.")
]
Cram = Annotated[bool, typer.Option("--cram", help="All cards that fit; no date changes.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="Lines instead of a screen; the default in a pipe.")
]

Type = Annotated[
    bool, typer.Option("--type", help="Type each answer; it is compared, and a rating proposed.")
]


def command(
    context: typer.Context,
    words: Words = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.", autocompletion=tags)] = "",
    new: Annotated[int | None, typer.Option(min=0, help="New cards in this session.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Cards in this session.")] = None,
    minutes: Minutes = None,
    order: Annotated[Order | None, typer.Option(help="Which due cards come first.")] = None,
    cram: Cram = False,
    ahead: Ahead = 0,
    by: By = "",
    plain: Plain = False,
    typing: Type = False,
) -> None:
    """Study what is due, and some new cards."""
    asked = Asked(
        words=tuple(words or ()),
        tag=tag,
        new=new,
        limit=limit,
        order=order.value if order else "",
        cram=cram,
        ahead=ahead,
        by=parse_day(by),
        minutes=minutes,
        plain=plain,
        typing=typing,
    )
    sit_down(context.obj, asked)
