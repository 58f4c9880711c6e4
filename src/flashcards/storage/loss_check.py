"""Detect lost history and explain how to restore it."""

from flashcards.core.format_count import format_count
from flashcards.errors import LostHistoryError
from flashcards.storage.store_paths import StorePaths


def history_lost_error(paths: StorePaths, events: int, has: str, more: str = "") -> LostHistoryError:
    """Return the error that says what is missing and how to restore it."""
    from flashcards.storage.backups.make_and_prune import backups_of

    newest = next(iter(backups_of(paths)), None)
    way_back = (
        f"To restore the backup of {newest.created_at:%Y-%m-%d %H:%M} UTC: flashcards restore"
        if newest
        else "Copy the folder back from a backup of your own"
    )
    return LostHistoryError(
        f"{paths.data_dir}: history is missing: it had {more}{format_count(events, 'event')}, now {has}. "
        f"Nothing was written. {way_back}. If this is intended: flashcards doctor --accept."
    )
