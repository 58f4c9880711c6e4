"""Restore missing events and files from a backup."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple

from flashcards.errors import ChangedMeanwhileError, StoreError
from flashcards.storage.backups.backup_reader import Backup
from flashcards.storage.backups.contents import BLOCK, FORMAT
from flashcards.storage.backups.make_and_prune import TIMESTAMP_FORMAT
from flashcards.storage.files import (
    make_folder,
    read_chunks,
    read_regular_file,
    replace_file,
    write_file_atomically,
)
from flashcards.storage.journal.journal_files import is_journal, list_journal_files
from flashcards.storage.journal.record import GIT_CONFLICT_MARKERS, checksum_fault
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, hold_lock
from flashcards.storage.store_paths import StorePaths

EVENT_ID = re.compile(rb'"id":"([^"]+)"')


class RestoreResult(NamedTuple):
    """What was restored."""

    event_count: int
    restored_files: tuple[str, ...]
    differing_files: tuple[str, ...]  # decks and media that differ from the backup; left as they are
    lost_files: tuple[str, ...] = ()  # media no longer intact beside the backup


def restore_missing(paths: StorePaths, backup: Backup, at: datetime) -> RestoreResult:
    """Restore the missing events and files."""
    make_folder(paths.journal_dir)
    with hold_lock(paths.deck_lock, LONG_LOCK_ATTEMPTS), hold_lock(paths.lock_file):
        events = _restore_missing_events(paths, backup, at)
        restored, differing, lost = list[str](), list[str](), list(backup.missing)
        for name in backup:
            path = paths.data_dir / name
            if is_journal(name):
                continue
            try:
                if not _is_path_taken(path):
                    with suppress(ChangedMeanwhileError):  # another program just created it
                        replace_file(path, None, backup.chunks(name))
                        restored.append(name)
                        continue
                if name != FORMAT and not _is_same(path, backup, name):
                    differing.append(name)
            except StoreError:  # a kept medium: the zip file itself was verified
                lost.append(name)
    return RestoreResult(events, tuple(restored), tuple(differing), tuple(lost))


def _is_path_taken(path: Path) -> bool:
    """Tell whether the path, or a file in place of its folder, exists."""
    folder = next(parent for parent in path.parents if parent.exists())
    return path.exists() or not folder.is_dir()


def _is_same(path: Path, backup: Backup, name: str) -> bool:
    try:
        here = read_chunks(path, 0, BLOCK)
        return all(one == other for one, other in zip_longest(here, backup.chunks(name)))
    except (OSError, StoreError):
        return False


class _KnownLines:
    """The known journal lines, as hashes: a million fit into memory."""

    def __init__(self) -> None:
        self._keys: set[int] = set()

    def add(self, line: bytes) -> bool:
        """Add a line, by its event id if intact; return whether it is new."""
        event = EVENT_ID.search(line)
        keys = {_key(line), _key(event[1])} if event else {_key(line)}
        if not self._keys.isdisjoint(keys):
            return False
        self._keys.add(_key(line if event is None or checksum_fault(line) else event[1]))
        return True

    def has_any(self, lines: Iterable[bytes]) -> bool:
        """Tell whether the event of any line is known."""
        if not self._keys:
            return False
        events = (event[1] for line in lines if (event := EVENT_ID.search(line)))
        return any(_key(event) in self._keys for event in events)


def _key(text: bytes) -> int:
    return hash(text) >> 4  # 60 bits take less memory in Python than 64


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from filter(_has_content, map(bytes.strip, lines))
    if _has_content(rest.strip()):
        yield rest.strip()


def _has_content(line: bytes) -> bool:
    return bool(line) and not line.startswith(GIT_CONFLICT_MARKERS)


def _restore_missing_events(paths: StorePaths, backup: Backup, at: datetime) -> int:
    """Restore unknown journals as a whole, and single lines into one new file."""
    known, count = _KnownLines(), 0
    for path in list_journal_files(paths.journal_dir):
        for line in _lines(read_chunks(path, 0, BLOCK)):
            known.add(line)
    names = sorted(filter(is_journal, backup))
    whole = [
        name
        for name in names
        if not (paths.data_dir / name).exists() and not known.has_any(_lines(backup.chunks(name)))
    ]

    def new_lines(names: Iterable[str]) -> Iterator[bytes]:
        nonlocal count
        for name in names:
            for line in _lines(backup.chunks(name)):
                if known.add(line):
                    count += bool(EVENT_ID.search(line))
                    yield line + b"\n"

    for name in whole:
        write_file_atomically(paths.data_dir / name, backup.chunks(name))
    deque(new_lines(whole), maxlen=0)
    single = new_lines(name for name in names if name not in whole)
    if first := next(single, b""):
        path = paths.journal_dir / f"restored-{at.astimezone(UTC).strftime(TIMESTAMP_FORMAT)}.jsonl"
        # After what another restore wrote in the same second.
        before = read_regular_file(path) if path.exists() else b""
        write_file_atomically(path, chain([before, first], single))
    return count
