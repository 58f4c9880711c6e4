"""The one place where the program asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, with the UTC offset of this place."""
    return here(datetime.now(UTC))


def here(at: datetime) -> datetime:
    """Return a time with the UTC offset that holds in this place then."""
    return at.astimezone()
