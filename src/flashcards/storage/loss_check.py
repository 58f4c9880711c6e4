"""Detect lost history and explain how to restore it."""

from __future__ import annotations

from datetime import datetime

from flashcards.errors import LostHistoryError
from flashcards.storage.paths import StorePaths


def history_lost_error(paths: StorePaths, had: str, has: str) -> LostHistoryError:
    """Return the error that says what is missing and how it comes back."""
    from flashcards.storage.backups.backups import backups_of

    newest = next(iter(backups_of(paths)), None)
    way_back = (
        f"flashcards restore brings back what the backup of {_format_time(newest.created_at)} has"
        if newest
        else "put the folder back from a copy of yours"
    )
    return LostHistoryError(
        f"{paths.data_dir}: this store had {had}, and now has {has}. "
        "Nothing was written. "
        f"{way_back}; if it is meant to be so, flashcards doctor --accept."
    )


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def describe_event_count(event_count: int) -> str:
    """Return a number of events in words."""
    return f"{event_count:,} entries in its history"
