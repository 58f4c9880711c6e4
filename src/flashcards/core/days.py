"""Study days, the rollover, and streaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
SECONDS_PER_DAY = 86_400
DEFAULT_ROLLOVER = timedelta(hours=4)
"""How long after local midnight a new study day begins, unless settings say otherwise."""


def study_day(moment: datetime, rollover: timedelta = DEFAULT_ROLLOVER) -> date:
    """Return the study day that the aware time `at` belongs to, by its own UTC offset."""
    return (moment - rollover).date()


def streak_lengths(
    days: Iterable[date], today: date, days_off: Sequence[tuple[date, date]] = ()
) -> tuple[int, int]:
    """Return (the run of days up to today or yesterday, the longest run).

    Days `off`, each from a first day until before another, do not break a run nor lengthen it.
    """
    length: dict[date, int] = {}

    def up_to(day: date) -> int:
        """Return the run that ends on a day, or before the days off that it is the last of."""
        while day not in length and any(first <= day < until for first, until in days_off):
            day -= ONE_DAY
        return length.get(day, 0)

    for day in sorted(set(days)):
        length[day] = up_to(day - ONE_DAY) + 1
    current = up_to(today) or up_to(today - ONE_DAY)
    return current, max(length.values(), default=0)
