"""Which files are synced, and what has changed since the last sync."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from flashcards.storage.index.library_files import FileSignature, file_signature
from flashcards.storage.journal.journal_files import is_journal
from flashcards.storage.store_paths import LIBRARY_FOLDERS

FORMAT_FILE = "format.json"
MAX_FILE_SIZE = 100 << 20  # in bytes; the usual hosts refuse larger files
STATE_FILE = "flashcards-sync.json"


def is_synced(path: str) -> bool:
    """Tell whether a path is one of a library's synced files."""
    parts = path.split("/")
    if len(parts) < 2 or parts[0] not in LIBRARY_FOLDERS or not path.isprintable() or "\\" in path:
        return False
    odd = any(part.startswith(".") or not 0 < len(part.encode()) < 256 for part in parts)
    return not (odd or path.endswith(".schema.json") or (parts[0] == "journal" and not is_journal(path)))


def is_deck(path: str) -> bool:
    """Tell whether a path is a deck file's."""
    return path.startswith("decks/") and path.endswith((".yaml", ".yml")) and is_synced(path)


class SyncState(msgspec.Struct):
    """What this machine remembers of its last sync."""

    at: str = ""  # ISO 8601; "" before the first sync
    files: dict[str, tuple[FileSignature, str, int]] = {}
    """By path: signature, blob id, and time of that in ns."""


def read_sync_state(folder: Path) -> SyncState:
    """Return the state in a repository's folder; empty if damaged."""
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode((folder / STATE_FILE).read_bytes(), type=SyncState)
    return SyncState()


def synced_files(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield (path in the library, path) of each synced file."""
    for shown, path in _visible_files(data):
        with suppress(OSError):
            if is_synced(shown) and stat.S_ISREG(path.stat().st_mode):
                yield shown, path


def unsyncable_files(data: Path) -> list[str]:
    """Return the paths in the library that another system might not have a name for."""
    return [shown for shown, _ in _visible_files(data) if not shown.isprintable() or "\\" in shown]


def _visible_files(data: Path) -> Iterator[tuple[str, Path]]:
    for top in LIBRARY_FOLDERS:
        for folder, folders, names in os.walk(data / top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder) / name
                yield path.relative_to(data).as_posix(), path


def count_waiting_files(data: Path, state: SyncState) -> int:
    """Return how many files changed since the last sync."""
    signs = {name: file_signature(str(path)) for name, path in synced_files(data)}
    known = {name: sign for name, (sign, *_) in state.files.items()}
    return sum(signs.get(name) != known.get(name) for name in signs.keys() | known.keys())
