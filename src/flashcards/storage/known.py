"""What this machine remembers of its stores, so that one which lost something is noticed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from flashcards.storage.durable import locked, make_folder, read_regular, write_file
from flashcards.storage.paths import Paths


class KnownStore(msgspec.Struct, omit_defaults=True):
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
    writing: list[int] = []
    """Processes that took up the pen and have not laid it down: they run, or were killed."""


class KnownFile(msgspec.Struct):
    """What known.json says, by data folder."""

    stores: dict[str, KnownStore] = {}


def recall(path: Path, data: Path) -> KnownStore | None:
    """Return what is remembered of the store in a data folder; nothing when the file is damaged."""
    return _read(path).stores.get(str(data))


def remember(path: Path, data: Path, now: KnownStore, *, begins: int = 0, ends: int = 0) -> None:
    """Note how a store is now, and which process begins or ends to write to it."""
    make_folder(path.parent)
    with locked(path.with_name(".known.lock")):
        known = _read(path)
        before = known.stores.get(str(data))
        writing = {*(before.writing if before else ()), begins} - {ends, 0}
        now.writing = sorted(writing)
        if now != before:
            known.stores[str(data)] = now
            write_file(path, msgspec.json.encode(known) + b"\n")


def forget(paths: Paths) -> None:
    """Take a store as it is: what it had before, by the index too, counts no longer."""
    known = _read(paths.known)
    if known.stores.pop(str(paths.data), None):
        write_file(paths.known, msgspec.json.encode(known) + b"\n")
    paths.index.unlink(missing_ok=True)


def _read(path: Path) -> KnownFile:
    try:
        return msgspec.json.decode(read_regular(path), type=KnownFile)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return KnownFile()
