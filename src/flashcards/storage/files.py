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
LONGEST_NAME = 230
"""Bytes of a name that fit into its draft's: file systems take 255, and a process's id is short."""
LOCK_ATTEMPTS = 500
LOCK_RETRY_SECONDS = 0.01
"""Seconds between two tries; with LOCK_TRIES this waits 5 seconds at most."""
LONG_LOCK_TRIES = 3000
"""For whoever changes a file that many may want to change at once: 30 seconds at most."""
CHANGES = 20
"""How often a change is tried again when others wrote the file meanwhile."""
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)
"""What a file system says that has no hard links."""

CHUNK_BYTES = 4 << 20
"""Bytes of a long file that are read at once."""

T = TypeVar("T")
Content = bytes | Iterable[bytes]
"""What goes into a file, whole or piece by piece."""


def open_regular_file(path: Path) -> IO[bytes]:
    """Open a regular file to read it; a FIFO or device raises, never hangs."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise StoreError(f"{path}: not a regular file. Move it away and try again.")
    return os.fdopen(fd, "rb")


def read_regular_file(path: Path, offset: int = 0) -> bytes:
    """Return the bytes of a regular file from an offset; a FIFO or device raises, never hangs."""
    with open_regular_file(path) as file:
        file.seek(offset)
        return file.read()


def read_chunks(path: Path, offset: int, size: int, max_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a regular file from an offset, at most `size` at once, `total` in all."""
    left = sys.maxsize if max_bytes is None else max_bytes
    with open_regular_file(path) as file:
        file.seek(offset)
        while chunk := file.read(min(size, left)):
            left -= len(chunk)
            yield chunk


def read_line_chunks(path: Path, offset: int) -> Iterator[bytes]:
    """Yield a file from an offset, cut behind the ends of lines; the last part may lack its end."""
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
    """Return the bytes of a regular file; None when there is no file."""
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
    """Create a private folder, with its parents, so that it outlives a power cut."""
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
    """Return where a file is written before it takes its place: hidden, and no name too long."""
    name = os.fsdecode(os.fsencode(path.name)[:LONGEST_NAME])
    return path.with_name(f".{name}.{os.getpid()}.tmp")


def write_file_atomically(path: Path, data: Content) -> None:
    """Put `data` in the place of a file: afterwards it holds all of the old or all of the new."""
    with _drafted(path, data) as (place, temporary_path):
        temporary_path.replace(place)
    sync_folder(place.parent)


def replace_file(path: Path, before: bytes | None, data: Content) -> None:
    """Put `data` in the place of a file that still is as it was read; None: there was none.

    Raises ChangedMeanwhileError where it is not: it is left as another wrote it.
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
    """What a file is to become; None: there is none. Media outlive the undo of their step."""

    path: Path
    before: bytes | None
    after: bytes | None
    is_media: bool = False

    def apply(self) -> None:
        """Make it so. Raises ChangedMeanwhileError where the file is other than `before`."""
        if self.after is not None:
            replace_file(self.path, self.before, self.after)
        elif read_if_there(self.path) == self.before:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        else:
            raise ChangedMeanwhileError(f"{self.path}: another program has changed it at the same moment.")


def _created(path: Path, draft: Path) -> bool:
    """Give a draft its name; tell whether that was free."""
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
    """Put a draft in the place of a file if that still has `before` in it.

    An editor may save between the look and the replacing: then what it saved is put back.
    """
    if read_if_there(path) != before:
        return False
    kept = draft.with_name(f"{draft.stem}.kept.tmp")
    try:
        with contextlib.suppress(OSError):
            kept.unlink()
        with contextlib.suppress(OSError):  # without hard links there is no second look
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
    """Make a change that begins with reading, alone among us, and again if others wrote meanwhile.

    Raises LockTimeoutError and, when it was in vain each time, ChangedMeanwhileError.
    """
    make_folder(lock.parent)
    with hold_lock(lock, LONG_LOCK_TRIES):
        for _ in range(CHANGES - 1):
            with contextlib.suppress(ChangedMeanwhileError):
                return attempt()
        return attempt()


@contextlib.contextmanager
def _drafted(path: Path, data: Content) -> Iterator[tuple[Path, Path]]:
    """Yield where a file is, links followed, and a draft beside it that is on the disk."""
    if path.is_symlink():
        path = path.resolve()  # a link stays a link: what it points to is replaced
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


@contextlib.contextmanager
def hold_lock(lock_file: Path, attempts: int = 0) -> Iterator[None]:
    """Hold the kernel's lock on a file, made if missing; it ends with the process at the latest.

    Raises LockTimeoutError after 5 seconds, or `tries` hundredths of one.
    """
    attempts = attempts or LOCK_ATTEMPTS
    fd = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE_MODE)
    try:
        for _ in range(attempts):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(LOCK_RETRY_SECONDS)
        else:
            raise LockTimeoutError(
                f"{lock_file}: another flashcards process has been writing for "
                f"{attempts * LOCK_RETRY_SECONDS:g} "
                "seconds. "
                "Nothing was saved; end that process, or try again."
            )
        yield
    finally:
        with contextlib.suppress(OSError):  # let go even where closing fails
            fcntl.flock(fd, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(fd)


@contextlib.contextmanager
def defer_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; it is delivered when the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # A Ctrl-C of just before is raised by this call, when it has blocked the next ones already.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
