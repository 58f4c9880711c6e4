"""The system clock: the only place that reads it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, with the UTC offset of this place."""
    return to_local_time(datetime.now(UTC))


def to_local_time(moment: datetime) -> datetime:
    """Return a time with the UTC offset that holds in this place then."""
    return moment.astimezone()
