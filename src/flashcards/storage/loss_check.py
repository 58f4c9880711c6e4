"""Detect lost history and explain how to restore it."""

from __future__ import annotations

from datetime import datetime

from flashcards.core.messages import format_count
from flashcards.errors import LostHistoryError
from flashcards.storage.paths import StorePaths


def history_lost_error(paths: StorePaths, had: str, has: str) -> LostHistoryError:
    """Return the error that says what is missing and how it comes back."""
    from flashcards.storage.backups.backups import backups_of

    newest = next(iter(backups_of(paths)), None)
    way_back = (
        f"To restore the backup of {_format_time(newest.created_at)}: flashcards restore"
        if newest
        else "Copy the folder back from a backup of your own"
    )
    return LostHistoryError(
        f"{paths.data_dir}: history is missing: it had {had}, now {has}. Nothing was written. "
        f"{way_back}. If this is intended: flashcards doctor --accept."
    )


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def describe_event_count(event_count: int) -> str:
    """Return a number of events in words."""
    return format_count(event_count, "event")
