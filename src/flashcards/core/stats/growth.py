"""Cards added and learned by day and month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flashcards.core.stats.review_totals import NO_REVIEWS, ReviewTotals
from flashcards.core.study_days import ONE_DAY

MAX_HISTORY = 36_525 * ONE_DAY  # a wrong clock must not make centuries of rows


class DailyGrowth(NamedTuple):
    """Cards added and learned on one study day."""

    day: date
    added: int
    learned: int


class MonthlyGrowth(NamedTuple):
    """Cards added and learned in one month."""

    first_day: date
    added: int
    learned: int
    learned_so_far: int  # up to its end


def daily_growth(days: Mapping[date, ReviewTotals], added: Mapping[date, int]) -> list[DailyGrowth]:
    """Return the days on which cards were added or learned."""
    every = sorted(days.keys() | added.keys())
    growth = (DailyGrowth(day, added.get(day, 0), days.get(day, NO_REVIEWS).new_answers) for day in every)
    return [each for each in growth if each.added or each.learned]


def monthly_growth(growth_by_day: Sequence[DailyGrowth], today: date) -> list[MonthlyGrowth]:
    """Return the growth of each month to this; impossible dates count in the nearest."""
    added: defaultdict[date, int] = defaultdict(int)
    learned: defaultdict[date, int] = defaultdict(int)
    for growth in growth_by_day:
        month = min(max(growth.day, today - MAX_HISTORY), today).replace(day=1)
        added[month] += growth.added
        learned[month] += growth.learned
    months, learned_so_far = list[MonthlyGrowth](), 0
    month = min(added, default=today)
    while month <= today and added:
        learned_so_far += learned[month]
        months.append(MonthlyGrowth(month, added[month], learned[month], learned_so_far))
        month = (month + 31 * ONE_DAY).replace(day=1)
    return months
