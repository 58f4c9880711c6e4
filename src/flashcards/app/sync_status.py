"""Describe when the library was last synced."""

from datetime import datetime
from pathlib import Path

from flashcards.core.format_count import format_count
from flashcards.storage.sync.synced_files import count_waiting_files, read_sync_state
from flashcards.terminal.text.format import format_age


def describe_last_sync(data_dir: str, now: datetime) -> str:
    """Return when a data folder was last synced, and how many files wait."""
    data = Path(data_dir)
    state = read_sync_state(data / ".git")
    if not state.at:
        return "not synced yet"
    files = count_waiting_files(data, state)
    waiting = f", {format_count(files, 'file')} {'waits' if files == 1 else 'wait'}" if files else ""
    return f"last sync {format_age(now - datetime.fromisoformat(state.at))}{waiting}"
