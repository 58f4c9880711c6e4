"""Every write to a person's files goes through here: it is on the disk when the call returns."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flashcards.errors import LockTimeoutError, StoreError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
LONGEST_NAME = 230
"""Bytes of a name that fit into its draft's: file systems take 255, and a process's id is short."""
LOCK_TRIES = 500
LOCK_PAUSE = 0.01
"""Seconds between two tries; with LOCK_TRIES this waits 5 seconds at most."""


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file to read it; a FIFO or device raises, never hangs."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise StoreError(f"{path}: this is no regular file. Move it away and try again.")
    return os.fdopen(fd, "rb")


def read_regular(path: Path, start: int = 0) -> bytes:
    """Return the bytes of a regular file from an offset; a FIFO or device raises, never hangs."""
    with open_regular(path) as file:
        file.seek(start)
        return file.read()


def read_pieces(path: Path, start: int, size: int, total: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a regular file from an offset, at most `size` at once, `total` in all."""
    left = sys.maxsize if total is None else total
    with open_regular(path) as file:
        file.seek(start)
        while piece := file.read(min(size, left)):
            left -= len(piece)
            yield piece


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
        folder.mkdir(PRIVATE_FOLDER)
    sync_folder(folder.parent)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte; the kernel may take them in several parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def draft_of(path: Path) -> Path:
    """Return where a file is written before it takes its place: hidden, and no name too long."""
    name = os.fsdecode(os.fsencode(path.name)[:LONGEST_NAME])
    return path.with_name(f".{name}.{os.getpid()}.tmp")


def write_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file: afterwards it holds all of the old or all of the new."""
    make_folder(path.parent)
    mode = PRIVATE_FILE
    with contextlib.suppress(FileNotFoundError):
        path = path.resolve(strict=True)  # a link stays a link: what it points to is replaced
        mode = stat.S_IMODE(path.stat().st_mode)
    draft = draft_of(path)
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        try:
            write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def locked(path: Path, tries: int = 0) -> Iterator[None]:
    """Hold the kernel's lock on a file, made if missing; it ends with the process at the latest.

    Raises LockTimeoutError after 5 seconds, or `tries` hundredths of one.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        for _ in range(tries or LOCK_TRIES):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(LOCK_PAUSE)
        else:
            raise LockTimeoutError(
                f"{path}: another flashcards process has been writing for 5 seconds. "
                "Nothing was saved; end that process, or try again."
            )
        yield
    finally:
        with contextlib.suppress(OSError):  # let go even where closing fails
            fcntl.flock(fd, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(fd)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back; it is delivered when the block ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # A Ctrl-C of just before is raised by this call, when it has blocked the next ones already.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
