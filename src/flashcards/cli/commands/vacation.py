"""`flashcards vacation`: plan days off."""

from datetime import date, timedelta
from typing import Annotated

import typer

from flashcards.app.catch_up_and_vacation import load_chart, loads_json, make_plan, planned_loads
from flashcards.app.command_context import CommandContext, parse_date
from flashcards.cli.options import Json
from flashcards.core.catch_up_plan import cards_per_day
from flashcards.core.date_text import format_day
from flashcards.core.events import CatchUpPlan
from flashcards.core.format_count import format_count
from flashcards.errors import UsageError
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store

MAX_SPREAD_DAYS = 14  # days over which missed cards are spread by default
EPILOG = (
    "No cards are asked on days off, and your streak continues. Cards due on them are spread "
    "over the days after, following each day's own cards; new cards pause until then. Without dates, "
    "planned days off are listed. flashcards undo cancels a plan."
)
MAX_DAYS_AHEAD = 400


def command(
    context: CommandContext,
    first: Annotated[str, typer.Argument(metavar="[FROM]", help="The first day off.")] = "",
    last: Annotated[str, typer.Argument(metavar="[TO]", help="The last day off.")] = "",
    per_day: Annotated[
        int | None, typer.Option(min=1, help="Cards per day afterwards, from what fell due.")
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel all planned days off.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Preview the plan without saving it.")] = False,
    as_json: Json = False,
) -> None:
    """Plan days off, or list the planned ones."""
    with context.open_store() as store:
        first_day, last_day = parse_date(first, store.today), parse_date(last or first, store.today)
        if cancel:
            _cancel_days_off(context, store)
        elif first_day is None or last_day is None:
            _print_days_off(context, store, as_json=as_json)
        else:
            plan = _make_vacation_plan(context, store, first_day, last_day, per_day)
            _print_plan(context, store, plan, dry_run=dry_run, as_json=as_json)
            if not dry_run:
                store.append_events([plan])


def _make_vacation_plan(
    context: CommandContext, store: Store, first_day: date, last_day: date, per_day: int | None
) -> CatchUpPlan:
    """Return the plan asked for. Raises UsageError for impossible days."""
    today = store.today
    if not first_day <= last_day:
        raise UsageError(f"{last_day} is before {first_day}. Write the first day off, then the last.")
    if last_day < today or first_day < today:
        raise UsageError(f"{first_day} has passed. Days off can start today ({today}) or later.")
    if (last_day - today).days > MAX_DAYS_AHEAD:
        raise UsageError(f"{last_day} is more than {MAX_DAYS_AHEAD} days ahead. Plan it later.")
    until = last_day + timedelta(days=1)
    if per_day is None:
        days = (until - first_day).days
        missed = _count_missed(context, store, first_day, until)
        per_day = max(1, cards_per_day(missed, min(days, MAX_SPREAD_DAYS)))
    return make_plan(first_day, until, per_day, context)


def _count_missed(context: CommandContext, store: Store, first_day: date, until: date) -> int:
    plan = make_plan(first_day, until, 0, context)
    day_loads = planned_loads(store, plan, (until - store.today).days + 1)
    return day_loads[-1].backlog_cards


def _print_plan(
    context: CommandContext, store: Store, plan: CatchUpPlan, *, dry_run: bool, as_json: bool
) -> None:
    missed = _count_missed(context, store, plan.first, plan.until)
    days = cards_per_day(missed, plan.per_day)
    day_loads = planned_loads(store, plan, (plan.until - store.today).days + days + 3)
    last = plan.until - timedelta(days=1)
    if as_json:
        context.print_json(
            {
                "from": plan.first.isoformat(),
                "to": last.isoformat(),
                "falls_due": missed,
                "per_day": plan.per_day,
                "days": days,
                "planned": not dry_run,
                "load": loads_json(day_loads),
            }
        )
        return
    context.print(
        f"Days off {format_day(plan.first)} to {format_day(last)}: no cards are asked, and your streak "
        f"continues. About {format_count(missed, 'card')} will fall due; {plan.per_day} per day come from "
        f"{format_day(plan.until)} on (░), new cards after that."
    )
    context.print_lines(load_chart(day_loads, plan, context.line_width()))
    end = "Nothing was planned (--dry-run)." if dry_run else "Planned. (Undo: flashcards undo)"
    context.print(end)


def _upcoming_days_off(store: Store) -> list[tuple[date, date]]:
    today = store.today.toordinal()
    days_off = store.query(counts.list_days_off)
    upcoming = [(first, until) for first, until in days_off if until > today]
    return [(date.fromordinal(first), date.fromordinal(until - 1)) for first, until in upcoming]


def _print_days_off(context: CommandContext, store: Store, *, as_json: bool) -> None:
    days_off = _upcoming_days_off(store)
    if as_json:
        context.print_json([{"from": a.isoformat(), "to": b.isoformat()} for a, b in days_off])
        return
    for first, last in days_off:
        context.print(f"Off from {first.isoformat()} to {last.isoformat()}")
    if not days_off:
        context.print("No days off are planned. Plan some: flashcards vacation 2026-12-24 2027-01-02")


def _cancel_days_off(context: CommandContext, store: Store) -> None:
    """End current days off, and cancel planned ones."""
    days_off = _upcoming_days_off(store)
    days = [max(first, store.today) for first, _ in days_off]
    if days:
        store.append_events([make_plan(day, day, 0, context) for day in days])
    context.print(
        f"Cancelled {format_count(len(days), 'planned break')}." if days else "No days off are planned."
    )
