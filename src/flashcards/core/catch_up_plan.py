"""Simulate the days of a catch-up plan."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.events import CatchUpPlan
from flashcards.core.scheduling import SM2, ForecastCard, Scheduler
from flashcards.core.today_summary import COMFORTABLE_EXTRA

ASSUMED_RATING = 4
SPREAD_DAYS = (3, 5, 7, 10, 14, 21, 30, 45, 60)  # offered lengths of a catch-up plan
ScheduledCard = tuple[int, ForecastCard]  # (ordinal day it is due, card)


class DayLoad(NamedTuple):
    """The cards of one study day."""

    day: date
    due: int  # includes cards that came back during the forecast
    backlog_cards: int


def cards_per_day(cards: int, days: int) -> int:
    """Return the cards a day that finish within a number of days."""
    return -(-cards // max(1, days))


def spread_options(cards: int, usual: int) -> tuple[list[tuple[int, int]], int]:
    """Return up to three (cards a day, days), quickest first, and the best's index.

    The best is the quickest that is comfortable; `usual` is the user's cards a day so far.
    """
    sizes = (cards_per_day(cards, days) for days in reversed(SPREAD_DAYS))
    spans = {size: cards_per_day(cards, size) for size in sizes}
    ways = [(per_day, days) for per_day, days in reversed(spans.items()) if per_day]
    most = max(COMFORTABLE_EXTRA, usual)
    best = next((i for i, (per_day, _) in enumerate(ways) if per_day <= most), len(ways) - 1)
    first = max(0, best - 1)
    return ways[first : best + 2], best - first


def simulate_plan(
    schedules: Iterable[ScheduledCard],
    today: date,
    plan: CatchUpPlan | None,
    days: int,
    scheduler: Scheduler = SM2,
) -> list[DayLoad]:
    """Return the load of each study day from today on, if all is recalled.

    Without a plan, overdue cards are due today. Repeats and new cards are not counted.
    """
    due_by_day: dict[int, list[ForecastCard]] = defaultdict(list)
    old: deque[ForecastCard] = deque()
    # All days are ordinals; from `first` to before `until` nothing is asked, then `per_day` old cards.
    first, until = (plan.first.toordinal(), plan.until.toordinal()) if plan else (0, 0)
    start = today.toordinal()
    for due, card in sorted(schedules, key=lambda card: card[0]):
        if due < until <= start:
            old.append(card)
        else:
            due_by_day[max(due, start)].append(card)
    day_loads = []
    for day in range(start, start + days):
        due_now = due_by_day.pop(day, [])
        if first <= day < until:
            old.extend(due_now)
            due_now = []
        most = 0 if first <= day < until else (plan and plan.per_day) or len(old)
        backlog_today = [old.popleft() for _ in range(min(most, len(old)))]
        for card in (*due_now, *backlog_today):
            after = scheduler.advance(card, day, ASSUMED_RATING)
            due_by_day[day + after.memory.interval].append(after)
        day_loads.append(DayLoad(today + timedelta(days=day - start), len(due_now), len(backlog_today)))
    return day_loads
