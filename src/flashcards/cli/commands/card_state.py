"""`suspend`, `unsuspend`, `reset`: one event for each card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from flashcards.app.card_lookup import find_card
from flashcards.app.context import CommandContext
from flashcards.cli.completion.candidates import complete_cards as cards_named
from flashcards.core.events import STATE_EVENTS, EventId
from flashcards.core.messages import quote_front

Cards = Annotated[
    list[str],
    typer.Argument(help="Card ids, id prefixes, or words of the front.", autocompletion=cards_named),
]


def suspend(context: typer.Context, cards: Cards) -> None:
    """Stop asking cards until they are unsuspended."""
    _change(context.obj, cards, "suspend")


def unsuspend(context: typer.Context, cards: Cards) -> None:
    """Ask suspended cards again."""
    _change(context.obj, cards, "unsuspend")


def reset(context: typer.Context, cards: Cards) -> None:
    """Let cards start again as new; their history stays."""
    _change(context.obj, cards, "reset")


def _change(world: CommandContext, cards: Sequence[str], command: str) -> None:
    """Do the same to each card, or to none when one of them is not found."""
    make_event, done = STATE_EVENTS[command]
    with world.open_store() as store:
        found = [find_card(store, words).card for words in cards]
        at = world.now()
        store.append_events([make_event(EventId(""), 0, at, card.id) for card in found])
    for card in found:
        world.print(f"{quote_front(card.front)}: {done}. (Undo: flashcards undo)")
