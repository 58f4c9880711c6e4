"""Locks between processes, and changes made under one."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from flashcards.errors import ChangedMeanwhileError, LockTimeoutError
from flashcards.storage.files import PRIVATE_FILE_MODE, make_folder

LOCK_ATTEMPTS = 500
LOCK_RETRY_SECONDS = 0.01  # 5 seconds in all
LONG_LOCK_ATTEMPTS = 3000  # 30 seconds in all, for files that many may want to change at once
CHANGE_ATTEMPTS = 20  # if others write the file meanwhile
T = TypeVar("T")


def change_under_lock(lock: Path, attempt: Callable[[], T]) -> T:
    """Make a change under a lock; try it again while it raises ChangedMeanwhileError. Raises StoreError."""
    make_folder(lock.parent)
    with hold_lock(lock, LONG_LOCK_ATTEMPTS):
        for _ in range(CHANGE_ATTEMPTS - 1):
            with contextlib.suppress(ChangedMeanwhileError):
                return attempt()
        return attempt()


def _try_lock(fd: int) -> bool:
    """Take the lock if it is free; return whether it was. The file's time says when it was taken."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    with contextlib.suppress(OSError):  # only those who wait look at the time
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
        failures, last_taken_at = 0, 0
        while not _try_lock(fd):
            taken_at = os.fstat(fd).st_mtime_ns
            failures = failures + 1 if taken_at == last_taken_at else 1  # anew for each process that took it
            last_taken_at = taken_at
            if failures > attempts:
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
