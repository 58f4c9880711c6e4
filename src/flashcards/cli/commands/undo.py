"""`flashcards undo`: undo the last action."""

from __future__ import annotations

import typer

from flashcards.app.context import CommandContext
from flashcards.core.events import CardLink, CatchUpPlan, Review, UndoableEvent
from flashcards.storage.journal.record import event_kind


def command(typer_context: typer.Context) -> None:
    """Take back the last thing done; again and again, as far as you like."""
    context: CommandContext = typer_context.obj
    with context.open_store() as store:
        event = store.undo_last()
    context.print(f"Undone: {_describe_undone(event)}" if event else "There is nothing to undo.")


def _describe_undone(event: UndoableEvent) -> str:
    when = event.at.strftime("%Y-%m-%d %H:%M")
    match event:
        case CatchUpPlan() if event.first < event.until:
            return f"the days off from {event.first} until {event.until}, {when}."
        case CatchUpPlan():
            return f"the plan for the backlog, {when}."
        case Review():
            return f"rating {event.rating} for {event.card}, given {when}."
        case CardLink():
            return f"{event.new} is no longer taken for {event.old}."
        case _:
            return f"{event_kind(event)} of {event.card}, {when}."
