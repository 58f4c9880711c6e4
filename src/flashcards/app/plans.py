"""What `catch-up` and `vacation` share: the schedule as it is, the load as a chart, the event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flashcards.app.context import Context
from flashcards.core.catch_up import Load, Schedule, loads
from flashcards.core.events import EventId, Plan
from flashcards.core.sm2 import Memory
from flashcards.storage.index import conditions
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.session_cards import Pool
from flashcards.storage.store import Store
from flashcards.terminal.text.format import bar

LONGEST = 45
"""Days that a chart shows at most."""
DAY = timedelta(days=1)
BEFORE = 2 * DAY
"""How long before a plan begins its chart does."""
NARROW = 30
"""Columns beside the bars: the day, the figures, and what stands between."""


def draft(first: date, until: date, per_day: int, world: Context) -> Plan:
    """Return a plan that is not kept yet."""
    return Plan(EventId(""), 0, world.now(), first, until, per_day)


def schedules(store: Store) -> list[Schedule]:
    """Return when each card that is not new, suspended or buried is due, and its memory."""
    pool = Pool(store.index.connection, store.today.toordinal(), "due IS NOT NULL")
    return [(due, Memory(*memory)) for due, *memory in pool.schedules() if due is not None]


def usual(store: Store) -> int:
    """Return how many cards this person answers on a day of study, by the last month."""
    first = store.today.toordinal() - 30
    row = store.index.connection.execute(
        "SELECT count(*), count(DISTINCT day) FROM answer "
        "WHERE day >= ? AND kind = 0 AND NOT imported",
        (first,),
    ).fetchone()
    return int(row[0] // row[1]) if row[1] else 0


def planned(store: Store, plan: Plan, days: int) -> list[Load]:
    """Return the load of the days to come under a plan."""
    return loads(schedules(store), store.today, plan, days)


def chart(found: Sequence[Load], plan: Plan, columns: int) -> Iterator[str]:
    """Yield a line a day, from shortly before a plan: what becomes due, then the old cards."""
    found = [load for load in found if load.day >= plan.first - BEFORE]
    found = [load for load in found if not plan.first < load.day < plan.until][:LONGEST]
    most = max((load.due + load.old for load in found), default=0)
    room = max(8, min(50, columns - NARROW))
    for load in found:
        if plan.first <= load.day < plan.until:
            yield f" {plan.first:%a %d %b} to {plan.until - DAY:%a %d %b}: off"
            continue
        due = bar(load.due, most, room)
        old = bar(load.old, most, room).replace("█", "░")
        figures = f"{load.due} + {load.old} old" if load.old else f"{load.due}"
        yield f" {load.day:%a %d %b}  {figures:<13} {due}{old}".rstrip()


def as_fields(found: Sequence[Load]) -> list[dict[str, Any]]:
    """Return the load as JSON."""
    return [{"date": load.day.isoformat(), "due": load.due, "old": load.old} for load in found]


def waiting(store: Store) -> tuple[int, int]:
    """Return how many cards are overdue, and how many are due just today."""
    today = store.today.toordinal()
    index = store.index.connection
    old = counts.waiting_late(index, today, counts.Share(today, 0, 0))
    pool = Pool(index, today)
    due = pool.count(conditions.due(index), since=today)
    return old, due
