"""`flashcards undo`: take back the last thing done, whichever process did it."""

from __future__ import annotations

import typer

from flashcards.app.context import Context
from flashcards.core.events import Link, Plan, Review, Undoable
from flashcards.storage.journal.record import kind_of


def command(context: typer.Context) -> None:
    """Take back the last thing done; again and again, as far as you like."""
    world: Context = context.obj
    with world.open() as store:
        event = store.take_back()
    world.print(f"Undone: {_told(event)}" if event else "There is nothing to undo.")


def _told(event: Undoable) -> str:
    when = event.at.strftime("%Y-%m-%d %H:%M")
    match event:
        case Plan() if event.first < event.until:
            return f"the days off from {event.first} until {event.until}, {when}."
        case Plan():
            return f"the plan for the backlog, {when}."
        case Review():
            return f"rating {event.rating} for {event.card}, given {when}."
        case Link():
            return f"{event.new} is no longer taken for {event.old}."
        case _:
            return f"{kind_of(event)} of {event.card}, {when}."
