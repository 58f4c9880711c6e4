"""Restore a backup exactly: unpack beside the store, verify, then move into place."""

import os
import shutil
from pathlib import Path

import msgspec

from flashcards.errors import StoreError
from flashcards.storage.backups.backup_reader import Backup
from flashcards.storage.backups.contents import FORMAT, entries, remove_empty_folders
from flashcards.storage.backups.restore_missing import RestoreResult
from flashcards.storage.files import make_folder, read_regular_file, sync_folder, write_file_atomically
from flashcards.storage.known_stores import forget_known_store
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, hold_lock
from flashcards.storage.store_paths import StorePaths

NAMES, FILES = "names", "files"


def restore_exactly(paths: StorePaths, backup: Backup) -> RestoreResult:
    """Make the data folder what it was in the backup, deleting what came later.

    Files that backups never include, such as .git, stay. Raises StoreError, with nothing changed, if
    the backup or disk cannot provide everything.
    """
    if backup.missing:
        raise StoreError(
            f"{backup.path}: {len(backup.missing)} of its media, such as {backup.missing[0]}, "
            f"are not in {backup.path.parent / 'media'} any more. Nothing was changed. "
            "Take another backup, or leave out --exact to bring back all else."
        )
    make_folder(paths.data_dir)
    draft = paths.data_dir / ".restore-draft.tmp"
    with hold_lock(paths.deck_lock, LONG_LOCK_ATTEMPTS), hold_lock(paths.lock_file):
        shutil.rmtree(draft, ignore_errors=True)
        try:
            for name in backup:
                _refuse_hidden_below(paths.data_dir / name)
                write_file_atomically(draft / FILES / name, backup.chunks(name))
            write_file_atomically(draft / NAMES, msgspec.json.encode([os.fsencode(name) for name in backup]))
            draft.replace(paths.ready_restore)  # from here on it will be completed, even after a crash
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(paths.data_dir)
        _move_into_place(paths)
    return RestoreResult(0, tuple(backup), ())


def finish_restore(paths: StorePaths) -> None:
    """Finish a restore that was unpacked completely. Raises OSError."""
    with hold_lock(paths.deck_lock, LONG_LOCK_ATTEMPTS), hold_lock(paths.lock_file):
        if paths.ready_restore.is_dir():  # else another process just did it
            _move_into_place(paths)


def _refuse_hidden_below(path: Path) -> None:
    if path.is_dir() and not path.is_symlink() and any(item.name.startswith(".") for item in path.rglob("*")):
        raise StoreError(f"{path}: a folder with hidden files is where a file belongs. Move it away.")


def _move_into_place(paths: StorePaths) -> None:
    """Delete what the backup lacks, and move its files; safe to repeat."""
    ready, data = paths.ready_restore, paths.data_dir
    names = {
        os.fsdecode(name) for name in msgspec.json.decode(read_regular_file(ready / NAMES), type=list[bytes])
    }
    touched = {data}
    for name in list(entries(data, _raise)):
        path = data / name
        if name != FORMAT and (name not in names or path.is_symlink() or not path.is_file()):
            path.unlink()
            touched.add(path.parent)
    remove_empty_folders(data)
    for staged, _, files in os.walk(ready / FILES):
        place = data / os.path.relpath(staged, ready / FILES)
        make_folder(place)
        for name in files:
            Path(staged, name).replace(place / name)
        touched.add(place)
    for folder in filter(Path.is_dir, touched):
        sync_folder(folder)
    make_folder(paths.journal_dir)
    make_folder(paths.decks_dir)
    forget_known_store(paths)
    done = ready.with_name(".restore-done.tmp")
    shutil.rmtree(done, ignore_errors=True)
    ready.replace(done)
    shutil.rmtree(done, ignore_errors=True)


def _raise(error: OSError) -> None:
    raise error
