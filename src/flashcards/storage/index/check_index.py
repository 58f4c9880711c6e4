"""Check whether the index is current (runs at every start)."""

import os
from sqlite3 import Connection

from flashcards.storage.index import schema
from flashcards.storage.index.library_files import FileSignature

CHANGE_COUNTER_OFFSET = 24  # in SQLite's file header: 4 bytes, big-endian

SourceFiles = dict[str, tuple[str, FileSignature]]  # path and signature by name


def is_compatible(index: Connection, data_dir: str) -> bool:
    """Tell whether an index has this version and this data folder."""
    (application,) = index.execute("PRAGMA application_id").fetchone()
    (version,) = index.execute("PRAGMA user_version").fetchone()
    if (application, version) != (schema.APPLICATION_ID, schema.SCHEMA_VERSION):
        return False
    row = index.execute("SELECT value FROM meta WHERE name = 'data'").fetchone()
    return bool(row == (data_dir,))


def is_intact(index: Connection, data_dir: str, change_count: int) -> bool:
    """Tell whether an index is compatible, and unchanged since the count was read."""
    is_unchanged = "SELECT 1 FROM meta WHERE name = 'changes' AND value = ?"
    return is_compatible(index, data_dir) and bool(index.execute(is_unchanged, (change_count,)).fetchone())


def database_file(index: Connection) -> str:
    """Return the file of a connection; "" for one in memory."""
    rows = index.execute("PRAGMA database_list")
    return next(str(row[2]) for row in rows if row[1] == "main")


def inode_name(index_file: str) -> str:
    """Return the name to open an index under, which no earlier index had.

    SQLite finds the rollback journal of a killed process by file name. Under a shared name, the journal
    of one index could be rolled back into its replacement. Raises OSError.
    """
    inode = os.stat(index_file).st_ino  # noqa: PTH116 (pathlib costs 10 ms)
    name = f"{index_file}.{inode}"
    try:
        return name if os.stat(name).st_ino == inode else index_file  # noqa: PTH116 (as above)
    except FileNotFoundError:  # a copy, or a file system without hard links
        return index_file


def sqlite_uri(index_file: str, mode: str) -> str:
    """Return the URI to open an index for writing ("rw") or reading ("ro")."""
    for character, code in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        index_file = index_file.replace(character, code)
    return f"file:{index_file}?mode={mode}"


def read_change_counter(file: str) -> int:
    """Return how often SQLite changed a file; edits by other tools count.

    Only for files without a connection in this process: closing drops its locks. Raises OSError.
    """
    with open(file, "rb") as header:  # noqa: PTH123 (pathlib costs 10 ms)
        header.seek(CHANGE_COUNTER_OFFSET)
        return int.from_bytes(header.read(4), "big")


def changed_sources(index: Connection, sources: SourceFiles) -> list[str]:
    """Return the names of files added, removed or possibly changed."""
    rows = index.execute("SELECT name, is_trusted, size, mtime, ctime, inode FROM source")
    known = {row[0]: row[2:] if row[1] else None for row in rows}
    names = [name for name, (_, signature) in sources.items() if known.get(name) != signature]
    return names + [name for name in known if name not in sources]
