"""What this machine remembers of its stores, so that one which lost something is noticed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from flashcards.storage.durable import read_regular, write_file


class KnownStore(msgspec.Struct):
    """A store as it was when it was last closed."""

    store: str
    events: int
    """How many events it had; a journal only ever grows."""


class KnownFile(msgspec.Struct):
    """What known.json says, by data folder."""

    stores: dict[str, KnownStore] = {}


def recall(path: Path, data: Path) -> KnownStore | None:
    """Return what is remembered of the store in a data folder; nothing when the file is damaged."""
    found = _read(path).stores.get(str(data))
    return found if found and found.events else None


def remember(path: Path, data: Path, store: str, events: int) -> None:
    """Note how many events a store has now."""
    known = _read(path)
    if known.stores.get(str(data)) != KnownStore(store, events):
        known.stores[str(data)] = KnownStore(store, events)
        write_file(path, msgspec.json.encode(known) + b"\n")


def _read(path: Path) -> KnownFile:
    try:
        return msgspec.json.decode(read_regular(path), type=KnownFile)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return KnownFile()


def forget(path: Path, data: Path) -> None:
    """Take a store as it is: what it had before counts no longer."""
    known = _read(path)
    if known.stores.pop(str(data), None):
        write_file(path, msgspec.json.encode(known) + b"\n")
