"""`flashcards catch-up`: spread a backlog over several days."""

from typing import Annotated

import typer

from flashcards.app.catch_up_and_vacation import (
    count_backlog_and_due,
    load_chart,
    loads_json,
    make_plan,
    planned_loads,
    usual_cards_per_day,
)
from flashcards.app.command_context import CommandContext
from flashcards.app.prompts import is_interactive, prompt_line
from flashcards.cli.options import Json
from flashcards.core.catch_up_plan import cards_per_day, spread_options
from flashcards.core.events import CatchUpPlan
from flashcards.core.format_count import format_count
from flashcards.errors import UsageError
from flashcards.storage.store import Store

EPILOG = (
    "Today's cards come first, then a number of old ones; new cards pause until the "
    "old ones are done. Without options, you see the backlog and choose. flashcards undo cancels the plan."
)
CHART_DAYS_AFTER = 4  # days after the plan that the chart still shows


def command(
    context: CommandContext,
    days: Annotated[int | None, typer.Option(min=1, help="Spread the backlog over DAYS days.")] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help="Old cards per day.")] = None,
    stop: Annotated[
        bool, typer.Option("--stop", help="End the plan; all due cards come at once again.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Preview the plan without saving it.")] = False,
    as_json: Json = False,
) -> None:
    """Spread a backlog over several days."""
    if days and per_day:
        raise UsageError("Use either --days or --per-day, not both.")
    with context.open_store() as store:
        if stop:
            store.append_events([make_plan(store.today, store.today, 0, context)])
            context.print("The plan has ended. All due cards are asked again, up to the daily limit.")
            return
        _plan_catch_up(context, store, days, per_day, dry_run=dry_run, as_json=as_json)


def _plan_catch_up(
    context: CommandContext,
    store: Store,
    days: int | None,
    per_day: int | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    overdue, due_today = count_backlog_and_due(store)
    options, best = spread_options(overdue, usual_cards_per_day(store))
    chosen = per_day or (cards_per_day(overdue, days) if days else 0)
    drawn = options[best][0] if options and not chosen and is_interactive(context) else 0
    if overdue and not chosen and not as_json:
        chosen = _prompt_for_plan(context, store, options, best, (overdue, due_today))
    per_day = chosen or (options[best][0] if options else 1)
    plan = make_plan(store.today, store.today, per_day, context)
    is_saved = bool(chosen and overdue and not dry_run)
    if as_json:
        _print_json(context, store, plan, overdue, due_today, is_saved=is_saved)
    elif not overdue:
        context.print(f"There is no backlog. Due today: {format_count(due_today, 'card')}.")
    elif chosen and chosen != drawn:
        _print_plan(context, store, plan, overdue)
    if is_saved:
        store.append_events([plan])
    if chosen and overdue and not as_json:
        context.print(
            "Planned. Old cards come after today's; new cards pause. (Undo: flashcards undo)"
            if is_saved
            else "Nothing was planned (--dry-run)."
        )


def _prompt_for_plan(
    context: CommandContext, store: Store, options: list[tuple[int, int]], best: int, counts: tuple[int, int]
) -> int:
    """Show the options; return the chosen cards per day, 0 for none."""
    overdue, due_today = counts
    context.print(f"Backlog: {format_count(overdue, 'card')}. Due today: {due_today}.")
    for i, (per_day, days) in enumerate(options, 1):
        drawn = "   (shown below)" if i == best + 1 and is_interactive(context) else ""
        context.print(f"  {i}   {per_day:>4} old cards per day for {format_count(days, 'day')}{drawn}")
    if not is_interactive(context):
        context.print("Choose with --days N or --per-day N; add --dry-run to preview.")
        return 0
    per_day = options[best][0]
    _print_plan(context, store, make_plan(store.today, store.today, per_day, context), overdue)
    question = f"Which one? 1 to {len(options)}, or a number of days such as 12d (Enter for none):"
    answer = (prompt_line(context, question) or "").strip().casefold()
    if answer.isdecimal() and 1 <= int(answer) <= len(options):
        return options[int(answer) - 1][0]
    if answer.endswith("d") and answer[:-1].isdecimal() and int(answer[:-1]):
        return cards_per_day(overdue, int(answer[:-1]))
    context.print("Nothing was planned.")
    return 0


def _print_plan(context: CommandContext, store: Store, plan: CatchUpPlan, overdue: int) -> None:
    days = cards_per_day(overdue, plan.per_day)
    limit = store.settings.limits.reviews
    day_loads = planned_loads(store, plan, days + CHART_DAYS_AFTER)
    context.print(
        f"{plan.per_day} old cards per day for {format_count(days, 'day')} (░), "
        "assuming that you recall them all:"
    )
    context.print_lines(load_chart(day_loads, plan, context.line_width()))
    over = sum(load.due + load.backlog_cards > limit for load in day_loads)
    if over:
        exceed = "exceeds" if over == 1 else "exceed"
        context.print(f"{format_count(over, 'day')} {exceed} your limit of {limit} reviews.")


def _print_json(
    context: CommandContext, store: Store, plan: CatchUpPlan, overdue: int, due_today: int, *, is_saved: bool
) -> None:
    days = cards_per_day(overdue, plan.per_day)
    value = {"backlog": overdue, "today": due_today, "per_day": plan.per_day, "days": days}
    day_loads = planned_loads(store, plan, days + CHART_DAYS_AFTER)
    context.print_json({**value, "planned": is_saved, "load": loads_json(day_loads)})
