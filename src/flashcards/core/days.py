"""Study days, the rollover, and streaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

ONE_DAY = timedelta(days=1)
SECONDS_PER_DAY = 86_400
DEFAULT_ROLLOVER = timedelta(hours=4)
"""How long after local midnight a new study day begins, unless settings say otherwise."""


def study_day(moment: datetime, rollover: timedelta = DEFAULT_ROLLOVER) -> date:
    """Return the study day that the aware time `at` belongs to, by its own UTC offset."""
    return (moment - rollover).date()


def streak_lengths(
    days: Iterable[date], today: date, pauses: Iterable[tuple[date, date]] = ()
) -> tuple[int, int]:
    """Return (the run of days up to today or yesterday, the longest run).

    Pauses, each from a first day until before another, do not break a run nor lengthen it.
    """
    studied = sorted(set(days))
    length: dict[date, int] = {}
    begin, end = (studied[0].toordinal(), today.toordinal() + 1) if studied else (0, 0)
    paused = {
        day
        for first, until in pauses
        for day in range(max(begin, first.toordinal()), min(end, until.toordinal()))
    }

    def up_to(day: date) -> int:
        """Return the run that ends on a day, or before the pause that it is the last day of."""
        while day not in length and day.toordinal() in paused:
            day -= ONE_DAY
        return length.get(day, 0)

    for day in studied:
        length[day] = up_to(day - ONE_DAY) + 1
    current = up_to(today) or up_to(today - ONE_DAY)
    return current, max(length.values(), default=0)


def idle_spans(
    studied: Sequence[int], changes: Sequence[tuple[int, int]], first_waiting: int, today: int
) -> Iterator[tuple[int, int]]:
    """Yield (first, until) of the days between study days on which no card was due; all ordinals.

    `changes` says by day how many more cards waited at its end than the day before, of those that
    were answered by now; since `first_waiting` one waits that was not.
    """
    waiting = at = 0
    for day, following in pairwise([*studied, today + 1]):
        while at < len(changes) and changes[at][0] <= day:
            waiting += changes[at][1]
            at += 1
        next_due = changes[at][0] if at < len(changes) else following
        until = day if waiting else min(next_due, following, first_waiting)
        if until > day + 1:
            yield day + 1, until
