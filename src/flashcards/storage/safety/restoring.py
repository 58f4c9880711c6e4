"""Restoring: what a backup has and the store has not comes back; nothing that is there goes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flashcards.errors import ChangedMeanwhileError
from flashcards.storage.durable import (
    LONG_LOCK_TRIES,
    locked,
    make_folder,
    read_if_there,
    replace_file,
    write_file,
)
from flashcards.storage.journals.journal import files, parse, read
from flashcards.storage.paths import Paths
from flashcards.storage.safety.backups import FOLDERS, STAMP


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    events: int
    files: tuple[str, ...]
    differing: tuple[str, ...]
    """Deck and media files that are other than in the backup; they were left as they are."""


def restore_union(paths: Paths, backup: Mapping[str, bytes], at: datetime) -> Restored:
    """Bring back the events and the files that are missing."""
    make_folder(paths.journal)
    with locked(paths.deck_lock, LONG_LOCK_TRIES), locked(paths.lock):
        events = _restore_events(paths, backup, at)
        missing = [name for name in backup if not name.startswith("journal/")]
        restored, differing = [], []
        for name in missing:
            path = paths.data / name
            if not path.exists():
                with suppress(ChangedMeanwhileError):  # there is one now, from elsewhere
                    replace_file(path, None, backup[name])
                    restored.append(name)
                    continue
            if name != "format.json" and read_if_there(path) != backup[name]:
                differing.append(name)
    return Restored(events, tuple(restored), tuple(differing))


def _restore_events(paths: Paths, backup: Mapping[str, bytes], at: datetime) -> int:
    """Write the backup's events that no journal has into a file of their own."""
    have = {record.event.id for path in files(paths.journal) for record in read(path).records}
    lines = []
    for name, data in sorted(backup.items()):
        if name.startswith("journal/"):
            for raw in data.split(b"\n"):
                for record in parse(raw, Path(name)).records:
                    if record.event.id not in have:
                        have.add(record.event.id)
                        lines.append(raw.strip() + b"\n")
    if lines:
        stamp = at.astimezone(UTC).strftime(STAMP)
        write_file(paths.journal / f"restored-{stamp}.jsonl", b"".join(lines))
    return len(lines)


def restore_exactly(paths: Paths, backup: Mapping[str, bytes]) -> Restored:
    """Make the data folder what it was in the backup: what came later goes."""
    make_folder(paths.data)
    with locked(paths.deck_lock, LONG_LOCK_TRIES), locked(paths.lock):
        for folder in FOLDERS:
            shutil.rmtree(paths.data / folder, ignore_errors=True)
        for name, data in backup.items():
            write_file(paths.data / name, data)
        make_folder(paths.journal)
        make_folder(paths.decks)
    return Restored(0, tuple(backup), ())
