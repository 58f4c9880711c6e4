"""Update the index from changed files in one transaction."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection, Error
from typing import TYPE_CHECKING, Any

from flashcards.storage.index import siblings
from flashcards.storage.index.build.bulk_load import is_bulk, without_derived_indexes
from flashcards.storage.index.check_index import SourceFiles, changed_sources
from flashcards.storage.index.due_conditions import (
    DECK_SETTING_SEPARATOR,
    NEW_LIMIT_SETTING,
    REPEAT_BELOW_SETTING,
    REVIEW_LIMIT_SETTING,
)
from flashcards.storage.index.library_files import (
    DECKS_FOLDER,
    JOURNAL_FOLDER,
    MIN_TRUSTED_AGE_NS,
    SETTINGS_NAME,
    UNKNOWN_STATE,
    FileSignature,
    SourceState,
    StaleIndexError,
    find_sources,
    unreadable_error,
)
from flashcards.storage.index.siblings import SIBLINGS_APART_SETTING as SIBLINGS_APART
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_paths import StorePaths

if TYPE_CHECKING:
    from flashcards.core.cards import CardId
    from flashcards.storage.journal.journal_reader import ParsedChunk

READ_PROGRESS_SHARE = 0.43  # of the work is reading journals; the rest is replaying them
ProgressCallback = Callable[[float], None]
LockHolder = Callable[[], contextlib.AbstractContextManager[None]]


def ignore_progress(_share: float) -> None:
    """Do nothing."""


class IndexUpdater:
    """Updates an index from the files that it is derived from."""

    def __init__(
        self, paths: StorePaths, settings: Settings, clock_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._settings_signature: FileSignature | None = None
        self._clock_ns = clock_ns
        self.moves: dict[CardId, CardId] = {}
        """New ids that a command is giving to cards, so matching is not needed."""
        self.unlinked: set[CardId] = set()  # those of them that need no link
        self.renamed: dict[CardId, CardId] = {}  # new ids of cards edited since, learned or not

    def source_files(self) -> SourceFiles:
        """Return the files that the index is derived from. Raises StoreError."""
        data, settings = str(self._paths.data_dir), str(self._paths.settings_file)
        try:
            found = {name: (path, signature) for name, path, signature in find_sources(data, settings)}
        except OSError as error:
            raise unreadable_error(error.filename, error) from error
        self._settings_signature = self._settings_signature or found[SETTINGS_NAME][1]
        return found

    def apply_changes(
        self,
        connection: Connection,
        hold_lock: LockHolder = contextlib.nullcontext,
        on_progress: ProgressCallback = ignore_progress,
    ) -> None:
        """Read what changed since the last update, in one transaction.

        `hold_lock` keeps the index file from being replaced meanwhile. Raises StaleIndexError.
        """
        if changed_sources(connection, self.source_files()):
            with hold_lock():
                self._update_tables(connection, on_progress)

    def _update_tables(self, connection: Connection, on_progress: ProgressCallback) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have updated it while this one waited for the lock: look again.
            found, known = self.source_files(), _load_known_states(connection)
            _raise_if_journal_gone(found, known)
            bulk = _is_bulk_update(found, known)
            with without_derived_indexes(connection, bulk=bulk):
                self._ingest_journals(connection, found, known, on_progress, bulk=bulk)
                if any(name.startswith(DECKS_FOLDER) for name in changed_sources(connection, found)):
                    self._ingest_decks(connection, found, known)
                siblings.update_hidden_until(connection)
            self._store_settings(connection, found)
            increment_change_counter(connection)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(Error):
                connection.execute("ROLLBACK")
            raise

    def _ingest_journals(
        self,
        connection: Connection,
        found: SourceFiles,
        known: dict[str, SourceState],
        on_progress: ProgressCallback,
        *,
        bulk: bool,
    ) -> None:
        new = [n for n, (_, sign) in found.items() if not _is_unchanged(known.get(n), sign)]
        if known and not any(name.startswith(JOURNAL_FOLDER) for name in new):
            return
        # Imported only if there is something new, which is rare at a start.
        from flashcards.storage.index.build import journal_ingest, journal_tail

        sizes = (found[name][1][0] for name in new if name.startswith(JOURNAL_FOLDER))
        # An unknown size (-1) counts as 0.
        done, total = 0, 1 + sum(max(0, size) for size in sizes)
        ingest = journal_ingest.JournalIngest(connection, self._settings.rollover, bulk=bulk, size=total)
        for name, (path, signature) in found.items():
            before = known.get(name, UNKNOWN_STATE)
            if name.startswith(JOURNAL_FOLDER) and not _is_unchanged(before, signature):
                tail = journal_tail.JournalTail(Path(path), before)
                connection.execute(
                    "DELETE FROM bad_line WHERE path = ? AND (is_truncated OR ?)", (name, name not in known)
                )
                for chunk in tail.read_new_lines():
                    _insert_bad_lines(connection, name, chunk)
                    ingest.add_lines(chunk.records)
                    on_progress(READ_PROGRESS_SHARE * (done + tail.end_offset) / total)
                    chunk.records.clear()  # frees memory before the next chunk
                _store_source_state(connection, name, tail.current_state(signature))
                done += tail.end_offset
        ingest.update_derived_tables(
            lambda share: on_progress(READ_PROGRESS_SHARE + (1 - READ_PROGRESS_SHARE) * share)
        )
        connection.execute(
            "INSERT INTO meta VALUES ('events', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (ingest.added_count,),
        )

    def _ingest_decks(
        self, connection: Connection, found: SourceFiles, known: dict[str, SourceState]
    ) -> None:
        from flashcards.storage.index.build.deck_ingest import DeckIngest, file_checksum

        changed: dict[str, Path] = {}
        now = self._clock_ns()
        for name, (path, signature) in found.items():
            before = known.get(name, UNKNOWN_STATE)
            if name.startswith(DECKS_FOLDER) and not _is_unchanged(before, signature):
                checksum = file_checksum(Path(path))
                if name not in known or checksum != before.checksum:
                    changed[name] = Path(path)
                is_trusted = now - max(signature[1], signature[2]) > MIN_TRUSTED_AGE_NS
                _store_source_state(connection, name, SourceState(signature, is_trusted, checksum=checksum))
        for name in known.keys() - found.keys():
            changed[name] = self._paths.data_dir / name
            connection.execute("DELETE FROM source WHERE name = ?", (name,))
        if changed:
            ingest = DeckIngest(connection, self.moves)
            ingest.ingest_decks(changed)
            unread = [(name,) for name in ingest.unreadable_names]
            connection.executemany("DELETE FROM source WHERE name = ?", unread)
            links = [pair for pair in ingest.find_links() if pair[0] not in self.unlinked]
            connection.executemany("INSERT INTO pending_link VALUES (?, ?)", links)
            self.renamed |= ingest.renamed

    def _store_settings(self, connection: Connection, found: SourceFiles) -> None:
        settings = self._settings
        values = {
            "data": str(self._paths.data_dir),
            "rollover": int(settings.rollover.total_seconds()),
            NEW_LIMIT_SETTING: settings.limits.new,
            REVIEW_LIMIT_SETTING: settings.limits.reviews,
            REPEAT_BELOW_SETTING: settings.repeat_below,
            SIBLINGS_APART: int(settings.siblings_apart),
            **_deck_setting_values(settings),
        }
        connection.execute("DELETE FROM meta WHERE instr(name, ?)", (DECK_SETTING_SEPARATOR,))
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        # If the settings changed since they were read, the next start updates the index again.
        signature = found[SETTINGS_NAME][1]
        _store_source_state(
            connection, SETTINGS_NAME, SourceState(signature, signature == self._settings_signature)
        )


def _deck_setting_values(settings: Settings) -> dict[str, int]:
    """Return the settings of single decks, named as in `conditions`."""
    found: dict[str, int] = {}
    for name, own in settings.deck_settings.items():
        limits = {
            NEW_LIMIT_SETTING: own.new_per_day,
            REVIEW_LIMIT_SETTING: own.reviews_per_day,
            REPEAT_BELOW_SETTING: own.repeat_below,
        }
        found |= {f"{key}{DECK_SETTING_SEPARATOR}{name}": v for key, v in limits.items() if v is not None}
    return found


def increment_change_counter(connection: Connection) -> None:
    """Count this transaction's change of the file in advance."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")


