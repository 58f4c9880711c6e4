"""Stores that this machine knows, with their event counts."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flashcards.errors import StoreError
from flashcards.storage.files import hold_lock, make_folder, read_regular_file, write_file_atomically
from flashcards.storage.paths import StorePaths

LOCK_FILE_NAME = ".lock"
"""Beside known.json and device.json: held while either is written."""


@dataclass(slots=True)
class KnownStore:
    """A store as this machine last left it."""

    store: str
    events: int
    """How many events it had; a journal only ever grows."""
    decks: int = 0
    """How many deck files it had."""
    device: str = ""
    """The name under which this machine last wrote to it."""
    n: int = 0
    """How many events it had of that name."""
    writing: list[int] = field(default_factory=list)
    """Processes that began to write and have not said that they ended: they run, or were killed."""


def load_known_store(path: Path, data_dir: Path) -> KnownStore | None:
    """Return what is remembered of the store in a data folder; nothing when the file is damaged."""
    try:
        return _read_known_stores(path).get(str(data_dir))
    except OSError:  # then no loss is noticed, and all can be read
        return None


def store_of(paths: StorePaths) -> str:
    """Return the id of the store in a data folder, as it says itself or as is remembered."""
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    try:
        return parse_store(read_regular_file(paths.format_file))
    except (ValueError, OSError, StoreError):
        return known.store if known else ""


def parse_store(data: bytes) -> str:
    """Return the id of the store that a format.json is of. Raises ValueError."""
    try:
        return str(json.loads(data)["store"])
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(error) from error


def save_known_store(
    path: Path, data_dir: Path, current: KnownStore, *, begins: int = 0, ends: int = 0
) -> None:
    """Note how a store is now, and which process begins or ends to write to it."""
    with ExitStack() as stack:
        try:
            make_folder(path.parent)
            stack.enter_context(hold_lock(path.with_name(LOCK_FILE_NAME)))
        except OSError:  # where the state folder cannot be written, no loss is noticed
            return
        stores = _read_known_stores(path)
        previous = stores.get(str(data_dir))
        writing = {*(previous.writing if previous else ()), begins} - {ends, 0}
        current.writing = sorted(writing)
        if previous and previous.store == current.store:  # another process may have seen more
            current.events = max(current.events, previous.events)
            current.n = max(current.n, previous.n) if current.device == previous.device else current.n
        if current != previous:
            stores[str(data_dir)] = current
            _write_known_stores(path, stores)


def forget_known_store(paths: StorePaths) -> None:
    """Take a store as it is: what it had before, by the index too, counts no longer."""
    known = _read_known_stores(paths.known_stores_file)
    if known.pop(str(paths.data_dir), None):
        _write_known_stores(paths.known_stores_file, known)
    paths.index_file.unlink(missing_ok=True)


def _read_known_stores(path: Path) -> dict[str, KnownStore]:
    """Return what known.json says, by data folder."""
    try:
        stores = json.loads(read_regular_file(path))["stores"]
        found = {data: KnownStore(**fields) for data, fields in stores.items()}
    except (
        FileNotFoundError,
        NotADirectoryError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ):
        return {}
    return {data: store for data, store in found.items() if _is_valid_store(store)}


def _is_valid_store(store: KnownStore) -> bool:
    numbers = [store.events, store.decks, store.n]
    return isinstance(store.writing, list) and all(
        isinstance(number, int) for number in (*numbers, *store.writing)
    )


def _write_known_stores(path: Path, known: dict[str, KnownStore]) -> None:
    stores = {data: asdict(store) for data, store in known.items()}
    write_file_atomically(path, json.dumps({"stores": stores}).encode() + b"\n")
