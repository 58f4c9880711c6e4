"""The journal: append-only files of events, safe on the disk before anyone is told so."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flashcards.core.events import Event, EventId, Undo
from flashcards.errors import ReadOnlyStoreError, StoreError
from flashcards.storage.files import (
    PRIVATE_FILE,
    locked,
    make_folder,
    read_regular,
    sync_folder,
    uninterrupted,
    write_all,
)
from flashcards.storage.journal.own_appends import Written
from flashcards.storage.journal.record import MARKERS, Record, as_read, decode, encode
from flashcards.storage.journal.record_fields import BadLineError, NewerLineError

Entropy = Callable[[int], bytes]
IMPORTED = "-imported"
PARTS = ("", IMPORTED)
"""Files of a device and year: what was done here, and what was brought in, often much more."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was passed over: where it is (line from 1), and why."""

    path: Path
    line: int
    why: str
    newer: bool = False
    torn: bool = False
    """Whether it is the end of a file, cut short while being written."""


@dataclass(frozen=True, slots=True)
class Read:
    """What part of a journal file said: records, faults, and where the next reading begins."""

    records: list[Record]
    bad: list[BadLine]
    end: int
    """The offset in bytes behind the last whole line."""
    lines: int
    """How many lines lie before `end`."""


def files(folder: Path) -> list[Path]:
    """Return the journal files, whoever wrote them: conflict copies count too."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(".jsonl"))
    except FileNotFoundError:
        return []


def parse(data: bytes, path: Path, start: int = 0, lines: int = 0) -> Read:
    """Read the lines of `data`, which begins `start` bytes and `lines` lines into the file."""
    records: list[Record] = []
    bad: list[BadLine] = []
    pieces = data.split(b"\n")
    tail = pieces.pop()
    end = start + len(data) - len(tail)
    for raw in pieces:
        lines += 1
        if raw and not raw.isspace() and not raw.startswith(MARKERS):
            _take(raw, BadLine(path, lines, ""), records, bad)
    if tail:
        _take(tail, BadLine(path, lines + 1, "", torn=True), records, bad)
        if not bad or not bad[-1].torn:  # whole, but for its newline
            end += len(tail)
    return Read(records, bad, end, lines)


def _take(raw: bytes, place: BadLine, records: list[Record], bad: list[BadLine]) -> None:
    try:
        records.append(decode(raw))
    except BadLineError as error:
        bad.append(replace(place, why=str(error), newer=isinstance(error, NewerLineError)))


def read(path: Path) -> Read:
    """Read a whole journal file; a bad line costs that line only."""
    return parse(read_regular(path), path)


def events(folder: Path) -> Iterator[Event]:
    """Yield every event of every file: with replay, the slow and obvious way to all progress."""
    for path in files(folder):
        yield from (record.event for record in read(path).records)


def new_id(ms: int, entropy: Entropy) -> EventId:
    """Return a UUID version 7 (RFC 9562): 48 bits of time in ms, then random ones."""
    bits = int.from_bytes(entropy(10), "big")
    number = (ms & (1 << 48) - 1) << 80 | bits
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return EventId("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])))


@dataclass(slots=True)
class Clock:
    """The hybrid logical clock and the counter that the next event of this device goes on from."""

    hlc: int = 0
    """The highest seen in any journal, in milliseconds."""
    n: int = 0
    """The highest that this device has written."""

    def see(self, record: Record, device: str) -> None:
        """Learn of an event."""
        self.hlc = max(self.hlc, record.event.hlc)
        if record.device == device:
            self.n = max(self.n, record.n)


class Journal:
    """This device's pen: it appends to one file a year and reads what others wrote to that file."""

    def __init__(  # noqa: PLR0913 (the folder, who writes, and three things of the world)
        self,
        folder: Path,
        lock: Path,
        device: str,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        entropy: Entropy = os.urandom,
        read_only: str = "",
        written: dict[Path, Written] | None = None,
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._device = device
        self._clock = clock
        self._now = now
        self._entropy = entropy
        self._read_only = read_only
        self._written: dict[Path, Written] = {} if written is None else written
        self._seen: dict[Path, int] = {}
        self._overtaken = False
        self._disowned: list[EventId] = []
        self._named: set[Path] = set()
        """Files whose names are on the disk for certain."""

    def append(self, drafts: Sequence[Event], part: str = "") -> list[Event]:
        """Stamp events and return them once they are on the disk, all in one write.

        `part`, one of PARTS, is added to the name of the file. Raises StoreError when they are
        not: then none of them counts, now or later, but for drafts that have an id already.
        """
        if self._read_only:
            raise ReadOnlyStoreError(self._read_only)
        at = self._now()
        paths = {name: self._folder / f"{self._device}-{at.year}{name}.jsonl" for name in PARTS}
        path = paths[part]
        try:
            make_folder(self._folder)
            with uninterrupted(), locked(self._lock):
                for other in paths.values():
                    self._catch_up(other)
                return self._write(path, drafts, at)
        except OSError as error:
            raise StoreError(
                f"Not saved: {error.strerror or error} ({path}). "
                "Make room or mend the folder's permissions, then try again; "
                "everything before this is safe."
            ) from error

    def settle(self) -> None:
        """Take back what was told as not saved, if the disk kept it all the same."""
        if self._disowned:
            self.append(())

    def _write(self, path: Path, drafts: Sequence[Event], at: datetime) -> list[Event]:
        disowning = [Undo(EventId(""), 0, at, of) for of in self._disowned]
        records = [self._stamp(draft, at) for draft in (*disowning, *drafts)]
        lines = list(map(encode, records))
        data = b"".join(lines)
        try:
            self._put(path, data)
        except OSError:
            # After a failed write or sync the descriptor cannot be trusted, so: once more, anew.
            try:
                self._put(path, data)
            except OSError:
                self._disowned += [
                    record.event.id
                    for draft, record in zip(drafts, records[len(disowning) :], strict=True)
                    if not draft.id
                ]
                raise
        self._disowned.clear()
        self._hand_over(path, data, map(as_read, records, lines))
        self._seen[path] = path.stat().st_size
        return [record.event for record in records[len(disowning) :]]

    def _hand_over(self, path: Path, data: bytes, records: Iterable[Record]) -> None:
        """Let whoever shares `written` know what was put behind what is known of the file."""
        start = self._seen.get(path, 0)
        own = self._written.get(path)
        if own is None or own.start + own.size != start:
            own = self._written[path] = Written(start)
        own.add(data, records)

    def _put(self, path: Path, data: bytes) -> None:
        """Append bytes to the file and wait for the disk."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(path, flags, PRIVATE_FILE)
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise StoreError(f"{path}: this is no regular file. Move it away and try again.")
            if status.st_size and os.pread(fd, 1, status.st_size - 1) != b"\n":
                data = b"\n" + data
            write_all(fd, data)
            os.fdatasync(fd)
        finally:
            with suppress(OSError):  # what is synced is kept, whatever closing says
                os.close(fd)
        if path not in self._named:
            sync_folder(self._folder)
            self._named.add(path)

    def _stamp(self, draft: Event, at: datetime) -> Record:
        ms = int(at.timestamp() * 1000)
        hlc = draft.hlc
        if not hlc:
            hlc = self._clock.hlc = max(ms, self._clock.hlc + 1)
        self._clock.n += 1
        if draft.id and draft.hlc:
            return Record(draft, self._device, self._clock.n)
        event_id = draft.id or new_id(ms, self._entropy)
        return Record(replace(draft, id=event_id, hlc=hlc), self._device, self._clock.n)

    def _catch_up(self, path: Path) -> None:
        """Learn what another process of this device has written to the file meanwhile."""
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return
        known = self._seen.get(path)
        if known is not None and size == known:
            return
        for record in parse(read_regular(path, known or 0), path).records:
            self._clock.see(record, self._device)
        self._overtaken = True
        self._seen[path] = size

    def overtaken(self) -> bool:
        """Tell whether another process wrote to these files since this was last asked."""
        found, self._overtaken = self._overtaken, False
        return found

    def size(self, path: Path) -> int | None:
        """Return how many bytes of a file are known here; None when it is not."""
        return self._seen.get(path)

    def known(self, path: Path, size: int) -> None:
        """Say that the clock already has the first `size` bytes of a file."""
        self._seen[path] = size


def duplicates(records: Iterable[Record]) -> dict[tuple[str, int], set[EventId]]:
    """Return where one device counted twice: two writers with one id, as after a copied folder."""
    found: dict[tuple[str, int], set[EventId]] = {}
    for record in records:
        found.setdefault((record.device, record.n), set()).add(record.event.id)
    return {place: ids for place, ids in found.items() if len(ids) > 1}
