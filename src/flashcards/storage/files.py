"""Durable file writes, locks and guarded reads."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from flashcards.errors import ChangedMeanwhileError, LockTimeoutError, StoreError

PRIVATE_FILE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700
LONGEST_NAME = 230  # bytes of a name whose draft's name still fits into 255
LOCK_ATTEMPTS = 500
LOCK_RETRY_SECONDS = 0.01  # 5 seconds in all
LONG_LOCK_TRIES = 3000  # 30 seconds in all, for files that many may want to change at once
CHANGES = 20  # tries of a change, if others write the file meanwhile
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # errors of a file system without hard links

CHUNK_BYTES = 4 << 20

T = TypeVar("T")
Content = bytes | Iterable[bytes]  # the content of a file, whole or in pieces


def open_regular_file(path: Path) -> IO[bytes]:
    """Open a regular file for reading; a FIFO or device raises, never hangs."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise StoreError(f"{path}: not a regular file. Move it away and try again.")
    return os.fdopen(fd, "rb")


def read_regular_file(path: Path, offset: int = 0) -> bytes:
    """Return the bytes of a regular file from an offset."""
    with open_regular_file(path) as file:
        file.seek(offset)
        return file.read()


def read_chunks(path: Path, offset: int, size: int, max_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a regular file from an offset, `size` at a time."""
    left = sys.maxsize if max_bytes is None else max_bytes
    with open_regular_file(path) as file:
        file.seek(offset)
        while chunk := file.read(min(size, left)):
            left -= len(chunk)
            yield chunk


def read_line_chunks(path: Path, offset: int) -> Iterator[bytes]:
    """Yield a file in chunks of whole lines; the last may lack its newline."""
    rest: list[bytes] = []
    for chunk in read_chunks(path, offset, CHUNK_BYTES):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join((*rest, chunk[:cut]))
            rest.clear()
        rest.append(chunk[cut:])
    if last := b"".join(rest):
        yield last


def read_if_there(path: Path) -> bytes | None:
    """Return the bytes of a regular file; None if it is missing."""
    try:
        return read_regular_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Create a private folder durably, with its parents."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(PRIVATE_FOLDER_MODE)
    sync_folder(folder.parent)


def write_all_bytes(fd: int, data: bytes) -> None:
    """Write every byte; the kernel may take them in several parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def draft_of(path: Path) -> Path:
    """Return the hidden path where a file is written before it is renamed."""
    name = os.fsdecode(os.fsencode(path.name)[:LONGEST_NAME])
    return path.with_name(f".{name}.{os.getpid()}.tmp")


def write_file_atomically(path: Path, data: Content) -> None:
    """Replace a file: afterwards it has all of the old content or all of the new."""
    with _drafted(path, data) as (place, temporary_path):
        temporary_path.replace(place)
    sync_folder(place.parent)


def replace_file(path: Path, before: bytes | None, data: Content) -> None:
    """Replace a file that is still as it was read; None if it was missing.

    Raises ChangedMeanwhileError if another program changed it; that version stays.
    """
    with _drafted(path, data) as (place, draft):
        done = _created(place, draft) if before is None else _replaced(place, draft, before)
    if not done:
        raise ChangedMeanwhileError(
            f"{path}: another program has changed it at the same moment. "
            "What that one wrote is kept, and nothing of this was saved; try again."
        )
    sync_folder(place.parent)


class FileChange(NamedTuple):
    """A change of a file; None is a missing file. Undo keeps media."""

    path: Path
    before: bytes | None
    after: bytes | None
    is_media: bool = False

    def apply(self) -> None:
        """Apply the change. Raises ChangedMeanwhileError if `before` does not hold."""
        if self.after is not None:
            replace_file(self.path, self.before, self.after)
        elif read_if_there(self.path) == self.before:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        else:
            raise ChangedMeanwhileError(f"{self.path}: another program has changed it at the same moment.")


def _created(path: Path, draft: Path) -> bool:
    """Link a draft to a free name; return whether it was free."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if path.exists():
            return False
        draft.replace(path)
    return True


def _replaced(path: Path, draft: Path, before: bytes) -> bool:
    """Replace a file if it still has the content `before`.

    An editor may save between check and rename: then what it saved is put back.
    """
    if read_if_there(path) != before:
        return False
    kept = draft.with_name(f"{draft.stem}.kept.tmp")
    try:
        with contextlib.suppress(OSError):
            kept.unlink()
        with contextlib.suppress(OSError):  # without hard links the second check is skipped
            os.link(path, kept)
        draft.replace(path)
        with contextlib.suppress(OSError):
            if read_regular_file(kept) != before:
                kept.replace(path)
                return False
        return True
    finally:
        with contextlib.suppress(OSError):
            kept.unlink()


def until_written(lock: Path, attempt: Callable[[], T]) -> T:
    """Make a change under a lock, again if others wrote. Raises StoreError."""
    make_folder(lock.parent)
    with hold_lock(lock, LONG_LOCK_TRIES):
        for _ in range(CHANGES - 1):
            with contextlib.suppress(ChangedMeanwhileError):
                return attempt()
        return attempt()


@contextlib.contextmanager
def _drafted(path: Path, data: Content) -> Iterator[tuple[Path, Path]]:
    """Yield the resolved path, and a draft beside it that is synced to disk."""
    if path.is_symlink():
        path = path.resolve()  # keep the link, and replace its target
    make_folder(path.parent)
    mode = PRIVATE_FILE_MODE
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
    draft = draft_of(path)
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        try:
            for part in (data,) if isinstance(data, bytes) else data:
                write_all_bytes(fd, part)
            os.fsync(fd)
        finally:
            os.close(fd)
        yield path, draft
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _is_locked_now(fd: int) -> bool:
    """Take the lock if it is free; note in the file's time that it was taken."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    with contextlib.suppress(OSError):  # only those who wait look at it
        os.utime(fd)
    return True


@contextlib.contextmanager
def hold_lock(lock_file: Path, attempts: int = 0) -> Iterator[None]:
    """Hold the kernel's lock on a file, created if missing.

    Raises LockTimeoutError if one other process holds it all the while; many may take turns.
    """
    attempts = attempts or LOCK_ATTEMPTS
    fd = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE_MODE)
    try:
        tries, taken_at = 0, 0
        while not _is_locked_now(fd):
            if taken_at != (taken_at := os.fstat(fd).st_mtime_ns):  # by yet another process
                tries = 0
            if (tries := tries + 1) > attempts:
                raise LockTimeoutError(
                    f"{lock_file}: another flashcards process has been writing for "
                    f"{attempts * LOCK_RETRY_SECONDS:g} seconds. "
                    "Nothing was saved; end that process, or try again."
                )
            time.sleep(LOCK_RETRY_SECONDS)
        yield
    finally:
        with contextlib.suppress(OSError):  # unlock even if closing fails
            fcntl.flock(fd, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(fd)


@contextlib.contextmanager
def defer_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back until the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # A Ctrl-C just before is raised by this call, which has already blocked later ones.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
