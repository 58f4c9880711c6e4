"""Append-only journal of this device: one file a month."""

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from flashcards.core.events import Event, EventId, Undo
from flashcards.errors import StoreError
from flashcards.storage.files import (
    PRIVATE_FILE_MODE,
    defer_interrupts,
    make_folder,
    read_regular_file,
    sync_folder,
    write_all_bytes,
)
from flashcards.storage.journal.event_ids import new_uuid7
from flashcards.storage.journal.journal_files import FILE_SUFFIXES
from flashcards.storage.journal.journal_reader import parse_chunk
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record
from flashcards.storage.locks import hold_lock

NEVER_SAVED = EventId("never-saved")  # batch of undos of events that were reported as not saved


class JournalWriter:
    """Appends events under this device's id, in order of its clock, durably."""

    def __init__(
        self,
        journal_dir: Path,
        lock_file: Path,
        device_id: str,
        *,
        now: Callable[[], datetime],
        clock: tuple[int, int] = (0, 0),  # the highest hlc in any journal, in ms; this device's last sequence
    ) -> None:
        self._journal_dir = journal_dir
        self._lock_file = lock_file
        self._device_id = device_id
        self._hlc, self._sequence = clock
        self._now = now
        self.known_sizes: dict[Path, int] = {}  # bytes of each file that the clock has
        self._changed_elsewhere = False
        self._failed_ids: list[EventId] = []
        self._observed_month = (0, 0)
        self._paths_with_durable_name: set[Path] = set()

    def append_events(self, drafts: Sequence[Event], suffix: str = "") -> list[Event]:
        """Append events in one write, and return them once they are on disk.

        `suffix` is one of FILE_SUFFIXES. Raises StoreError if they are not: then none of them counts, now
        or later, except drafts that already have an id and hlc.
        """
        at = self._now()
        path = self._file_of(at, suffix)
        try:
            make_folder(self._journal_dir)
            with defer_interrupts(), hold_lock(self._lock_file):
                for file in self._files_to_observe(at):
                    self._observe_new_records(file)
                return self._write_events(path, drafts, at)
        except OSError as error:
            raise StoreError(
                f"Not saved: {error.strerror or error} ({path}). Free disk space or fix the folder's "
                "permissions, then try again; everything before this is safe."
            ) from error

    def _file_of(self, at: datetime, suffix: str) -> Path:
        return self._journal_dir / f"{self._device_id}-{at:%Y-%m}{suffix}.jsonl"

    def _files_to_observe(self, at: datetime) -> set[Path]:
        """Return the files that another process of this device may have written; all of them each month."""
        days = (at - timedelta(1), at, at + timedelta(1))  # another process may be in the next month
        files = {self._file_of(day, suffix) for day in days for suffix in FILE_SUFFIXES}
        if self._observed_month != (at.year, at.month):
            self._observed_month = at.year, at.month
            files.update(self._journal_dir.glob(f"{self._device_id}-*.jsonl"))
        return files

    def undo_failed_appends(self) -> None:
        """Undo events reported as not saved, in case the disk kept them."""
        if self._failed_ids:
            self.append_events(())

    def _write_events(self, path: Path, drafts: Sequence[Event], at: datetime) -> list[Event]:
        undos = [Undo(EventId(""), 0, at, event_id, batch=NEVER_SAVED) for event_id in self._failed_ids]
        undo_records = [self._assign_id_and_clock(undo, at) for undo in undos]
        records = [self._assign_id_and_clock(draft, at) for draft in drafts]
        data = b"".join(map(encode_record, (*undo_records, *records)))
        try:
            size = self._append_bytes(path, data)
        except OSError:
            # After a failed write or fsync the kernel may have dropped the data: write it all again.
            try:
                size = self._append_bytes(path, data)
            except OSError:
                # Some of it may be on disk all the same: the next write undoes these events.
                pairs = zip(drafts, records, strict=True)
                self._failed_ids += [record.event.id for draft, record in pairs if not _is_complete(draft)]
                raise
        self._failed_ids.clear()
        self.known_sizes[path] = size
        return [record.event for record in records]

    def _append_bytes(self, path: Path, data: bytes) -> int:
        """Append to a file durably; return its new size."""
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
        self._sequence += 1
        if _is_complete(draft):
            return JournalRecord(draft, self._device_id, self._sequence)
        ms, hlc = int(at.timestamp() * 1000), draft.hlc
        if not hlc:
            hlc = self._hlc = max(ms, self._hlc + 1)
        event_id = draft.id or new_uuid7(ms)
        return JournalRecord(draft._replace(id=event_id, hlc=hlc), self._device_id, self._sequence)

    def _observe_new_records(self, path: Path) -> None:
        """Advance the clock to what other processes of this device appended."""
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return
        known_size = self.known_sizes.get(path)
        if size == known_size:
            return
        data = read_regular_file(path, known_size or 0)
        for record in parse_chunk(data, path, 0, 0, decode_record).records:
            self._hlc = max(self._hlc, record.event.hlc)
            if record.device_id == self._device_id:
                self._sequence = max(self._sequence, record.sequence)
        self._changed_elsewhere = True
        self.known_sizes[path] = size

    def take_changed_elsewhere(self) -> bool:
        """Return whether other processes appended since the last call."""
        changed, self._changed_elsewhere = self._changed_elsewhere, False
        return changed


def _is_complete(draft: Event) -> bool:
    """Tell whether a draft keeps its id and hlc: it was prepared or imported, and may be written again."""
    return bool(draft.id and draft.hlc)
