"""The index: opened at every start, brought up to date with what changed, remade when in doubt."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.storage.files import locked, make_folder
from flashcards.storage.index import schema
from flashcards.storage.index.build.bulk_load import uncollected
from flashcards.storage.index.build.update import Update, count_change, nobody
from flashcards.storage.index.connection import connect, discard, missing, put, seal
from flashcards.storage.index.freshness import changes, file_of, fits, ours, own_name
from flashcards.storage.index.sources import JOURNAL, StaleError
from flashcards.storage.loss_check import entries, lost
from flashcards.storage.paths import Paths
from flashcards.storage.settings.settings import Settings

LONG_READ = 20 << 20
"""Bytes of history from which building the index is long enough to say so."""


FILLED = 0.82
"""How much of the work is done once all journals are read and folded; decks and lookups follow."""
TRIES, PAUSE = 10, 0.01
"""How often an index that another process may be writing is looked at, and seconds between."""
LONG_BUILD = 12_000
"""Tries for the index's lock: 2 minutes, in which another process reads a long history."""


class ReplacedError(Exception):
    """Another process has put a new index into the place of this one."""


class Index:
    """An open index: `connection` has the tables of schema.py, true as of the last `refresh`."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        *,
        tell: Callable[[str], None],
        progress: Callable[[float], None] | None = None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._tell = tell
        self.progress = progress
        """Is told, from 0 to 1, how much of a long work is done; without it, a line says so."""
        self._paths = paths
        self._settings = settings
        self._update = Update(paths, settings, clock_ns)
        self.written = self._update.written
        self.renamed = self._update.renamed
        self._lock = paths.index.with_name(".index.lock")
        self._inode = 0
        self.connection = self._opened() or self._joined()

    def links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) for each card found under another id that no journal links yet."""
        rows = self.connection.execute("SELECT old, new FROM pending_link ORDER BY rowid")
        return [(CardId(old), CardId(new)) for old, new in rows]

    def links_are_kept(self) -> None:
        """Note that the links are in a journal now."""
        self._change("DELETE FROM pending_link")

    def refresh(self) -> None:
        """Bring the index up to date with the files, by way of another one if need be."""
        for _ in range(TRIES):
            try:
                self._follow()
                self._update.run(self.connection, self._hold)
            except ReplacedError:
                self._open_again()
            except StaleError:
                self._open_again(stale=file_of(self.connection))
            except sqlite3.DatabaseError:
                self.renew()
            else:
                return
        self._update.run(self.connection, self._hold)

    def renew(self) -> None:
        """Take this index for torn: open the one that another process made since, or make one."""
        self._open_again(torn=self._inode)

    def _open_again(self, *, stale: str = "", torn: int = 0) -> None:
        self.connection.close()
        self.connection = self._joined(stale, torn=torn)

    def _follow(self) -> None:
        """Go over to the index that took the place of this one, if it will do here.

        One that will not, as after an upgrade, is left to those who made it.
        """
        if self._replaced() and (found := self._opened()):
            self.connection.close()
            self.connection = found

    def _replaced(self) -> bool:
        """Tell whether another file is in the place of this one, or none."""
        return bool(file_of(self.connection)) and self._inode_there() != self._inode

    def clear(self, device: str) -> None:
        """Note that a device, whose events came out of order, has no twin all the same."""
        self._change("UPDATE writer SET out_of_order = 0 WHERE device = ?", device)

    def _change(self, statement: str, *values: str) -> None:
        try:
            with self._hold():
                self.connection.execute("BEGIN IMMEDIATE")
                self.connection.execute(statement, values)
                count_change(self.connection)
                self.connection.execute("COMMIT")
        except ReplacedError:
            self.refresh()
            self._change(statement, *values)

    @contextlib.contextmanager
    def _hold(self) -> Iterator[None]:
        """Let no other process put a new index into its place while this one is written.

        Raises ReplacedError when that has happened, and this one has no name of its own.
        """
        if not file_of(self.connection):
            yield
            return
        with locked(self._lock, LONG_BUILD):
            if self._replaced() and file_of(self.connection) == str(self._paths.index):
                raise ReplacedError
            yield

    def _opened(self) -> Connection | None:
        """Return the index on the disk if it is whole and made by this version for this store."""
        for _ in range(TRIES):
            try:
                counted = changes(str(self._paths.index))
                connection, inode = self._connected()
            except (sqlite3.Error, OSError):
                return None
            try:
                if not self._made_for_this(connection):
                    break
                if fits(connection, str(self._paths.data), counted):
                    self._inode = inode
                    return connection
            except (sqlite3.Error, KeyError, ValueError, TypeError):
                break
            connection.close()  # changed by another program; or by another of ours, just now
            time.sleep(PAUSE)
        else:
            return None
        connection.close()
        return None

    def _made_for_this(self, connection: Connection) -> bool:
        if not ours(connection, str(self._paths.data)):
            return False
        made_under = dict(connection.execute("SELECT name, value FROM meta"))
        return bool(made_under["rollover"] == self._settings.rollover.total_seconds())

    def _connected(self) -> tuple[Connection, int]:
        """Return the index that is there, and its inode. Raises OSError, or sqlite3.Error."""
        name = own_name(str(self._paths.index))
        connection = connect(name)
        try:
            return connection, Path(name).stat().st_ino
        except OSError:  # replaced just now
            connection.close()
            raise

    def _joined(self, stale: str = "", *, torn: int = 0) -> Connection:
        """Make the index anew, unless another process that saw the same just did.

        `stale` is the file of one that does not fit the journals, `torn` the inode of one that
        cannot be read: neither will do.
        """
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # then the index goes into memory, and has no twin
                make_folder(self._paths.index.parent)
                stack.enter_context(locked(self._lock.with_name(".build.lock"), LONG_BUILD))
                for begun in self._paths.index.parent.glob(f".{self._paths.index.name}.*.tmp"):
                    discard(begun)  # by a process that was killed, or it would hold the lock
            if stale or (torn and self._inode_there() == torn):
                return self._built(stale)
            return self._opened() or self._built()

    def _inode_there(self) -> int:
        try:
            return self._paths.index.stat().st_ino
        except OSError:
            return 0

    def _built(self, before: str = "") -> Connection:
        """Make the index anew; where it cannot be put on the disk, it is kept in memory.

        Raises LostHistoryError when the one `before`, that was believed, had events which are gone.
        """
        path = self._paths.index
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            make_folder(path.parent)
            draft.unlink(missing_ok=True)
            connection = sqlite3.connect(draft, isolation_level=None, uri=True)
            with contextlib.closing(connection):
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                self._fill(connection)
                with locked(self._lock, LONG_BUILD):
                    self._refuse_loss(connection, before)
                    connection.close()
                    seal(draft)
                    put(draft, path)
                    connection, self._inode = self._connected()
                    return connection
        except (OSError, sqlite3.Error):
            discard(draft)
            connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
            self._fill(connection)
            self._refuse_loss(connection, before)
            return connection
        except BaseException:
            discard(draft)
            raise

    def _refuse_loss(self, connection: Connection, before: str) -> None:
        self._update.run(connection)  # what the one before was told of meanwhile
        if before and (gone := missing(connection, Path(before))):
            (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
            raise lost(
                self._paths, entries(events + gone), f"{events:,}, without {gone:,} of those"
            )

    def _fill(self, connection: Connection) -> None:
        """Make the tables and read everything into them."""
        from flashcards.storage.index import daily_totals, sibling_order

        progress = self._told_of_a_long_read()
        with uncollected():
            connection.executescript(
                f"PRAGMA application_id = {schema.APPLICATION};"
                f"PRAGMA user_version = {schema.VERSION};" + schema.TABLES
            )
            self._update.run(connection, progress=lambda share: progress(share * FILLED))
            connection.execute("BEGIN IMMEDIATE")
            derived = (*sibling_order.STATEMENTS, *schema.CARD_INDEXES, *daily_totals.STATEMENTS)
            for statement in (*schema.LOOKUPS, *derived):
                connection.execute(statement)
            connection.execute("COMMIT")
        progress(1)

    def _told_of_a_long_read(self) -> Callable[[float], None]:
        """Return whom to tell how far the reading is; a short one is not worth a word."""
        found = self._update.found().items()
        size = sum(sign[0] for name, (_, sign) in found if name.startswith(JOURNAL))
        if size <= LONG_READ:
            return nobody
        if self.progress is None:
            self._tell(f"Reading all of your history ({size >> 20} MB). Once; it takes a moment …")
        return self.progress or nobody
