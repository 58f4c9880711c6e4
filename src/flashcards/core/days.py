"""A study day begins at the rollover, not at midnight, and is counted where the person is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

ROLLOVER = timedelta(hours=4)
"""How long after local midnight a new study day begins, unless settings say otherwise."""


def study_day(at: datetime, rollover: timedelta = ROLLOVER) -> date:
    """Return the study day that the aware time `at` belongs to, by its own UTC offset."""
    return (at - rollover).date()
