"""A store under examination, read once for all of the doctor's questions, and what they find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flashcards.core.events import EventId
from flashcards.errors import StoreError
from flashcards.storage.files import read_regular
from flashcards.storage.journal import journal
from flashcards.storage.journal.record import Record
from flashcards.storage.paths import Paths
from flashcards.storage.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    where: str
    what: str
    costs: str
    remedy: str
    harmless: bool = False
    """Whether it is only worth knowing."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A store under examination, and what was read of it once for all questions."""

    paths: Paths
    settings: Settings
    now: datetime
    reads: Mapping[Path, journal.Read]
    broken: tuple[Finding, ...]
    """Journal files that could not be read at all."""

    def records(self) -> Iterator[Record]:
        """Yield every record of every journal."""
        for read in self.reads.values():
            yield from read.records

    def place(self, record: Record) -> str:
        """Return file:line of an event."""
        event = record.event.id
        path = next(
            p for p, read in self.reads.items() if event in (r.event.id for r in read.records)
        )
        return f"{path}:{_line(path, event)}"


def _line(path: Path, event: EventId) -> int:
    before = read_regular(path).partition(f'"id":"{event}"'.encode())[0]
    return before.count(b"\n") + 1


def admit(paths: Paths, settings: Settings, now: datetime) -> Patient:
    """Read all journals."""
    reads, broken = {}, []
    remedy = "Move it away, or mend its permissions (chmod 600); then flashcards restore"
    try:
        found = journal.files(paths.journal)
    except OSError as error:
        found = []
        broken.append(_unreadable(paths.journal, error, remedy))
    for path in found:
        try:
            reads[path] = journal.read(path)
        except (OSError, StoreError) as error:
            broken.append(_unreadable(path, error, remedy))
    return Patient(paths, settings, now, reads, tuple(broken))


def _unreadable(path: Path, error: Exception, remedy: str) -> Finding:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Finding(str(path), f"unreadable: {why}", "all that is in it", remedy)
