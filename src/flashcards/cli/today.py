"""`flashcards` alone: today in a few lines, and what to do next."""

from __future__ import annotations

from datetime import timedelta

import typer

from flashcards.cli.context import Context
from flashcards.cli.outlook import minutes
from flashcards.core.days import streaks
from flashcards.storage import counts, reading
from flashcards.storage.store import Store
from flashcards.terminal.reports import sparks, table


def command(context: typer.Context) -> None:
    """Today at a glance, and what to do next."""
    world: Context = context.obj
    store = world.open()
    try:
        lines = today(store)
    finally:
        store.close()
    for line in lines:
        world.print(line)


def today(store: Store) -> list[str]:
    """Return what waits today and this week, and the next step."""
    index, day = store.index.connection, store.today
    found = counts.count(index, day.toordinal())
    if not found.decks:
        return ["Your library has no decks yet.", "flashcards import FILE"]
    answers = min(found.due, store.settings.limits.reviews) + found.new + found.learning
    about = f"about {max(1, minutes(store, answers))} min" if answers else "all done"
    first = f"{found.due} due   {found.new} new"
    first += f"   {found.learning} to repeat" if found.learning else ""
    waiting = [
        (name, f"{due} due", f"{new} new")
        for name, (due, new, _) in found.decks.items()
        if due + new
    ]
    days = reading.study_days(index)
    now, best = streaks(days, day)
    week = [reading.due_on(index, day + timedelta(days=i), first=i == 0) for i in range(7)]
    return [
        f"{first}   {about}",
        *list(table(("", "", ""), waiting[:5]))[1:],
        (
            f"streak {now} {'day' if now == 1 else 'days'} · best {best}   "
            f"week {sparks(week)}  {' '.join(map(str, week))}"
        ),
        "flashcards study" if answers else "flashcards study --new 10 brings more new cards",
    ]
