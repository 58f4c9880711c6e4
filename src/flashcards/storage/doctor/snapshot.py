"""A snapshot of a store, read once for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flashcards.core.events import EventId
from flashcards.errors import StoreError
from flashcards.storage.files import read_regular_file
from flashcards.storage.journal import journal
from flashcards.storage.journal.record import JournalRecord
from flashcards.storage.known_stores import KnownStore, load_known_store
from flashcards.storage.paths import StorePaths
from flashcards.storage.settings.settings import Settings


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
    parsed_journals: Mapping[Path, journal.ParsedChunk]
    known: KnownStore | None
    """What this machine knew before: read first, for a session may be writing."""
    unreadable_files: tuple[DoctorFinding, ...]
    """Journal files that could not be read at all."""

    def all_records(self) -> Iterator[JournalRecord]:
        """Yield every record of every journal."""
        for read in self.parsed_journals.values():
            yield from read.records

    def record_location(self, record: JournalRecord) -> str:
        """Return file:line of an event."""
        event = record.event.id
        path = next(
            p for p, read in self.parsed_journals.items() if event in (r.event.id for r in read.records)
        )
        return f"{path}:{_event_line(path, event)}"


def _event_line(path: Path, event_id: EventId) -> int:
    before = read_regular_file(path).partition(f'"id":"{event_id}"'.encode())[0]
    return before.count(b"\n") + 1


def take_snapshot(paths: StorePaths, settings: Settings, now: datetime) -> StoreSnapshot:
    """Read all journals."""
    reads, broken = {}, []
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    remedy = "Move it away, or fix its permissions (chmod 600); then run flashcards restore"
    try:
        found = journal.list_journal_files(paths.journal_dir)
    except OSError as error:
        found = []
        broken.append(_unreadable_finding(paths.journal_dir, error, remedy))
    for path in found:
        try:
            reads[path] = journal.read_journal_file(path)
        except (OSError, StoreError) as error:
            broken.append(_unreadable_finding(path, error, remedy))
    return StoreSnapshot(paths, settings, now, reads, known, tuple(broken))


def _unreadable_finding(path: Path, error: Exception, remedy: str) -> DoctorFinding:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return DoctorFinding(str(path), f"unreadable: {why}", "everything in it is ignored", remedy)
