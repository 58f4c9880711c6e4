"""Append-only journal of this device: one file a month."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from flashcards.core.events import Event, EventId, Undo
from flashcards.errors import StoreError
from flashcards.storage.files import (
    PRIVATE_FILE_MODE,
    defer_interrupts,
    hold_lock,
    make_folder,
    read_line_chunks,
    read_regular_file,
    sync_folder,
    write_all_bytes,
)
from flashcards.storage.journal.event_ids import new_uuid7
from flashcards.storage.journal.journal_files import FILE_SUFFIXES
from flashcards.storage.journal.record import (
    GIT_CONFLICT_MARKERS,
    JournalRecord,
    decode_record,
    encode_record,
)
from flashcards.storage.journal.record_fields import BadLineError, NewerFormatError

LineT = TypeVar("LineT")
NEVER_SAVED = EventId("never-saved")  # batch of undos of events that were reported as not saved


@dataclass(frozen=True, slots=True)
class BadLine:
    """A skipped line: where it is (line from 1), and why."""

    path: Path
    line_number: int
    reason: str
    is_newer_format: bool = False
    is_truncated: bool = False  # at the end of a file: cut short while being written


@dataclass(frozen=True, slots=True)
class ParsedChunk(Generic[LineT]):
    """Part of a journal file: lines, bad lines and where to continue."""

    records: list[LineT]
    bad_lines: list[BadLine]
    end_offset: int  # in bytes, after the last whole line
    line_count: int  # up to `end_offset`


def parse_chunk(
    data: bytes, path: Path, start: int, line_count: int, decode: Callable[[bytes], LineT]
) -> ParsedChunk[LineT]:
    """Parse lines that begin at a byte offset and line count of the file."""
    records: list[LineT] = []
    bad: list[BadLine] = []
    raw_lines = data.split(b"\n")
    tail = raw_lines[-1]
    end = start + len(data) - len(tail)
    last = line_count + len(raw_lines)
    for number, raw in enumerate(raw_lines, line_count + 1):
        if raw and (number == last or not (raw.isspace() or raw.startswith(GIT_CONFLICT_MARKERS))):
            try:
                records.append(decode(raw))
            except BadLineError as error:
                is_newer = isinstance(error, NewerFormatError)
                bad.append(BadLine(path, number, str(error), is_newer, is_truncated=number == last))
    if tail and not (bad and bad[-1].is_truncated):  # whole, but for its newline
        end += len(tail)
    return ParsedChunk(records, bad, end, last - 1)


def read_journal_file(path: Path) -> ParsedChunk[JournalRecord]:
    """Read a whole journal file; a bad line loses only itself."""
    return parse_chunk(read_regular_file(path), path, 0, 0, decode_record)


def read_journal_chunks(path: Path) -> Iterator[ParsedChunk[JournalRecord]]:
    """Yield the parsed chunks of a journal file."""
    end = line_count = 0
    for part in read_line_chunks(path, 0):
        chunk = parse_chunk(part, path, end, line_count, decode_record)
        end, line_count = chunk.end_offset, chunk.line_count
        yield chunk


@dataclass(slots=True)
class LogicalClock:
    """The hybrid logical clock and sequence of this device."""

    hlc: int = 0  # highest in any journal, in ms
    sequence: int = 0  # highest of this device

    def observe_record(self, record: JournalRecord, device_id: str) -> None:
        """Advance to a record."""
        self.hlc = max(self.hlc, record.event.hlc)
        if record.device_id == device_id:
            self.sequence = max(self.sequence, record.sequence)


class DeviceJournal:
    """Append-only journal of this device: one file a month."""

    def __init__(
        self,
        journal_dir: Path,
        lock_file: Path,
        device_id: str,
        clock: LogicalClock,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._journal_dir = journal_dir
        self._lock_file = lock_file
        self._device_id = device_id
        self._clock = clock
        self._now = now
        self.known_sizes: dict[Path, int] = {}  # bytes of each file that the clock has
        self._changed_elsewhere = False
        self._failed_ids: list[EventId] = []
        self._month = (0, 0)
        self._file_by_month: dict[tuple[int, int, str], Path] = {}
        self._paths_with_durable_name: set[Path] = set()

    def append_events(self, drafts: Sequence[Event], part: str = "") -> list[Event]:
        """Append events in one write, and return them once they are on disk.

        `part` is one of FILE_SUFFIXES. Raises StoreError if they are not: then none of them counts, now
        or later, except drafts that already have an id and time.
        """
        at = self._now()
        path = self._file_of(at, part)
        try:
            make_folder(self._journal_dir)
            with defer_interrupts(), hold_lock(self._lock_file):
                for own_file in self._files_to_observe(at):
                    self._observe_new_records(own_file)
                return self._write_events(path, drafts, at)
        except OSError as error:
            raise StoreError(
                f"Not saved: {error.strerror or error} ({path}). Free disk space or fix the folder's "
                "permissions, then try again; everything before this is safe."
            ) from error

    def _file_of(self, at: datetime, part: str) -> Path:
        name = at.year, at.month, part
        if name not in self._file_by_month:
            self._file_by_month[name] = self._journal_dir / f"{self._device_id}-{at:%Y-%m}{part}.jsonl"
        return self._file_by_month[name]

    def _files_to_observe(self, at: datetime) -> set[Path]:
        """Return the files that another process of this device may have written."""
        days = (at - timedelta(1), at, at + timedelta(1))  # another process may be in the next month
        files = {self._file_of(day, part) for day in days for part in FILE_SUFFIXES}
        if self._month != (at.year, at.month):
            self._month = at.year, at.month
            files.update(self._journal_dir.glob(f"{self._device_id}-*.jsonl"))
        return files

    def undo_failed_appends(self) -> None:
        """Undo events reported as not saved, in case the disk kept them."""
        if self._failed_ids:
            self.append_events(())

    def _write_events(self, path: Path, drafts: Sequence[Event], at: datetime) -> list[Event]:
        undo_events = [Undo(EventId(""), 0, at, event_id, batch=NEVER_SAVED) for event_id in self._failed_ids]
        records = [self._assign_id_and_clock(draft, at) for draft in (*undo_events, *drafts)]
        data = b"".join(map(encode_record, records))
        try:
            size = self._append_bytes(path, data)
        except OSError:
            # After a failed write or fsync the kernel may have dropped the data: write it all again.
            try:
                size = self._append_bytes(path, data)
            except OSError:
                # Some of it may be on disk all the same: the next write undoes these events.
                self._failed_ids += [
                    record.event.id
                    for draft, record in zip(drafts, records[len(undo_events) :], strict=True)
                    if not (draft.id and draft.hlc)
                ]
                raise
        self._failed_ids.clear()
        self.known_sizes[path] = size
        return [record.event for record in records[len(undo_events) :]]

    def _append_bytes(self, path: Path, data: bytes) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(path, flags, PRIVATE_FILE_MODE)
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise StoreError(f"{path}: not a regular file. Move it away and try again.")
            # A truncated last line gets a newline first, so that it damages only itself.
            if status.st_size and os.pread(fd, 1, status.st_size - 1) != b"\n":
                data = b"\n" + data
            write_all_bytes(fd, data)
            os.fdatasync(fd)
        finally:
            with suppress(OSError):  # what is synced stays, even if closing fails
                os.close(fd)
        if path not in self._paths_with_durable_name:
            sync_folder(self._journal_dir)
            self._paths_with_durable_name.add(path)
        return status.st_size + len(data)

    def _assign_id_and_clock(self, draft: Event, at: datetime) -> JournalRecord:
        self._clock.sequence += 1
        if draft.id and draft.hlc:
            return JournalRecord(draft, self._device_id, self._clock.sequence)
        ms, hlc = int(at.timestamp() * 1000), draft.hlc
        if not hlc:
            hlc = self._clock.hlc = max(ms, self._clock.hlc + 1)
        event_id = draft.id or new_uuid7(ms)
        return JournalRecord(replace(draft, id=event_id, hlc=hlc), self._device_id, self._clock.sequence)

    def _observe_new_records(self, path: Path) -> None:
        """Advance the clock to what other processes of this device appended."""
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return
        known = self.known_sizes.get(path)
        if known is not None and size == known:
            return
        for record in parse_chunk(read_regular_file(path, known or 0), path, 0, 0, decode_record).records:
            self._clock.observe_record(record, self._device_id)
        self._changed_elsewhere = True
        self.known_sizes[path] = size

    def take_changed_elsewhere(self) -> bool:
        """Return whether other processes appended since the last call."""
        changed, self._changed_elsewhere = self._changed_elsewhere, False
        return changed


def reused_sequences(records: Iterable[JournalRecord]) -> dict[tuple[str, int], set[EventId]]:
    """Return sequences used twice by one device, as after copying a folder."""
    ids_by_place: dict[tuple[str, int], set[EventId]] = {}
    for record in records:
        ids_by_place.setdefault((record.device_id, record.sequence), set()).add(record.event.id)
    return {place: ids for place, ids in ids_by_place.items() if len(ids) > 1}
