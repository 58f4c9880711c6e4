"""Files before and after each step, kept for undo.

The folder of a step in progress has a name that ends in PENDING. If the step is not in the journal, the
next process puts its files back: so all files of a step change, or none.
"""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import zstandard

from flashcards.core.events import EventId
from flashcards.errors import FlashcardsError, StoreError
from flashcards.storage.files import (
    FileChange,
    make_folder,
    read_if_there,
    read_regular_file,
    sync_folder,
    write_file_atomically,
)
from flashcards.storage.index.library_files import SETTINGS_NAME
from flashcards.storage.locks import hold_lock
from flashcards.storage.store_paths import PENDING, StorePaths

MAX_STEPS, MAX_BYTES = 200, 200 << 20  # of all steps kept; the last one is always kept
MANIFEST, LOCK = "files.json", ".lock"
BEFORE, AFTER = ".before", ".after"


class SavedChange(NamedTuple):
    """A saved change: the file's name, and checksums ("" for no file)."""

    texts: str  # path of the saved contents, without suffix
    name: str
    before: str
    after: str
    is_media: bool

    def read_text(self, known: str, suffix: str) -> bytes | None:
        """Return the content; None for no file. Raises OSError or StoreError."""
        try:
            return zstandard.decompress(read_regular_file(Path(self.texts + suffix))) if known else None
        except zstandard.ZstdError as error:
            raise StoreError(f"{self.texts}{suffix}: this file is damaged.") from error


def steps_folder(paths: StorePaths, store_id: str) -> Path:
    """Return the folder with the steps of a store."""
    return paths.undo_dir / checksum(store_id.encode("utf-8", "surrogatepass"))


def step_folder(folder: Path, batch: EventId) -> Path:
    """Return the folder of a finished step; ids from a journal are not trusted."""
    known = re.fullmatch(r"[0-9a-f-]{36}", batch)
    return folder / (batch if known else checksum(batch.encode("utf-8", "surrogatepass")))


def checksum(data: bytes | None) -> str:
    """Return a checksum of a file's bytes; "" for no file."""
    return "" if data is None else blake2b(data, digest_size=16).hexdigest()


def file_name(paths: StorePaths, path: Path) -> str:
    """Return the name that identifies a file in a step: its path in the data folder, or SETTINGS_NAME."""
    return SETTINGS_NAME if path == paths.settings_file else path.relative_to(paths.data_dir).as_posix()


def _path(paths: StorePaths, name: str) -> Path:
    return paths.settings_file if name == SETTINGS_NAME else paths.data_dir / name


@contextmanager
def open_pending(folder: Path, batch: EventId) -> Iterator[Path]:
    """Create the folder of a new step, locked while its process runs."""
    draft = folder / f"{batch}.new"
    make_folder(draft)
    with hold_lock(draft / LOCK, 1):
        yield draft.rename(folder / f"{batch}{PENDING}")


def save_changes(
    paths: StorePaths, pending: Path, saved: Sequence[SavedChange], new: Sequence[FileChange]
) -> list[SavedChange]:
    """Save files before they change, and return them after those saved already. Raises OSError."""
    all_saved = list(saved)
    for number, (path, before, after, is_media) in enumerate(new, len(saved)):
        texts, name = str(pending / str(number)), file_name(paths, path)
        for suffix, text in ((BEFORE, before), (AFTER, after)):
            if text is not None and not is_media:
                write_file_atomically(Path(texts + suffix), zstandard.compress(text, 1))
        all_saved.append(SavedChange(texts, name, checksum(before), checksum(after), is_media))
    write_file_atomically(pending / MANIFEST, json.dumps([row for _, *row in all_saved]).encode())
    return all_saved


def load_changes(folder: Path) -> list[SavedChange]:
    """Return what a step changed; empty if no longer kept. Raises StoreError."""
    data = read_if_there(folder / MANIFEST)
    try:
        rows = json.loads(data) if data is not None else []
        return [SavedChange(f"{folder / str(number)}", *row) for number, row in enumerate(rows)]
    except (ValueError, TypeError) as error:
        raise StoreError(f"{folder / MANIFEST}: this file is damaged ({error}).") from error


def count_media(folder: Path) -> int:
    """Return how many files of media a step brought, as far as that is kept."""
    with suppress(OSError, StoreError):
        return sum(saved.is_media for saved in load_changes(folder))
    return 0


def pending_steps(folder: Path) -> list[Path]:
    """Return the folders of unfinished steps."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == PENDING)
    except OSError:
        return []


def finish(pending: Path) -> None:
    """Mark a step as finished, and delete the oldest ones."""
    done = pending.with_suffix("")
    with suppress(OSError):
        pending.rename(done)
        sync_folder(done.parent)
        steps = sorted((path for path in done.parent.iterdir() if path.suffix != PENDING), reverse=True)
        size = 0
        for number, step in enumerate(steps):
            size += sum(file.stat().st_size for file in step.iterdir())
            if number >= MAX_STEPS or (number and size > MAX_BYTES):
                shutil.rmtree(step, ignore_errors=True)


def put_back(paths: StorePaths, pending: Path, first: int = 0) -> list[str]:
    """Put back the files of an unfinished step; return those left as they are."""
    left = []
    for saved in reversed(load_changes(pending)[first:]):
        path = _path(paths, saved.name)
        now = read_if_there(path)
        if checksum(now) == saved.before:
            continue
        if checksum(now) == saved.after:
            before = saved.read_text(saved.before, BEFORE)
            FileChange(path, now, before).apply()
        else:
            left.append(f"{saved.name}: it was changed meanwhile, and stays as it is.")
    return left


def reversals(paths: StorePaths, step: Path, names: Sequence[str]) -> Iterator[FileChange | str]:
    """Yield the changes that reverse a step, or why a file stays as it is."""
    try:
        saved_changes = load_changes(step)
    except StoreError as error:
        yield str(error)
        return
    by_name: dict[str, list[SavedChange]] = {}
    for saved in saved_changes:
        if not saved.is_media:
            by_name.setdefault(saved.name, []).append(saved)
    yield from (f"{name}: what it was before is kept no longer." for name in names if name not in by_name)
    for name, changes in by_name.items():
        try:
            yield _reversal(paths, changes[0], changes[-1])
        except (FileNotFoundError, FlashcardsError) as error:  # any other fault may be gone the next time
            yield str(error) if name in str(error) else f"{name}: {error}"


def _reversal(paths: StorePaths, saved: SavedChange, last: SavedChange) -> FileChange:
    path = _path(paths, saved.name)
    now = read_if_there(path)
    before, after = saved.read_text(saved.before, BEFORE), last.read_text(last.after, AFTER)
    if checksum(now) == last.after:
        return FileChange(path, now, before)
    if now == before:
        return FileChange(path, now, now)
    from flashcards.storage.decks.merge_deck_files import merge_edit

    if before is None or after is None or now is None or saved.name == SETTINGS_NAME:
        raise StoreError(f"{saved.name}: it was changed since, so it stays as it is.")
    left = f"{saved.name}: the same cards were changed since, so it stays as it is."
    try:
        merged = merge_edit(saved.name, after, now, before)
    except FlashcardsError as error:
        raise StoreError(left) from error
    if merged == now:  # the merge keeps a changed card instead of deleting it
        raise StoreError(left)
    return FileChange(path, now, merged)
