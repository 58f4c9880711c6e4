"""What this machine remembers of its stores, so that one which lost something is noticed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flashcards.errors import StoreError
from flashcards.storage.files import locked, make_folder, read_regular, write_file
from flashcards.storage.paths import Paths

LOCK = ".lock"
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
    """Processes that took up the pen and have not laid it down: they run, or were killed."""


def recall(path: Path, data: Path) -> KnownStore | None:
    """Return what is remembered of the store in a data folder; nothing when the file is damaged."""
    return _read(path).get(str(data))


def store_of(paths: Paths) -> str:
    """Return the id of the store in a data folder, as it says itself or as is remembered."""
    known = recall(paths.known, paths.data)
    try:
        return parse_store(read_regular(paths.format))
    except (ValueError, OSError, StoreError):
        return known.store if known else ""


def parse_store(data: bytes) -> str:
    """Return the id of the store that a format.json is of. Raises ValueError."""
    try:
        return str(json.loads(data)["store"])
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(error) from error


def remember(path: Path, data: Path, now: KnownStore, *, begins: int = 0, ends: int = 0) -> None:
    """Note how a store is now, and which process begins or ends to write to it."""
    make_folder(path.parent)
    with locked(path.with_name(LOCK)):
        known = _read(path)
        before = known.get(str(data))
        writing = {*(before.writing if before else ()), begins} - {ends, 0}
        now.writing = sorted(writing)
        if before and before.store == now.store:  # another process may have seen more
            now.events = max(now.events, before.events)
            now.n = max(now.n, before.n) if now.device == before.device else now.n
        if now != before:
            known[str(data)] = now
            _write(path, known)


def forget(paths: Paths) -> None:
    """Take a store as it is: what it had before, by the index too, counts no longer."""
    known = _read(paths.known)
    if known.pop(str(paths.data), None):
        _write(paths.known, known)
    paths.index.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, KnownStore]:
    """Return what known.json says, by data folder."""
    try:
        stores = json.loads(read_regular(path))["stores"]
        found = {data: KnownStore(**fields) for data, fields in stores.items()}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return {data: store for data, store in found.items() if _sound(store)}


def _sound(store: KnownStore) -> bool:
    numbers = [store.events, store.decks, store.n]
    return isinstance(store.writing, list) and all(
        isinstance(number, int) for number in (*numbers, *store.writing)
    )


def _write(path: Path, known: dict[str, KnownStore]) -> None:
    stores = {data: asdict(store) for data, store in known.items()}
    write_file(path, json.dumps({"stores": stores}).encode() + b"\n")
