"""`flashcards show CARD`: one card's text, schedule and history."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from flashcards.cli.context import Context
from flashcards.cli.describe import as_fields, reviews
from flashcards.cli.lookup import one_card
from flashcards.core.agenda import choices
from flashcards.core.progress import Entry, Life
from flashcards.terminal.reports import relative_day, table


def command(
    context: typer.Context,
    card: Annotated[str, typer.Argument(help="An id, its beginning, or words of the front.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show one card and its life."""
    world: Context = context.obj
    store = world.open()
    try:
        entry = one_card(store, card)
        life, today, below = store.life(entry.card.id), store.today, store.settings.repeat_below
    finally:
        store.close()
    if as_json:
        world.print_json({**as_fields(entry, today, below), "reviews": reviews(life.steps)})
        return
    for line in (*_text(entry), "", *_schedule(entry, today), "", *_history(life)):
        world.print(line)


def _text(entry: Entry) -> list[str]:
    card = entry.card
    tags = f"   tags {', '.join(card.tags)}" if card.tags else ""
    rule = "-" * 40
    return [
        f"{card.id}   {card.deck}{tags}",
        f"{card.path}:{card.line}",
        "",
        card.front,
        rule,
        card.back,
    ]


def _schedule(entry: Entry, today: date) -> list[str]:
    progress = entry.progress
    state = "suspended" if progress.suspended else progress.stage(today).value
    lines = [f"State {state}"]
    if progress.due:
        memory = progress.memory
        lines[0] += (
            f"   due {progress.due.isoformat()} ({relative_day(progress.due, today)})"
            f"   interval {memory.interval} d   EF {memory.ease / 100:.2f}   lapses {memory.lapses}"
        )
    offers = [
        f"{rating} {'again, ' if choice.again else ''}"
        f"{relative_day(choice.due, today) if choice.due else ''}"
        for rating, choice in choices(progress, today).items()
    ]
    return [*lines, "A rating now:  " + "   ".join(offers)]


def _history(life: Life) -> list[str]:
    if not life.steps:
        return ["No reviews yet."]
    rows = [
        (
            step.review.at.strftime("%Y-%m-%d %H:%M"),
            step.review.rating,
            step.kind.value + (" (imported)" if step.review.source else ""),
            f"{step.before.memory.ease / 100:.2f} > {step.after.memory.ease / 100:.2f}",
            f"{step.before.memory.interval} > {step.after.memory.interval} d",
            step.after.due.isoformat() if step.after.due else "",
        )
        for step in life.steps
    ]
    return list(table(("answered", "rating", "kind", "EF", "interval", "due"), rows))
