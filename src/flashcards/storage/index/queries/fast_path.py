"""Open an index that is known to be current, for reading only."""

import os
import sqlite3
from datetime import date, datetime, timedelta

from flashcards.core.study_days import study_day
from flashcards.storage.base_dirs import INDEX_FILE_NAME, SETTINGS_FILE_NAME, find_base_dirs
from flashcards.storage.index.check_index import (
    changed_sources,
    inode_name,
    is_intact,
    read_change_counter,
    sqlite_uri,
)
from flashcards.storage.index.due_conditions import index_settings
from flashcards.storage.index.library_files import find_sources


def open_base_index(data_dir: str | None) -> sqlite3.Connection | None:
    """Return the current index of a data folder; None if it must be updated."""
    data, config, _, cache = find_base_dirs(data_dir)
    if not data:
        return None
    return open_current_index(data, f"{config}/{SETTINGS_FILE_NAME}", f"{cache}/{INDEX_FILE_NAME}")


def open_current_index(data_dir: str, settings_file: str, index_file: str) -> sqlite3.Connection | None:
    """Return the index if no file changed since it was built; else None."""
    try:
        change_count = read_change_counter(index_file)
        connection = sqlite3.connect(sqlite_uri(inode_name(index_file), "ro"), uri=True, isolation_level=None)
    except (sqlite3.Error, OSError):
        return None
    try:
        sources = find_sources(data_dir, settings_file)
        files = {name: (path, signature) for name, path, signature in sources}
        # Without format.json history may be lost, which only opening the store notices.
        is_whole = os.path.exists(f"{data_dir}/format.json")  # noqa: PTH110 (pathlib takes 6 ms to load)
        is_usable = is_whole and is_intact(connection, data_dir, change_count)
        if is_usable and not changed_sources(connection, files):
            return connection
    except (sqlite3.Error, OSError):
        pass
    connection.close()
    return None


def study_day_of_index(index: sqlite3.Connection, now: datetime) -> date:
    """Return the study day of a time, by the rollover in the index."""
    return study_day(now, timedelta(seconds=index_settings(index)["rollover"]))
