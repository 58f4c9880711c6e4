"""`flashcards vacation FROM TO`: days off in advance; what falls due in them is spread after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from flashcards.app.context import Context, parse_day
from flashcards.app.plans import as_fields, chart, draft, planned, schedules
from flashcards.core.catch_up import loads, share
from flashcards.core.events import Plan
from flashcards.errors import UsageError
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store

LONGEST_SPREAD = 14
"""Days over which what fell due is spread, if no number is given."""
EPILOG = (
    "On days off nothing is asked, and a streak holds. What falls due on them comes in shares "
    "afterwards, behind each day's own cards; new cards wait until that is done. Without days, "
    "those that are planned are listed. flashcards undo takes a plan back."
)
FAR = 400
"""Days ahead that can be planned."""


def command(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="[FROM]", help="The first day off.")] = "",
    last: Annotated[str, typer.Argument(metavar="[TO]", help="The last day off.")] = "",
    per_day: Annotated[
        int | None, typer.Option(min=1, help="Of what fell due, so many cards a day afterwards.")
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="Take back all days off ahead.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; plan nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Plan days off, or list those that are planned.

    No card is asked on them. What falls due meanwhile comes in shares afterwards, and new cards
    wait until that is done. Days off do not break a streak. `flashcards undo` takes them back.
    """
    world: Context = context.obj
    with world.open() as store:
        begins, ends = parse_day(first), parse_day(last or first)
        if cancel:
            _cancel(world, store)
        elif begins is None or ends is None:
            _list(world, store, as_json=as_json)
        else:
            plan = _planned(world, store, begins, ends, per_day)
            _show(world, store, plan, dry_run=dry_run, as_json=as_json)
            if not dry_run:
                store.keep([plan])


def _planned(world: Context, store: Store, begins: date, ends: date, per_day: int | None) -> Plan:
    """Return the plan that was asked for. Raises UsageError for days that cannot be."""
    today = store.today
    if not begins <= ends:
        raise UsageError(f"{ends} is before {begins}. Write the first day off, then the last.")
    if ends < today or begins < today:
        raise UsageError(f"{begins} is over: days off are planned ahead, from {today} on.")
    if (ends - today).days > FAR:
        raise UsageError(f"{ends} is more than {FAR} days ahead. Plan it later.")
    until = ends + timedelta(days=1)
    if per_day is None:
        days = (until - begins).days
        missed = _missed(world, store, begins, until)
        per_day = max(1, share(missed, min(days, LONGEST_SPREAD)))
    return draft(begins, until, per_day, world)


def _missed(world: Context, store: Store, begins: date, until: date) -> int:
    """Return how many cards will have fallen due by the end of days off."""
    plan = draft(begins, until, 0, world)
    found = loads(schedules(store), store.today, plan, (until - store.today).days + 1)
    return found[-1].old


def _show(world: Context, store: Store, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    missed = _missed(world, store, plan.first, plan.until)
    days = share(missed, plan.per_day)
    found = planned(store, plan, (plan.until - store.today).days + days + 3)
    last = plan.until - timedelta(days=1)
    if as_json:
        world.print_json(
            {
                "from": plan.first.isoformat(),
                "to": last.isoformat(),
                "falls_due": missed,
                "per_day": plan.per_day,
                "days": days,
                "planned": not dry_run,
                "load": as_fields(found),
            }
        )
        return
    world.print(
        f"Off from {plan.first:%a %d %b} to {last:%a %d %b}: nothing is asked, and the streak "
        f"holds. About {missed} cards fall due; {plan.per_day} of them a day come from "
        f"{plan.until:%a %d %b} on (░), new cards after them."
    )
    for line in chart(found, plan, world.columns()):
        world.print(line)
    end = (
        "Nothing was planned (--dry-run)."
        if dry_run
        else "Planned.  (flashcards undo takes it back)"
    )
    world.print(end)


def _ahead(store: Store) -> list[tuple[date, date]]:
    """Return (first, last) of the days off that are not over."""
    today = store.today.toordinal()
    found = counts.days_off(store.index.connection)
    ahead = [(first, until) for first, until in found if until > today]
    return [(date.fromordinal(first), date.fromordinal(until - 1)) for first, until in ahead]


def _list(world: Context, store: Store, *, as_json: bool) -> None:
    found = _ahead(store)
    if as_json:
        world.print_json([{"from": a.isoformat(), "to": b.isoformat()} for a, b in found])
        return
    for first, last in found:
        world.print(f"Off from {first.isoformat()} to {last.isoformat()}")
    if not found:
        world.print("No days off are planned.  flashcards vacation FROM TO, as in 2026-12-24")


def _cancel(world: Context, store: Store) -> None:
    """End days off that have begun, and take back those ahead: what waits comes as it would."""
    found = _ahead(store)
    days = [max(first, store.today) for first, _ in found]
    if days:
        store.keep([draft(day, day, 0, world) for day in days])
    world.print(f"{len(days)} times off were taken back." if days else "No days off are planned.")
