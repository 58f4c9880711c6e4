"""`suspend`, `unsuspend`, `reset`: one event for each card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer

from flashcards.app.card_lookup import find_card
from flashcards.app.context import CommandContext
from flashcards.cli.completion.candidates import complete_cards as cards_named
from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, EventId, Reset, Suspend, Unsuspend
from flashcards.core.messages import quote_front

MakeEvent = Callable[[CardId, datetime], CardEvent]
Cards = Annotated[
    list[str],
    typer.Argument(help="Card ids, id prefixes, or words of the front.", autocompletion=cards_named),
]


def suspend(context: typer.Context, cards: Cards) -> None:
    """Stop asking cards until they are unsuspended."""
    _mark(context.obj, cards, lambda card, at: Suspend(EventId(""), 0, at, card), "suspended")


def unsuspend(context: typer.Context, cards: Cards) -> None:
    """Ask suspended cards again."""
    _mark(context.obj, cards, lambda card, at: Unsuspend(EventId(""), 0, at, card), "asked again")


def reset(context: typer.Context, cards: Cards) -> None:
    """Let cards start again as new; their history stays."""
    _mark(context.obj, cards, lambda card, at: Reset(EventId(""), 0, at, card), "starts again as new")


def _mark(world: CommandContext, cards: Sequence[str], draft: MakeEvent, what: str) -> None:
    """Do the same to each card, or to none when one of them is not found."""
    with world.open_store() as store:
        found = [find_card(store, words).card for words in cards]
        at = world.now()
        store.append_events([draft(card.id, at) for card in found])
    for card in found:
        world.print(f"{quote_front(card.front)}: {what}. (Undo: flashcards undo)")
