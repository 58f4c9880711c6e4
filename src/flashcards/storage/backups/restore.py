"""Restore missing events and files from a backup."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flashcards.errors import ChangedMeanwhileError, StoreError
from flashcards.storage.backups.backups import TIMESTAMP_FORMAT
from flashcards.storage.backups.contents import FORMAT, entries, remove_empty_folders
from flashcards.storage.files import (
    LONG_LOCK_TRIES,
    hold_lock,
    make_folder,
    read_regular_file,
    replace_file,
    write_file_atomically,
)
from flashcards.storage.journal.journal import list_journal_files, parse_chunk, read_journal_file
from flashcards.storage.paths import StorePaths


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What came back."""

    event_count: int
    restored_files: tuple[str, ...]
    differing_files: tuple[str, ...]
    """Deck and media files that are other than in the backup; they were left as they are."""


def restore_missing(paths: StorePaths, backup: Mapping[str, bytes], at: datetime) -> RestoreResult:
    """Bring back the events and the files that are missing."""
    make_folder(paths.journal_dir)
    with hold_lock(paths.deck_lock, LONG_LOCK_TRIES), hold_lock(paths.lock_file):
        events = _restore_missing_events(paths, backup, at)
        restored, differing = [], []
        for name in backup:
            path = paths.data_dir / name
            if _is_journal(name):
                continue
            if not _in_the_way(path):
                with suppress(ChangedMeanwhileError):  # there is one now, from elsewhere
                    replace_file(path, None, backup[name])
                    restored.append(name)
                    continue
            if name != FORMAT and not _is_same(path, backup[name]):
                differing.append(name)
    return RestoreResult(events, tuple(restored), tuple(differing))


def _is_journal(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder == "journal" and "/" not in file and file.endswith(".jsonl")


def _in_the_way(path: Path) -> bool:
    """Tell whether something has a file's name, or a file the name of one of its folders."""
    folder = next(parent for parent in path.parents if parent.exists())
    return path.exists() or not folder.is_dir()


def _is_same(path: Path, data: bytes) -> bool:
    try:
        return read_regular_file(path) == data
    except (OSError, StoreError):
        return False


def _restore_missing_events(paths: StorePaths, backup: Mapping[str, bytes], at: datetime) -> int:
    """Bring back journals of which nothing is here as they were, single events in a file."""
    have = {
        record.event.id
        for path in list_journal_files(paths.journal_dir)
        for record in read_journal_file(path).records
    }
    before, lines = frozenset(have), list[bytes]()
    for name, data in sorted(backup.items()):
        if _is_journal(name):
            path = paths.data_dir / name
            records = parse_chunk(data, path).records
            whole = not path.exists() and before.isdisjoint(r.event.id for r in records)
            if whole:
                write_file_atomically(path, data)
                have.update(record.event.id for record in records)
            for raw in () if whole else data.split(b"\n"):
                for record in parse_chunk(raw, path).records:
                    if record.event.id not in have:
                        have.add(record.event.id)
                        lines.append(raw.strip() + b"\n")
    if lines:
        _add(paths.journal_dir / f"restored-{at.astimezone(UTC).strftime(TIMESTAMP_FORMAT)}.jsonl", lines)
    return len(have) - len(before)


def _add(path: Path, lines: list[bytes]) -> None:
    """Write lines behind what another restore of the same second has written."""
    before = read_regular_file(path) if path.exists() else b""
    write_file_atomically(path, before + b"".join(lines))


def restore_exactly(paths: StorePaths, backup: Mapping[str, bytes]) -> RestoreResult:
    """Make the data folder what it was in the backup: what came later goes.

    What no backup holds, such as a .git in it, stays.
    """
    make_folder(paths.data_dir)
    with hold_lock(paths.deck_lock, LONG_LOCK_TRIES), hold_lock(paths.lock_file):
        for name in list(entries(paths.data_dir, _raise)):
            path = paths.data_dir / name
            if name != FORMAT and (name not in backup or path.is_symlink() or not path.is_file()):
                path.unlink()
        remove_empty_folders(paths.data_dir)
        for name, data in backup.items():
            write_file_atomically(paths.data_dir / name, data)
        make_folder(paths.journal_dir)
        make_folder(paths.decks_dir)
    return RestoreResult(0, tuple(backup), ())


def _raise(error: OSError) -> None:
    raise error
