"""Durable file writes and guarded reads."""

import contextlib
import errno
import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from flashcards.errors import ChangedMeanwhileError, StoreError

PRIVATE_FILE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700
MAX_NAME_BYTES = 230  # of a name: its draft's name still fits into 255
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # errors of a file system without hard links

CHUNK_BYTES = 4 << 20

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
    """Yield the bytes of a regular file from an offset, `size` at a time, up to `max_bytes`."""
    remaining = sys.maxsize if max_bytes is None else max_bytes
    with open_regular_file(path) as file:
        file.seek(offset)
        while chunk := file.read(min(size, remaining)):
            remaining -= len(chunk)
            yield chunk


def read_line_chunks(path: Path, offset: int) -> Iterator[bytes]:
    """Yield a file in chunks of whole lines; the last may lack its newline."""
    unfinished: list[bytes] = []  # a line that goes on in the next chunk
    for chunk in read_chunks(path, offset, CHUNK_BYTES):
        line_end = chunk.rfind(b"\n") + 1
        if line_end:
            yield b"".join((*unfinished, chunk[:line_end]))
            unfinished.clear()
        unfinished.append(chunk[line_end:])
    if last_line := b"".join(unfinished):
        yield last_line


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
    name = os.fsdecode(os.fsencode(path.name)[:MAX_NAME_BYTES])
    return path.with_name(f".{name}.{os.getpid()}.tmp")


def write_file_atomically(path: Path, data: Content) -> None:
    """Replace a file: afterwards it has all of the old content or all of the new."""
    with _drafted(path, data) as (target, draft):
        draft.replace(target)
    sync_folder(target.parent)


def replace_file(path: Path, before: bytes | None, data: Content) -> None:
    """Replace a file that still has the content `before`; None if it was missing.

    Raises ChangedMeanwhileError if another program changed it; that version stays.
    """
    with _drafted(path, data) as (target, draft):
        if before is None:
            is_saved = _link_if_free(target, draft)
        else:
            is_saved = _replace_if_unchanged(target, draft, before)
    if not is_saved:
        raise ChangedMeanwhileError(
            f"{path}: another program has changed it at the same moment. "
            "What that one wrote is kept, and nothing of this was saved; try again."
        )
    sync_folder(target.parent)


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


def _link_if_free(path: Path, draft: Path) -> bool:
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


def _replace_if_unchanged(path: Path, draft: Path, before: bytes) -> bool:
    """Replace a file if it still has the content `before`; return whether it had.

    An editor may save between check and rename: then what it saved is put back.
    """
    if read_if_there(path) != before:
        return False
    replaced = draft.with_name(f"{draft.stem}.kept.tmp")
    try:
        with contextlib.suppress(OSError):
            replaced.unlink()
        with contextlib.suppress(OSError):  # without hard links the second check is skipped
            os.link(path, replaced)
        draft.replace(path)
        with contextlib.suppress(OSError):
            if read_regular_file(replaced) != before:
                replaced.replace(path)
                return False
        return True
    finally:
        with contextlib.suppress(OSError):
            replaced.unlink()


@contextlib.contextmanager
def _drafted(path: Path, data: Content) -> Iterator[tuple[Path, Path]]:
    """Yield (the path behind links, a draft beside it that is synced to disk)."""
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
            for piece in (data,) if isinstance(data, bytes) else data:
                write_all_bytes(fd, piece)
            os.fsync(fd)
        finally:
            os.close(fd)
        yield path, draft
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


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