def _load_known_states(connection: Connection) -> dict[str, SourceState]:
    rows = connection.execute(
        "SELECT name, size, mtime, ctime, inode, is_trusted, end_offset, line_count, "
        "checksum, tail_checksum FROM source"
    )
    return {row[0]: SourceState(row[1:5], bool(row[5]), *row[6:]) for row in rows}


def _raise_if_journal_gone(found: SourceFiles, known: dict[str, SourceState]) -> None:
    for name in known:
        if name.startswith(JOURNAL_FOLDER) and name not in found:
            raise StaleIndexError(name)


def _is_unchanged(known: SourceState | None, signature: FileSignature) -> bool:
    return known is not None and known.is_trusted and known.signature == signature


def _is_bulk_update(found: SourceFiles, known: dict[str, SourceState]) -> bool:
    """Tell whether much of the files' content is new."""
    sizes = (
        (signature[0], known.get(name, UNKNOWN_STATE).signature[0]) for name, (_, signature) in found.items()
    )
    new = sum(max(0, now - before) for now, before in sizes)
    return is_bulk(new, sum(file.signature[0] for file in known.values()))


def _store_source_state(connection: Connection, name: str, state: SourceState) -> None:
    signature, *rest = state
    row = (name, *signature, *rest)
    connection.execute(f"INSERT OR REPLACE INTO source VALUES ({', '.join('?' * len(row))})", row)


def _insert_bad_lines(connection: Connection, name: str, chunk: ParsedChunk[Any]) -> None:
    connection.executemany(
        "INSERT INTO bad_line VALUES (?, ?, ?, ?, ?)",
        [
            (name, bad.line_number, bad.reason, bad.is_newer_format, bad.is_truncated)
            for bad in chunk.bad_lines
        ],
    )
