"""Open the index, refresh it, rebuild it when damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.storage.files import hold_lock, make_folder
from flashcards.storage.index import schema
from flashcards.storage.index.build.bulk_load import gc_paused
from flashcards.storage.index.build.update import IndexUpdater, ignore_progress, increment_change_counter
from flashcards.storage.index.connection import (
    connect_index,
    count_missing_events,
    delete_if_possible,
    install_index,
    seal_index,
)
from flashcards.storage.index.freshness import (
    database_file,
    inode_name,
    is_compatible,
    is_intact,
    read_change_counter,
)
from flashcards.storage.index.sources import JOURNAL_FOLDER, StaleIndexError
from flashcards.storage.loss_check import history_lost_error
from flashcards.storage.paths import StorePaths
from flashcards.storage.settings.settings import Settings

LONG_READ_BYTES = 20 << 20
"""Bytes of history from which building the index is long enough to say so."""


JOURNAL_PROGRESS_SHARE = 0.82
"""How much of the work is done once all journals are read and folded; decks and lookups follow."""
OPEN_ATTEMPTS, OPEN_RETRY_SECONDS = 10, 0.01
"""How often an index that another process may be writing is looked at, and seconds between."""
BUILD_CACHE_KIB = 32_000
"""Pages that SQLite holds while an index is made: it goes about in all of its events."""
BUILD_LOCK_ATTEMPTS = 12_000
"""Tries for the index's lock: 2 minutes, in which another process reads a long history."""


class IndexReplacedError(Exception):
    """Another process has put a new index into the place of this one."""


