"""A study day begins at the rollover, not at midnight, and is counted where the person is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

ROLLOVER = timedelta(hours=4)
"""How long after local midnight a new study day begins, unless settings say otherwise."""


def study_day(at: datetime, rollover: timedelta = ROLLOVER) -> date:
    """Return the study day that the aware time `at` belongs to, by its own UTC offset."""
    return (at - rollover).date()


def streaks(days: Iterable[date], today: date) -> tuple[int, int]:
    """Return (the run of days up to today or yesterday, the longest run)."""
    length: dict[date, int] = {}
    for day in sorted(set(days)):
        length[day] = length.get(day - timedelta(days=1), 0) + 1
    current = length.get(today) or length.get(today - timedelta(days=1), 0)
    return current, max(length.values(), default=0)
