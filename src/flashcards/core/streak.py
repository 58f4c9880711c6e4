"""Lengths of streaks, which days off and days with nothing due do not break."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from flashcards.core.study_days import ONE_DAY


class Streak(NamedTuple):
    """Study days in a row."""

    current: int
    longest: int


def streak_lengths(days: Iterable[date], today: date, pauses: Iterable[tuple[date, date]] = ()) -> Streak:
    """Return the current streak and the longest.

    The current one ends today or yesterday. Pauses (first, until) neither break nor extend a streak.
    """
    studied = sorted(set(days))
    length: dict[date, int] = {}
    begin, end = (studied[0].toordinal(), today.toordinal() + 1) if studied else (0, 0)
    spans = ((max(begin, first.toordinal()), min(end, until.toordinal())) for first, until in pauses)
    paused = {day for first, until in spans for day in range(first, until)}

    def up_to(day: date) -> int:
        while day not in length and day.toordinal() in paused:
            day -= ONE_DAY
        return length.get(day, 0)

    for day in studied:
        length[day] = up_to(day - ONE_DAY) + 1
    current = up_to(today) or up_to(today - ONE_DAY)
    return Streak(current, max(length.values(), default=0))


def idle_spans(
    studied: Sequence[int], changes: Sequence[tuple[int, int]], first_waiting: int, today: int
) -> Iterator[tuple[int, int]]:
    """Yield (first, until) of days between study days without due cards.

    All days are ordinals. `changes` has, by day, the growth of the number of waiting cards among those
    answered since; from `first_waiting` on, a card waits that was not.
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
