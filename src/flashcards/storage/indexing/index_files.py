"""The file of an index: made as a draft, sealed, put into its place, opened."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from sqlite3 import Connection

from flashcards.storage.indexing.freshness import address, changes


def seal(draft: Path) -> None:
    """Note in an index how often it was changed, this once included, and wait for the disk."""
    counted = changes(str(draft)) + 1
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("INSERT INTO meta VALUES ('changes', ?)", (counted,))


def put(draft: Path, path: Path) -> None:
    """Put a new index into its place, and give it the name that it is opened under.

    Whoever has the one before open goes on reading it, though it has no name any more.
    """
    own = Path(f"{path}.{draft.stat().st_ino}")
    for name in (own, Path(f"{own}-journal")):
        name.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # where a file can have one name only
        own.hardlink_to(draft)
    draft.replace(path)
    for other in path.parent.glob(f"{path.name}.*"):
        if other != own:
            discard(other)


def discard(draft: Path) -> None:
    """Delete a file that is nobody's, if that can be done."""
    with contextlib.suppress(OSError):
        draft.unlink(missing_ok=True)


def connect(path: str, mode: str = "rw") -> Connection:
    """Open an index that is there already, to write to it ("rw") or only to read ("ro")."""
    connection = sqlite3.connect(address(path, mode), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
