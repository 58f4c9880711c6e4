"""Stores that this machine knows, with their event counts."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from flashcards.errors import StoreError
from flashcards.storage.files import make_folder, read_if_there, write_file_atomically
from flashcards.storage.locks import hold_lock
from flashcards.storage.store_paths import StorePaths

LOCK_FILE_NAME = ".lock"  # held while known.json or device.json is written


class KnownStore(NamedTuple):
    """A store as this machine last left it."""

    store: str
    events: int  # a journal only grows, so fewer mean a loss
    decks: int = 0  # number of deck files
    device: str = ""  # device id under which this machine last wrote
    n: int = 0  # highest sequence of that device
    writing: list[int] = []  # noqa: RUF012 (never changed)
    """Pids of writers that did not report their end: running or killed."""


def load_known_store(path: Path, data_dir: Path) -> KnownStore | None:
    """Return the known state of a store; None if unknown or damaged."""
    try:
        return _read_known_stores(path).get(str(data_dir))
    except OSError:  # then a loss goes unnoticed, but everything can be read
        return None


def store_of(paths: StorePaths) -> str:
    """Return the id of a store, from its format.json or as remembered."""
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    try:
        return parse_format(read_if_there(paths.format_file) or b"")[1]
    except (ValueError, OSError, StoreError):
        return known.store if known else ""


def parse_format(data: bytes) -> tuple[int, str]:
    """Return the format version and the store id in a format.json. Raises ValueError."""
    try:
        content = json.loads(data)
        return int(content["format"]), str(content["store"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise ValueError('expected {"format": NUMBER, "store": ID}') from error


def save_known_store(
    path: Path, data_dir: Path, current: KnownStore, *, begins: int = 0, ends: int = 0
) -> None:
    """Save the state of a store, and the pid of the process that begins or ends writing."""
    with ExitStack() as stack:
        try:
            make_folder(path.parent)
            stack.enter_context(hold_lock(path.with_name(LOCK_FILE_NAME)))
        except OSError:  # a state folder that cannot be written: a loss goes unnoticed
            return
        stores = _read_known_stores(path)
        previous = stores.get(str(data_dir))
        writing = {begins} | set(previous.writing if previous else ())
        current = current._replace(writing=sorted(writing - {ends, 0}))  # 0: no process
        if previous and previous.store == current.store:  # another process may have written since
            current = current._replace(events=max(current.events, previous.events))
            if current.device == previous.device:
                current = current._replace(n=max(current.n, previous.n))
        if current != previous:
            stores[str(data_dir)] = current
            _write_known_stores(path, stores)


def forget_known_store(paths: StorePaths) -> None:
    """Forget what a store had before, so that it is accepted as it is."""
    known = _read_known_stores(paths.known_stores_file)
    if known.pop(str(paths.data_dir), None):
        _write_known_stores(paths.known_stores_file, known)
    paths.index_file.unlink(missing_ok=True)


def _read_known_stores(path: Path) -> dict[str, KnownStore]:
    try:
        saved = json.loads(read_if_there(path) or b"{}")["stores"]
        stores = {data_dir: KnownStore(**fields) for data_dir, fields in saved.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return {data_dir: store for data_dir, store in stores.items() if _is_valid_store(store)}


def _is_valid_store(store: KnownStore) -> bool:
    if not isinstance(store.writing, list):
        return False
    return all(isinstance(n, int) for n in (store.events, store.decks, store.n, *store.writing))


def _write_known_stores(path: Path, known: dict[str, KnownStore]) -> None:
    stores = {data: store._asdict() for data, store in known.items()}
    write_file_atomically(path, json.dumps({"stores": stores}).encode() + b"\n")
