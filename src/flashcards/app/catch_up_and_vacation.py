"""Load charts and plans for `catch-up` and `vacation`."""

from collections.abc import Iterator, Sequence
from datetime import date
from sqlite3 import Connection
from typing import Any

from flashcards.app.command_context import CommandContext
from flashcards.app.store_scheduler import store_scheduler
from flashcards.core.catch_up_plan import DayLoad, ScheduledCard, simulate_plan
from flashcards.core.events import CatchUpPlan, EventId
from flashcards.core.study_days import ONE_DAY
from flashcards.storage.index import due_conditions
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.session_cards import SessionCards
from flashcards.storage.store import Store
from flashcards.terminal.text.format import text_bar

MAX_CHART_DAYS = 45
CHART_LEAD = 2 * ONE_DAY  # a chart begins this long before its plan
LABEL_COLUMNS = 30  # columns beside the bars: the day and the counts


def make_plan(first: date, until: date, per_day: int, context: CommandContext) -> CatchUpPlan:
    """Return a plan that is not stored yet."""
    return CatchUpPlan(EventId(""), 0, context.now(), first, until, per_day)


def card_schedules(store: Store) -> list[ScheduledCard]:
    """Return the due day and memory of each active card that is not new."""
    today = store.today.toordinal()
    schedules = store.query(lambda index: SessionCards(index, today, "due IS NOT NULL").card_schedules())
    return [(due, card) for due, card in schedules if due is not None]


def usual_cards_per_day(store: Store) -> int:
    """Return the average cards answered on a study day of the last 30 days."""
    since = store.today.toordinal() - 30
    answers, days = store.query(
        lambda index: index.execute(
            "SELECT count(*), count(DISTINCT day) FROM answer WHERE day >= ? AND kind = 0 AND NOT imported",
            (since,),
        ).fetchone()
    )
    return int(answers // days) if days else 0


def planned_loads(store: Store, plan: CatchUpPlan, days: int) -> list[DayLoad]:
    """Return the load of the coming days under a plan."""
    return simulate_plan(card_schedules(store), store.today, plan, days, store_scheduler(store))


def load_chart(day_loads: Sequence[DayLoad], plan: CatchUpPlan, width: int) -> Iterator[str]:
    """Yield a bar per day: cards coming due, then old cards."""
    day_loads = [load for load in day_loads if load.day >= plan.first - CHART_LEAD]
    day_loads = [load for load in day_loads if not plan.first < load.day < plan.until][:MAX_CHART_DAYS]
    max_load = max((load.due + load.backlog_cards for load in day_loads), default=0)
    bar_width = max(8, min(50, width - LABEL_COLUMNS))
    for load in day_loads:
        if plan.first <= load.day < plan.until:
            yield f" {plan.first:%a %d %b} to {plan.until - ONE_DAY:%a %d %b}: off"
            continue
        due_bar = text_bar(load.due, max_load, bar_width)
        old = text_bar(load.backlog_cards, max_load, bar_width).replace("█", "░")
        figures = f"{load.due} + {load.backlog_cards} old" if load.backlog_cards else f"{load.due}"
        yield f" {load.day:%a %d %b}  {figures:<13} {due_bar}{old}".rstrip()


def loads_json(day_loads: Sequence[DayLoad]) -> list[dict[str, Any]]:
    """Return the load of each day as JSON."""
    return [{"date": load.day.isoformat(), "due": load.due, "old": load.backlog_cards} for load in day_loads]


def count_backlog_and_due(store: Store) -> tuple[int, int]:
    """Return the number of overdue cards, and of those due today."""
    today = store.today.toordinal()

    def count(index: Connection) -> tuple[int, int]:
        due = SessionCards(index, today).count_cards(due_conditions.due_condition(index), since=today)
        return counts.count_backlog(index, today, counts.PlanShare(today, 0, 0)), due

    return store.query(count)
