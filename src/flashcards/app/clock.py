"""The system clock, read only here."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the local time with its UTC offset."""
    return to_local_time(datetime.now(UTC))


def to_local_time(moment: datetime) -> datetime:
    """Return a time with the UTC offset that applies here then."""
    return moment.astimezone()
