"""`flashcards catch-up`: a backlog in shares a day, beside what each day brings of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.app.plans import as_fields, chart, draft, planned, usual, waiting
from flashcards.app.prompts import ask, someone_is_there
from flashcards.core.catch_up import offers, share
from flashcards.core.events import Plan
from flashcards.errors import UsageError
from flashcards.storage.store import Store
from flashcards.terminal.text.format import plural

EPILOG = (
    "Today's cards come first, so many of the old ones behind them, and new cards pause until the "
    "old are done. Without options it shows what waits and asks. flashcards undo takes it back."
)
AFTER = 4
"""Days behind the last share that the chart still shows."""


def command(
    context: typer.Context,
    days: Annotated[int | None, typer.Option(min=1, help="Spread it over so many days.")] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help="So many old cards a day.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="End the plan: all at once again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; plan nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Spread a backlog over days: so many old cards a day, behind the cards that are due today.

    New cards pause until the old ones are done. `flashcards undo` takes the plan back.
    """
    world: Context = context.obj
    if days and per_day:
        raise UsageError("--days and --per-day say the same thing. Take one of them.")
    with world.open() as store:
        if stop:
            store.keep([draft(store.today, store.today, 0, world)])
            world.print("The plan has ended: whatever is due is asked, up to the day's limit.")
            return
        _plan(world, store, days, per_day, dry_run=dry_run, as_json=as_json)


def _plan(
    world: Context,
    store: Store,
    days: int | None,
    per_day: int | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    old, today = waiting(store)
    choices, best = offers(old, usual(store))
    chosen = per_day or (share(old, days) if days else 0)
    drawn = choices[best][0] if choices and not chosen and someone_is_there(world) else 0
    if old and not chosen and not as_json:
        chosen = _ask(world, store, choices, best, (old, today))
    per_day = chosen or (choices[best][0] if choices else 1)
    plan = draft(store.today, store.today, per_day, world)
    keeps = bool(chosen and old and not dry_run)
    if as_json:
        _print_json(world, store, plan, old, today, keeps=keeps)
    elif not old:
        world.print(f"There is no backlog: {today} cards are due today, none from before.")
    elif chosen and chosen != drawn:
        _show(world, store, plan, old)
    if keeps:
        store.keep([plan])
    if chosen and old and not as_json:
        world.print(
            "Planned: old cards come behind today's, new ones pause.  (flashcards undo ends it)"
            if keeps
            else "Nothing was planned (--dry-run)."
        )


def _ask(
    world: Context,
    store: Store,
    choices: list[tuple[int, int]],
    best: int,
    waiting: tuple[int, int],
) -> int:
    """Show what can be done, and return how many cards a day are wished; 0 for none."""
    old, today = waiting
    world.print(f"{old} cards wait from before; {today} are due today.")
    for i, (per_day, days) in enumerate(choices, 1):
        drawn = "   (drawn below)" if i == best + 1 and someone_is_there(world) else ""
        world.print(f"  {i}   {per_day:>4} old ones a day for {plural(days, 'day')}{drawn}")
    if not someone_is_there(world):
        world.print("Choose with --days N or --per-day N; --dry-run only shows the days.")
        return 0
    per_day = choices[best][0]
    _show(world, store, draft(store.today, store.today, per_day, world), old)
    question = f"Which one? 1 to {len(choices)}, or a number of days as in 12d; Enter for none:"
    word = (ask(world, question) or "").strip().casefold()
    if word.isdecimal() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1][0]
    if word.endswith("d") and word[:-1].isdecimal() and int(word[:-1]):
        return share(old, int(word[:-1]))
    world.print("Nothing was planned.")
    return 0


def _show(world: Context, store: Store, plan: Plan, old: int) -> None:
    days = share(old, plan.per_day)
    limit = store.settings.limits.reviews
    found = planned(store, plan, days + AFTER)
    world.print(
        f"{plan.per_day} old cards a day for {plural(days, 'day')} (░), if you recall them all:"
    )
    for line in chart(found, plan, world.columns()):
        world.print(line)
    over = sum(load.due + load.old > limit for load in found)
    if over:
        world.print(f"{over} of these days hold more than your limit of {limit} reviews.")


def _print_json(
    world: Context, store: Store, plan: Plan, old: int, today: int, *, keeps: bool
) -> None:
    days = share(old, plan.per_day)
    value = {"backlog": old, "today": today, "per_day": plan.per_day, "days": days}
    found = planned(store, plan, days + AFTER)
    world.print_json({**value, "planned": keeps, "load": as_fields(found)})
