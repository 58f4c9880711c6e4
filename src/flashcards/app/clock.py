"""The system clock, read only here."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the local time with its UTC offset."""
    return datetime.now(UTC).astimezone()