class StoreIndex:
    """An open index: `connection` has the tables of schema.py, true as of the last `refresh`."""

    def __init__(
        self,
        paths: StorePaths,
        settings: Settings,
        *,
        notify: Callable[[str], None],
        on_progress: Callable[[float], None] | None = None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._notify = notify
        self.on_progress = on_progress
        """Called with the share (0 to 1) that is done; without it, a notice is printed."""
        self._paths = paths
        self._settings = settings
        self._updater = IndexUpdater(paths, settings, clock_ns)
        self.renamed = self._updater.renamed
        self.moves, self.unlinked = self._updater.moves, self._updater.unlinked
        self._lock_file = paths.index_file.with_name(".index.lock")
        self._inode = 0
        self.connection = self._open_existing() or self._open_or_build()

    def pending_links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) for each card found under another id that no journal links yet."""
        rows = self.connection.execute("SELECT old, new FROM pending_link ORDER BY rowid")
        return [(CardId(old), CardId(new)) for old, new in rows]

    def clear_pending_links(self) -> None:
        """Note that the links are in a journal now."""
        self._execute_change("DELETE FROM pending_link")

    def update_from_files(self) -> None:
        """Bring the index up to date with the files, by way of another one if need be."""
        for _ in range(OPEN_ATTEMPTS):
            try:
                self._switch_to_replacement()
                self._updater.apply_changes(self.connection, self._hold_lock)
            except IndexReplacedError:
                self._reopen()
            except StaleIndexError:
                self._reopen(stale_file=database_file(self.connection))
            except sqlite3.DatabaseError:
                self.rebuild()
            else:
                return
        self._updater.apply_changes(self.connection, self._hold_lock)

    def rebuild(self) -> None:
        """Take this index for torn: open the one that another process made since, or make one."""
        self._reopen(torn=self._inode)

    def _reopen(self, *, stale_file: str = "", torn: int = 0) -> None:
        self.connection.close()
        self.connection = self._open_or_build(stale_file, torn=torn)

    def _switch_to_replacement(self) -> None:
        """Go over to the index that took the place of this one, if it will do here.

        One that will not, as after an upgrade, is left to those who made it.
        """
        if self._is_replaced() and (found := self._open_existing()):
            self.connection.close()
            self.connection = found

    def _is_replaced(self) -> bool:
        """Tell whether another file is in the place of this one, or none."""
        return bool(database_file(self.connection)) and self._inode_on_disk() != self._inode

    def clear_out_of_order(self, device_id: str) -> None:
        """Note that a device, whose events came out of order, has no twin all the same."""
        self._execute_change("UPDATE writer SET out_of_order = 0 WHERE device = ?", device_id)

    def _execute_change(self, statement: str, *values: str) -> None:
        try:
            with self._hold_lock():
                self.connection.execute("BEGIN IMMEDIATE")
                self.connection.execute(statement, values)
                increment_change_counter(self.connection)
                self.connection.execute("COMMIT")
        except IndexReplacedError:
            self.update_from_files()
            self._execute_change(statement, *values)

    @contextlib.contextmanager
    def _hold_lock(self) -> Iterator[None]:
        """Let no other process put a new index into its place while this one is written.

        Raises ReplacedError when that has happened, and this one has no name of its own.
        """
        if not database_file(self.connection):
            yield
            return
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(hold_lock(self._lock_file, BUILD_LOCK_ATTEMPTS))
            except OSError as error:  # then it cannot be brought up to date, and goes into memory
                raise sqlite3.OperationalError(str(error)) from error
            if self._is_replaced() and database_file(self.connection) == str(self._paths.index_file):
                raise IndexReplacedError
            yield

    def _open_existing(self) -> Connection | None:
        """Return the index on the disk if it is whole and made by this version for this store."""
        for _ in range(OPEN_ATTEMPTS):
            try:
                counted = read_change_counter(str(self._paths.index_file))
                connection, inode = self._connect()
            except (sqlite3.Error, OSError):
                return None
            try:
                if not self._is_made_for_settings(connection):
                    break
                if is_intact(connection, str(self._paths.data_dir), counted):
                    self._inode = inode
                    return connection
            except (sqlite3.Error, KeyError, ValueError, TypeError):
                break
            connection.close()  # changed by another program; or by another of ours, just now
            time.sleep(OPEN_RETRY_SECONDS)
        else:
            return None
        connection.close()
        return None

    def _is_made_for_settings(self, connection: Connection) -> bool:
        if not is_compatible(connection, str(self._paths.data_dir)):
            return False
        index_settings = dict(connection.execute("SELECT name, value FROM meta"))
        return bool(index_settings["rollover"] == self._settings.rollover.total_seconds())

    def _connect(self) -> tuple[Connection, int]:
        """Return the index that is there, and its inode. Raises OSError, or sqlite3.Error."""
        name = inode_name(str(self._paths.index_file))
        connection = connect_index(name)
        try:
            return connection, Path(name).stat().st_ino
        except OSError:  # replaced just now
            connection.close()
            raise

    def _open_or_build(self, stale_file: str = "", *, torn: int = 0) -> Connection:
        """Rebuild the index, unless another process that saw the same just did.

        `stale` is the file of one that does not fit the journals, `torn` the inode of one that
        cannot be read: neither will do.
        """
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # then the index goes into memory, and has no twin
                make_folder(self._paths.index_file.parent)
                stack.enter_context(hold_lock(self._lock_file.with_name(".build.lock"), BUILD_LOCK_ATTEMPTS))
                for begun in self._paths.index_file.parent.glob(f".{self._paths.index_file.name}.*.tmp"):
                    delete_if_possible(begun)  # by a process that was killed, or it would hold the lock
            # Another process may have rebuilt it while this one waited for the lock: then use that.
            if stale_file or (torn and self._inode_on_disk() == torn):
                return self._build(stale_file)
            return self._open_existing() or self._build()

    def _inode_on_disk(self) -> int:
        try:
            return self._paths.index_file.stat().st_ino
        except OSError:
            return 0

    def _build(self, before: str = "") -> Connection:
        """Rebuild the index; where it cannot be put on the disk, it is kept in memory.

        Raises LostHistoryError when the one `before`, that was believed, had events which are gone.
        """
        # A draft, never the old file written over: other processes go on reading the one they have open,
        # and one that is killed meanwhile leaves the old one whole.
        path = self._paths.index_file
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            make_folder(path.parent)
            draft.unlink(missing_ok=True)
            connection = sqlite3.connect(draft, isolation_level=None, uri=True)
            with contextlib.closing(connection):
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(f"PRAGMA cache_size = -{BUILD_CACHE_KIB}")
                self._fill_tables(connection)
                with hold_lock(self._lock_file, BUILD_LOCK_ATTEMPTS):
                    # Under the lock of the journals, so that nothing is appended between the last
                    # look at them and the moment when other processes find the new file.
                    self._raise_if_history_lost(connection, before)
                    connection.close()
                    seal_index(draft)
                    install_index(draft, path)
                    connection, self._inode = self._connect()
                    return connection
        except (OSError, sqlite3.Error):
            delete_if_possible(draft)
            connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
            self._fill_tables(connection)
            self._raise_if_history_lost(connection, before)
            return connection
        except BaseException:
            delete_if_possible(draft)
            raise

    def _raise_if_history_lost(self, connection: Connection, before: str) -> None:
        self._updater.apply_changes(connection)  # what the one before was told of meanwhile
        if before and (gone := count_missing_events(connection, Path(before))):
            (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
            raise history_lost_error(
                self._paths,
                events + gone,
                f"{events:,}; {gone:,} of the earlier ones are missing",
            )

    def _fill_tables(self, connection: Connection) -> None:
        """Make the tables and read everything into them."""
        from flashcards.storage.index import daily_totals, sibling_order

        on_progress = self._long_read_progress()
        with gc_paused():
            connection.executescript(
                f"PRAGMA application_id = {schema.APPLICATION_ID};"
                f"PRAGMA user_version = {schema.SCHEMA_VERSION};" + schema.CREATE_TABLES
            )
            self._updater.apply_changes(
                connection, on_progress=lambda share: on_progress(share * JOURNAL_PROGRESS_SHARE)
            )
            connection.execute("BEGIN IMMEDIATE")
            derived = (
                *sibling_order.CREATE_STATEMENTS,
                *schema.QUERY_INDEX_STATEMENTS,
                *daily_totals.CREATE_STATEMENTS,
            )
            for statement in (*schema.LOOKUP_INDEX_STATEMENTS, *derived):
                connection.execute(statement)
            connection.execute("COMMIT")
        on_progress(1)

    def _long_read_progress(self) -> Callable[[float], None]:
        """Return the callback for progress; a short read needs none."""
        found = self._updater.source_files().items()
        size = sum(signature[0] for name, (_, signature) in found if name.startswith(JOURNAL_FOLDER))
        if size <= LONG_READ_BYTES:
            return ignore_progress
        if self.on_progress is None:
            self._notify(
                f"Building the index from your history ({size >> 20} MB). "
                "This happens once and takes a moment …"
            )
        return self.on_progress or ignore_progress
