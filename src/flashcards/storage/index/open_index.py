"""Open the index, refresh it, rebuild it when damaged."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.storage.files import make_folder
from flashcards.storage.index import schema
from flashcards.storage.index.build.bulk_load import create_derived_indexes, gc_paused
from flashcards.storage.index.build.update import IndexUpdater, ignore_progress, increment_change_counter
from flashcards.storage.index.check_index import (
    database_file,
    inode_name,
    is_compatible,
    is_intact,
    read_change_counter,
)
from flashcards.storage.index.due_conditions import index_settings
from flashcards.storage.index.library_files import JOURNAL_FOLDER, StaleIndexError
from flashcards.storage.index.replace_index import (
    connect_index,
    count_missing_events,
    delete_if_possible,
    install_index,
    seal_index,
)
from flashcards.storage.locks import hold_lock
from flashcards.storage.loss_check import history_lost_error
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_paths import StorePaths

JOURNAL_PROGRESS_SHARE = 0.82  # of the work when the journals are replayed; decks and lookups follow
OPEN_ATTEMPTS, OPEN_RETRY_SECONDS = 10, 0.01  # another process may be writing it
BUILD_CACHE_KIB = 32_000  # of SQLite during a build, which reads all events in another order
LONG_READ_BYTES = 20 << 20  # of history, from which building the index takes noticeable time
BUILD_LOCK_ATTEMPTS = 12_000  # 2 minutes: another process may be building a long history


class IndexReplacedError(Exception):
    """Another process replaced this index with a new one."""


class StoreIndex:
    """An open index; its tables are as of the last update."""

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
        self.on_progress = on_progress  # called with the share done (0 to 1); without it, a notice is printed
        self._paths = paths
        self._settings = settings
        self._updater = IndexUpdater(paths, settings, clock_ns)  # it says what the next three are
        self.renamed = self._updater.renamed
        self.moves, self.unlinked = self._updater.moves, self._updater.unlinked
        self._lock_file = paths.index_file.with_name(".index.lock")
        self._inode = 0
        self.connection = self._open_existing() or self._open_or_build()

    def pending_links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) ids of edited cards that no journal links yet."""
        rows = self.connection.execute("SELECT old, new FROM pending_link ORDER BY rowid")
        return [(CardId(old), CardId(new)) for old, new in rows]

    def clear_pending_links(self) -> None:
        """Note that the links are in a journal now."""
        self._execute_change("DELETE FROM pending_link")

    def update_from_files(self) -> None:
        """Bring the index up to date with the files, replacing it if needed."""
        # Each failure replaces the index by another one, which is then updated; the last one is raised.
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
        """Replace this damaged index, by one another process made or a new one."""
        self._reopen(damaged_inode=self._inode)

    def _reopen(self, *, stale_file: str = "", damaged_inode: int = 0) -> None:
        self.connection.close()
        self.connection = self._open_or_build(stale_file, damaged_inode=damaged_inode)

    def _switch_to_replacement(self) -> None:
        """Use the index that replaced this one, if it suits this version."""
        if self._is_replaced() and (replacement := self._open_existing()):
            self.connection.close()
            self.connection = replacement

    def _is_replaced(self) -> bool:
        return bool(database_file(self.connection)) and self._inode_on_disk() != self._inode

    def clear_out_of_order(self, device_id: str) -> None:
        """Note that a device with events out of order is not shared after all."""
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
        """Keep other processes from replacing this index while it is written.

        Raises IndexReplacedError if one did, and this index has no name of its own.
        """
        if not database_file(self.connection):  # in memory: no other process has it
            yield
            return
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(hold_lock(self._lock_file, BUILD_LOCK_ATTEMPTS))
            except OSError as error:  # a read-only folder: `update_from_files` rebuilds in memory
                raise sqlite3.OperationalError(str(error)) from error
            if self._is_replaced() and database_file(self.connection) == str(self._paths.index_file):
                raise IndexReplacedError
            yield

    def _open_existing(self) -> Connection | None:
        """Return the index on disk; None if it is missing, damaged, or of another version or rollover."""
        for _ in range(OPEN_ATTEMPTS):
            try:
                change_count = read_change_counter(str(self._paths.index_file))
                connection, inode = self._connect()
            except (sqlite3.Error, OSError):
                return None
            try:
                is_suitable = is_compatible(connection, str(self._paths.data_dir)) and (
                    index_settings(connection)["rollover"] == self._settings.rollover.total_seconds()
                )
                if is_suitable and is_intact(connection, str(self._paths.data_dir), change_count):
                    self._inode = inode
                    return connection
            except (sqlite3.Error, KeyError, ValueError, TypeError):
                is_suitable = False
            connection.close()
            if not is_suitable:
                return None
            time.sleep(OPEN_RETRY_SECONDS)  # another process may have changed it after the counter was read
        return None

    def _connect(self) -> tuple[Connection, int]:
        """Return the index on disk, and its inode. Raises OSError or sqlite3.Error."""
        name = inode_name(str(self._paths.index_file))
        connection = connect_index(name)
        try:
            return connection, Path(name).stat().st_ino
        except OSError:  # replaced just now
            connection.close()
            raise

    def _open_or_build(self, stale_file: str = "", *, damaged_inode: int = 0) -> Connection:
        """Rebuild the index, unless another process just did.

        The index in `stale_file` and that with the inode `damaged_inode` are not used again.
        """
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # then the index is built in memory
                make_folder(self._paths.index_file.parent)
                stack.enter_context(hold_lock(self._lock_file.with_name(".build.lock"), BUILD_LOCK_ATTEMPTS))
                for draft in self._paths.index_file.parent.glob(f".{self._paths.index_file.name}.*.tmp"):
                    delete_if_possible(draft)  # left by a killed process: a living one has the lock
            # Another process may have rebuilt it while this one waited for the lock: then use that.
            if stale_file or (damaged_inode and self._inode_on_disk() == damaged_inode):
                return self._build(stale_file)
            return self._open_existing() or self._build()

    def _inode_on_disk(self) -> int:
        try:
            return self._paths.index_file.stat().st_ino
        except OSError:
            return 0

    def _build(self, before: str = "") -> Connection:
        """Build a new index, in memory if it cannot be put on disk.

        Raises LostHistoryError if the index `before` had events that are missing.
        """
        # A draft instead of overwriting: other processes keep reading the index they have open, and
        # if this process is killed, the old index stays intact.
        path = self._paths.index_file
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            make_folder(path.parent)
            draft.unlink(missing_ok=True)
            # uri=True, here and below: `count_missing_events` attaches an index by its URI.
            with contextlib.closing(sqlite3.connect(draft, isolation_level=None, uri=True)) as connection:
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(f"PRAGMA cache_size = -{BUILD_CACHE_KIB}")
                self._fill_tables(connection)
                with hold_lock(self._lock_file, BUILD_LOCK_ATTEMPTS):
                    # Under the lock, so that no other process writes to the old index between this
                    # last update and the moment when it finds the new file.
                    self._update_and_check_history(connection, before)
                    connection.close()
                    seal_index(draft)
                    install_index(draft, path)
                    installed, self._inode = self._connect()
                    return installed
        except (OSError, sqlite3.Error):
            delete_if_possible(draft)
            connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
            self._fill_tables(connection)
            self._update_and_check_history(connection, before)
            return connection
        except BaseException:
            delete_if_possible(draft)
            raise

    def _update_and_check_history(self, connection: Connection, before: str) -> None:
        self._updater.apply_changes(connection)  # files may have changed during the build
        if before and (missing := count_missing_events(connection, Path(before))):
            (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
            now = f"{events:,}; {missing:,} of the earlier ones are missing"
            raise history_lost_error(self._paths, events + missing, now)

    def _fill_tables(self, connection: Connection) -> None:
        on_progress = self._build_progress()
        with gc_paused():
            connection.executescript(
                f"PRAGMA application_id = {schema.APPLICATION_ID};"
                f"PRAGMA user_version = {schema.SCHEMA_VERSION};" + schema.CREATE_TABLES
            )
            self._updater.apply_changes(
                connection, on_progress=lambda share: on_progress(share * JOURNAL_PROGRESS_SHARE)
            )
            connection.execute("BEGIN IMMEDIATE")
            for statement in schema.LOOKUP_INDEX_STATEMENTS:
                connection.execute(statement)
            create_derived_indexes(connection)
            connection.execute("COMMIT")
        on_progress(1)

    def _build_progress(self) -> Callable[[float], None]:
        """Return the progress callback, or announce a long read without one; short reads need none."""
        sources = self._updater.source_files().items()
        size = sum(signature[0] for name, (_, signature) in sources if name.startswith(JOURNAL_FOLDER))
        if size > LONG_READ_BYTES and self.on_progress is None:
            history = f"your history ({size >> 20} MB)"
            self._notify(f"Building the index from {history}. This happens once and takes a moment …")
        return (self.on_progress if size > LONG_READ_BYTES else None) or ignore_progress
