"""Open, seal and replace index files; count the events in one."""

import contextlib
import sqlite3
from pathlib import Path
from sqlite3 import Connection

from flashcards.storage.index.check_index import inode_name, is_intact, read_change_counter, sqlite_uri
from flashcards.storage.index.queries.cards import count_events


def seal_index(draft: Path) -> None:
    """Store the final change counter in an index, and sync it."""
    change_count = read_change_counter(str(draft)) + 1  # this write counts, too
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("INSERT INTO meta VALUES ('changes', ?)", (change_count,))


def install_index(draft: Path, path: Path) -> None:
    """Move a new index into place, and add the name it is opened under (see `inode_name`)."""
    inode_path = Path(f"{path}.{draft.stat().st_ino}")
    for leftover in (inode_path, Path(f"{inode_path}-journal")):
        leftover.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # without hard links it is opened under its shared name
        inode_path.hardlink_to(draft)
    draft.replace(path)
    for former in path.parent.glob(f"{path.name}.*"):
        if former != inode_path:
            delete_if_possible(former)


def delete_if_possible(path: Path) -> None:
    """Delete a leftover file, ignoring errors."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def connect_index(path: str, mode: str = "rw") -> Connection:
    """Open an existing index for writing ("rw") or reading ("ro")."""
    connection = sqlite3.connect(sqlite_uri(path, mode), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def count_events_in_index(index_file: Path, data_dir: Path) -> int:
    """Count the events in an intact index, else 0: what the history had, if known.json is missing."""
    try:
        change_count = read_change_counter(str(index_file))
        with contextlib.closing(connect_index(inode_name(str(index_file)), "ro")) as connection:
            return count_events(connection) if is_intact(connection, str(data_dir), change_count) else 0
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return 0


def count_missing_events(index: Connection, before: Path) -> int:
    """Count the events of an earlier, intact index that a new one lacks."""
    try:
        index.execute("ATTACH ? AS before", (sqlite_uri(str(before), "ro"),))
        (missing,) = index.execute(
            "SELECT count(*) FROM before.event AS old WHERE NOT EXISTS "
            "(SELECT 1 FROM main.event WHERE main.event.id = old.id)"
        ).fetchone()
        if missing and index.execute("PRAGMA before.integrity_check(1)").fetchone()[0] != "ok":
            return 0
        return int(missing)
    except sqlite3.Error:
        return 0
    finally:
        with contextlib.suppress(sqlite3.Error):  # if it could not be attached
            index.execute("DETACH before")
