"""`flashcards undo`: undo the last action."""

from __future__ import annotations

import typer

from flashcards.app.context import CommandContext
from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, CatchUpPlan, FsrsWeights, Review, UndoableEvent, event_kind
from flashcards.core.messages import quote_front
from flashcards.storage.index.queries.cards import any_card_state
from flashcards.storage.store import Store

EVENT_LABELS = {"flag": "the mark"}
"""Kinds of event that users know by another word."""


def command(typer_context: typer.Context) -> None:
    """Undo the last action; repeat to undo more."""
    context: CommandContext = typer_context.obj
    with context.open_store() as store:
        event = store.undo_last()
        message = f"Undone: {_describe_undone(store, event)}" if event else "There is nothing to undo."
    context.print(message)


def _quote_card(store: Store, card_id: CardId) -> str:
    found = store.query(lambda index: any_card_state(index, card_id))
    return quote_front(found.card.front) if found and found.card.front else card_id


def _describe_undone(store: Store, event: UndoableEvent) -> str:
    when = event.at.strftime("%Y-%m-%d %H:%M")
    match event:
        case CatchUpPlan() if event.first < event.until:
            return f"the days off from {event.first} until {event.until}, {when}."
        case CatchUpPlan():
            return f"the catch-up plan, {when}."
        case Review():
            return f"rating {event.rating} for {_quote_card(store, event.card)}, {when}."
        case CardLink():
            new, old = _quote_card(store, event.new), _quote_card(store, event.old)
            return f"{new} no longer continues the history of {old}."
        case FsrsWeights():
            return f"the weights of FSRS, taken {when}."
        case _:
            kind = event_kind(event)
            return f"{EVENT_LABELS.get(kind, kind)} of {_quote_card(store, event.card)}, {when}."
