"""A snapshot of a store, read once for all checks."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, connect
from typing import NamedTuple

from flashcards.core.events import Review, UnknownEvent
from flashcards.errors import StoreError
from flashcards.storage.files import open_regular_file
from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.record import JournalRecord
from flashcards.storage.known_stores import KnownStore, load_known_store
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_paths import StorePaths

CREATE_TABLE = """CREATE TABLE record (
    key INTEGER PRIMARY KEY, path TEXT, device TEXT, sequence INTEGER, id TEXT, hlc INTEGER, at REAL,
    card TEXT, unknown_kind TEXT, has_bad_interval INTEGER
)"""
INSERT_RECORD = "INSERT INTO record VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class DoctorFinding(NamedTuple):
    """One finding: what is wrong, its effect and the fix."""

    location: str
    description: str
    impact: str
    remedy: str
    is_harmless: bool = False  # for information only


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """What was read of a store once, for all checks."""

    paths: StorePaths
    settings: Settings
    now: datetime
    known: KnownStore | None  # read first, because a session may be writing
    records: Connection  # table of all journal records, on disk: there may be millions
    journals: list[Path] = field(default_factory=list)  # readable journal files
    bad_lines: list[journal_reader.BadLine] = field(default_factory=list)
    unreadable_files: list[DoctorFinding] = field(default_factory=list)  # journal files

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
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    snapshot = StoreSnapshot(paths, settings, now, known, connect("", isolation_level=None))
    records = snapshot.records
    records.execute(CREATE_TABLE)
    try:
        files = list_journal_files(paths.journal_dir)
    except OSError as error:
        files = []
        snapshot.unreadable_files.append(_unreadable_finding(paths.journal_dir, error))
    for path in files:
        records.execute("BEGIN")
        bad: list[journal_reader.BadLine] = []
        try:
            for chunk in journal_reader.read_journal_chunks(path):
                records.executemany(INSERT_RECORD, (_record_row(path, record) for record in chunk.records))
                bad += chunk.bad_lines
        except (OSError, StoreError) as error:
            snapshot.unreadable_files.append(_unreadable_finding(path, error))
            records.execute("ROLLBACK")
        else:
            records.execute("COMMIT")
            snapshot.journals.append(path)
            snapshot.bad_lines.extend(bad)
    records.execute("CREATE INDEX record_sequence ON record (device, sequence)")
    return snapshot


def _record_row(path: Path, record: JournalRecord) -> tuple[object, ...]:
    event = record.event
    unknown = event.kind if isinstance(event, UnknownEvent) else None
    is_ignored = isinstance(event, Review) and event.next_interval == 0
    common = str(path), record.device_id, record.sequence, event.id, event.hlc, event.at.timestamp()
    return (*common, getattr(event, "card", None), unknown, is_ignored)


def _unreadable_finding(path: Path, error: Exception) -> DoctorFinding:
    remedy = "Move it away, or fix its permissions (chmod 600); then run flashcards restore"
    why = error.strerror if isinstance(error, OSError) else str(error)
    return DoctorFinding(str(path), f"unreadable: {why}", "everything in it is ignored", remedy)
