"""The one place where the program asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, with the UTC offset of this place."""
    return datetime.now(UTC).astimezone()
