"""A snapshot of a store, read once for all checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, connect

from flashcards.core.events import Review, UnknownEvent
from flashcards.errors import StoreError
from flashcards.storage.files import open_regular_file
from flashcards.storage.journal import journal
from flashcards.storage.journal.record import JournalRecord
from flashcards.storage.known_stores import KnownStore, load_known_store
from flashcards.storage.paths import StorePaths
from flashcards.storage.settings.settings import Settings

CREATE_TABLE = """CREATE TABLE record (
    key INTEGER PRIMARY KEY, path TEXT, device TEXT, sequence INTEGER, id TEXT, hlc INTEGER, at REAL,
    card TEXT, unknown_kind TEXT, has_bad_interval INTEGER
)"""
INSERT_RECORD = "INSERT INTO record VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that is not as it should be."""

    location: str
    description: str
    impact: str
    remedy: str
    is_harmless: bool = False
    """Whether it is only worth knowing."""


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """A store under examination, and what was read of it once for all questions."""

    paths: StorePaths
    settings: Settings
    now: datetime
    records: Connection
    """The table `record`, of every record of every journal; on the disk, as there may be millions."""
    journals: tuple[Path, ...]
    """The journal files that could be read."""
    bad_lines: tuple[journal.BadLine, ...]
    known: KnownStore | None
    """What this machine knew before: read first, for a session may be writing."""
    unreadable_files: tuple[DoctorFinding, ...]
    """Journal files that could not be read at all."""

    def record_location(self, key: int) -> str:
        """Return file:line of a record."""
        query = "SELECT path, id FROM record WHERE key = ?"
        path, event_id = self.records.execute(query, (key,)).fetchone()
        with open_regular_file(Path(path)) as lines:
            wanted = f'"id":"{event_id}"'.encode()
            number = next((number for number, line in enumerate(lines, 1) if wanted in line), 0)
        return f"{path}:{number}"


def take_snapshot(paths: StorePaths, settings: Settings, now: datetime) -> StoreSnapshot:
    """Read all journals."""
    journals, bad_lines, broken = list[Path](), list[journal.BadLine](), list[DoctorFinding]()
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    remedy = "Move it away, or fix its permissions (chmod 600); then run flashcards restore"
    records = connect("", isolation_level=None)
    records.execute(CREATE_TABLE)
    try:
        found = journal.list_journal_files(paths.journal_dir)
    except OSError as error:
        found = []
        broken.append(_unreadable_finding(paths.journal_dir, error, remedy))
    for path in found:
        records.execute("BEGIN")
        bad: list[journal.BadLine] = []
        try:
            for chunk in journal.read_journal_chunks(path):
                records.executemany(INSERT_RECORD, (_record_row(path, record) for record in chunk.records))
                bad += chunk.bad_lines
        except (OSError, StoreError) as error:
            broken.append(_unreadable_finding(path, error, remedy))
            records.execute("ROLLBACK")
        else:
            records.execute("COMMIT")
            journals.append(path)
            bad_lines += bad
    records.execute("CREATE INDEX record_sequence ON record (device, sequence)")
    return StoreSnapshot(
        paths, settings, now, records, tuple(journals), tuple(bad_lines), known, tuple(broken)
    )


def _record_row(path: Path, record: JournalRecord) -> tuple[object, ...]:
    event = record.event
    unknown = event.kind if isinstance(event, UnknownEvent) else None
    is_ignored = isinstance(event, Review) and event.next_interval == 0
    where = str(path), record.device_id, record.sequence
    return (
        *where,
        event.id,
        event.hlc,
        event.at.timestamp(),
        getattr(event, "card", None),
        unknown,
        is_ignored,
    )


def _unreadable_finding(path: Path, error: Exception, remedy: str) -> DoctorFinding:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return DoctorFinding(str(path), f"unreadable: {why}", "everything in it is ignored", remedy)
