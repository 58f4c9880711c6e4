"""Read untrusted SQLite files: plain tables only."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flashcards.importers.base import ImportSource

MAX_SECONDS = 300.0
STEPS_BETWEEN_CHECKS = 1_000_000  # SQLite instructions between two checks of the time
SQLITE_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 << 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
ALLOWED_ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


@contextmanager
def open_copy(
    source: ImportSource, path: Path, tables: frozenset[str], required: frozenset[str]
) -> Iterator[sqlite3.Connection]:
    """Open a copy of a source and its write-ahead log.

    Raises ValueError as guard_connection does, and sqlite3.Error.
    """
    if not path.exists():
        path.write_bytes(source.data)
        for ending in ("-wal", "-journal"):
            name = source.name.replace("\\", "/").rpartition("/")[2]
            Path(f"{path}{ending}").write_bytes(source.read_beside(name + ending))
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    try:
        guard_connection(connection, tables, required)
        yield connection
    finally:
        connection.close()


def guard_connection(
    connection: sqlite3.Connection, tables: frozenset[str], required: frozenset[str]
) -> None:
    """Restrict a connection to our own reading of these tables.

    Raises ValueError if one is no plain table, or a required one is missing.
    """
    for limit, most in SQLITE_LIMITS.items():
        connection.setlimit(limit, most)
    # Functions in the schema do not run, damaged pages are errors, and a cut file raises no SIGBUS.
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    end = time.monotonic() + MAX_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS_BETWEEN_CHECKS)

    def allow(action: int, table: str | None, _: str | None, __: str | None, inside: str | None) -> int:
        plain = action in ALLOWED_ACTIONS and inside is None
        known = action != sqlite3.SQLITE_READ or table in tables or table == "sqlite_master"
        return sqlite3.SQLITE_OK if plain and known else sqlite3.SQLITE_DENY

    connection.set_authorizer(allow)
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    connection.set_authorizer(None)
    _require_plain_tables(connection, found, tables, required)
    connection.set_authorizer(allow)


def _require_plain_tables(
    connection: sqlite3.Connection,
    found: list[tuple[str, str, str]],
    tables: frozenset[str],
    required: frozenset[str],
) -> None:
    """Raise ValueError for views, virtual tables and computed columns."""
    named = {str(name).casefold(): (kind, str(sql)) for kind, name, sql in found if kind != "index"}
    for table in tables & named.keys():
        kind, sql = named[table]
        if kind != "table" or not sql.upper().lstrip().startswith("CREATE TABLE"):
            raise ValueError(f"{table} is no plain table")
        if any(row[6] for row in connection.execute(f"PRAGMA table_xinfo({table})")):
            raise ValueError(f"{table} has computed columns")
    if missing := required - named.keys():
        raise ValueError(f"it has no {', '.join(sorted(missing))}")
