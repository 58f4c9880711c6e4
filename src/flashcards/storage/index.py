"""The index: opened at every start, brought up to date with what changed, remade when in doubt."""

from __future__ import annotations

import contextlib
import gc
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from zlib import crc32

from flashcards.core.card import CardId
from flashcards.storage import schema, tallies
from flashcards.storage.counts import NEW_LIMIT, REPEAT_BELOW, REVIEW_LIMIT
from flashcards.storage.durable import make_folder, read_regular
from flashcards.storage.freshness import Found, changed, changes, file_of, fits
from flashcards.storage.ingest import Ingest
from flashcards.storage.journal import Read, parse
from flashcards.storage.paths import Paths
from flashcards.storage.settings import Settings
from flashcards.storage.siblings import SETTING as SIBLINGS_APART
from flashcards.storage.sources import (
    DECKS,
    FRESH_NS,
    JOURNAL,
    NOTHING,
    SETTINGS,
    Signature,
    sources,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the index knows it."""

    signature: Signature
    trusted: bool
    end: int = 0
    lines: int = 0
    sum: int = 0


LONG_READ = 20 << 20
"""Bytes of history from which building the index is long enough to say so."""
UNKNOWN = Known(NOTHING, trusted=False)


class StaleError(Exception):
    """The index does not fit what is on the disk, so it is made anew."""


class Index:
    """An open index: `connection` has the tables of schema.py, true as of the last `refresh`."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        *,
        tell: Callable[[str], None],
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._tell = tell
        self._paths = paths
        self._settings = settings
        self._clock_ns = clock_ns
        self.links: list[tuple[CardId, CardId]] = []
        """(old, new): cards that the last refresh found under another id; not yet in a journal."""
        self.connection = self._opened() or self._built()

    def refresh(self) -> None:
        """Bring the index up to date with the files."""
        try:
            self._update(self.connection)
        except (StaleError, sqlite3.DatabaseError):
            self.connection.close()
            self.connection = self._built()
            self._update(self.connection)

    def _opened(self) -> Connection | None:
        """Return the index on the disk if it is whole and made by this version for this store."""
        path = self._paths.index
        try:
            connection = connect(path)
        except sqlite3.Error:
            return None
        try:
            if fits(connection, str(self._paths.data)):
                made_under = dict(connection.execute("SELECT name, value FROM meta"))
                if made_under["rollover"] == self._settings.rollover.total_seconds():
                    return connection
        except (sqlite3.Error, KeyError, ValueError, TypeError):
            pass
        connection.close()
        return None

    def _built(self) -> Connection:
        """Make the index anew; where it cannot be put on the disk, it is kept in memory."""
        path = self._paths.index
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            make_folder(path.parent)
            draft.unlink(missing_ok=True)
            connection = sqlite3.connect(draft, isolation_level=None)
            with contextlib.closing(connection):
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                self._fill(connection)
            draft.replace(path)
            return connect(path)
        except (OSError, sqlite3.Error):
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            connection = sqlite3.connect(":memory:", isolation_level=None)
            self._fill(connection)
            return connection

    def _fill(self, connection: Connection) -> None:
        """Make the tables and read everything into them."""
        self._tell_of_a_long_read()
        gc.disable()  # millions of small values, none of them in a cycle
        try:
            connection.executescript(
                f"PRAGMA application_id = {schema.APPLICATION};"
                f"PRAGMA user_version = {schema.VERSION};" + schema.TABLES
            )
            self._update(connection)
            connection.execute("BEGIN IMMEDIATE")
            for statement in (*schema.CARD_INDEXES, *tallies.STATEMENTS):
                connection.execute(statement)
            _count_change(connection)
            connection.execute("COMMIT")
        finally:
            gc.enable()

    def _tell_of_a_long_read(self) -> None:
        size = sum(sign[0] for name, _, sign in self._sources() if name.startswith(JOURNAL))
        if size > LONG_READ:
            self._tell(f"Reading all of your history ({size >> 20} MB). Once; it takes a moment …")

    def _update(self, connection: Connection) -> None:
        """Read what changed since the last time, in one transaction."""
        found: Found = {name: (path, sign) for name, path, sign in self._sources()}
        if not changed(connection, found):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            known = _known(connection)  # another process may have been here first
            _refuse_gone_journals(found, known)
            self._take_journals(connection, found, known)
            if any(name.startswith(DECKS) for name in changed(connection, found)):
                self._take_decks(connection, found, known)
            self._note_settings(connection, found)
            _count_change(connection)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    def _sources(self) -> Iterator[tuple[str, str, Signature]]:
        return sources(str(self._paths.data), str(self._paths.settings))

    def _take_journals(self, connection: Connection, found: Found, known: dict[str, Known]) -> None:
        ingest = Ingest(connection, self._settings.rollover)
        for name, (path, sign) in found.items():
            before = known.get(name, UNKNOWN)
            if name.startswith(JOURNAL) and not _same(before, sign):
                read, total = read_on(Path(path), before)
                ingest.take(read.records)
                _note_bad_lines(connection, name, read, anew=name not in known)
                # Appends make a file longer, so its signature tells of every change: trusted.
                _note(connection, name, Known(sign, True, read.end, read.lines, total))
        ingest.settle()
        connection.execute(
            "INSERT INTO meta VALUES ('events', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (ingest.taken,),
        )

    def _take_decks(self, connection: Connection, found: Found, known: dict[str, Known]) -> None:
        from flashcards.storage.shelves import Shelves, sum_of  # noqa: PLC0415 (with it comes YAML)

        changed: dict[str, Path] = {}
        now = self._clock_ns()
        for name, (path, sign) in found.items():
            before = known.get(name, UNKNOWN)
            if name.startswith(DECKS) and not _same(before, sign):
                total = sum_of(Path(path))
                if name not in known or total != before.sum:
                    changed[name] = Path(path)
                settled = now - max(sign[1], sign[2]) > FRESH_NS
                _note(connection, name, Known(sign, settled, sum=total))
        for name in known.keys() - found.keys():
            changed[name] = self._paths.data / name
            connection.execute("DELETE FROM source WHERE name = ?", (name,))
        if changed:
            shelves = Shelves(connection)
            shelves.take(changed)
            self.links = shelves.links()

    def _note_settings(self, connection: Connection, found: Found) -> None:
        settings = self._settings
        values = {
            "data": str(self._paths.data),
            "rollover": int(settings.rollover.total_seconds()),
            NEW_LIMIT: settings.limits.new,
            REVIEW_LIMIT: settings.limits.reviews,
            REPEAT_BELOW: settings.repeat_below,
            SIBLINGS_APART: int(settings.siblings_apart),
        }
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        _note(connection, SETTINGS, Known(found[SETTINGS][1], True))


def connect(path: Path) -> Connection:
    """Open an index that is there already."""
    connection = sqlite3.connect(f"file:{path.as_posix()}?mode=rw", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _count_change(connection: Connection) -> None:
    """Note how often the file will have been changed once this transaction is committed."""
    file = file_of(connection)
    if file:
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('changes', ?)", (changes(file) + 1,)
        )


def _known(connection: Connection) -> dict[str, Known]:
    rows = connection.execute(
        "SELECT name, size, mtime, ctime, inode, trusted, end, lines, sum FROM source"
    )
    return {row[0]: Known(row[1:5], bool(row[5]), *row[6:]) for row in rows}


def _refuse_gone_journals(found: Found, known: dict[str, Known]) -> None:
    for name in known:
        if name.startswith(JOURNAL) and name not in found:
            raise StaleError(name)


def _same(known: Known | None, sign: Signature) -> bool:
    return known is not None and known.trusted and known.signature == sign


def _note(connection: Connection, name: str, file: Known) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, *file.signature, file.trusted, file.end, file.lines, file.sum),
    )


def _note_bad_lines(connection: Connection, name: str, read: Read, *, anew: bool) -> None:
    connection.execute("DELETE FROM bad_line WHERE path = ? AND (torn OR ?)", (name, anew))
    connection.executemany(
        "INSERT INTO bad_line VALUES (?, ?, ?, ?, ?)",
        [(name, bad.line, bad.why, bad.newer, bad.torn) for bad in read.bad],
    )


def read_on(path: Path, before: Known) -> tuple[Read, int]:
    """Return what a journal says behind the bytes that are known, and the sum of all bytes read.

    Raises StaleError when the known bytes are no longer as they were: nothing appends like that.
    """
    data = read_regular(path)
    if len(data) < before.end or crc32(data[: before.end]) != before.sum:
        raise StaleError(str(path))
    read = parse(data[before.end :], path, before.end, before.lines)
    return read, crc32(data[before.end : read.end], before.sum)
