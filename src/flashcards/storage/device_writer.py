"""Open the journal: choose the device id, resume counters."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from flashcards.errors import StoreError
from flashcards.storage.files import hold_lock, make_folder
from flashcards.storage.index.index import StoreIndex
from flashcards.storage.index.queries import event_clock
from flashcards.storage.journal import journal
from flashcards.storage.journal.device import create_device_id, load_device_id
from flashcards.storage.journal.journal import DeviceJournal, LogicalClock
from flashcards.storage.known_stores import LOCK_FILE_NAME, KnownStore, load_known_store
from flashcards.storage.paths import StorePaths

SHARED_DEVICE_ID = (
    "Another machine used this one's device id (for example after copying a home folder). "
    "This machine now has a new id ({device}); both histories are kept."
)


def open_writer(
    paths: StorePaths,
    index: StoreIndex,
    *,
    now: Callable[[], datetime],
    random_bytes: Callable[[int], bytes] = os.urandom,
    notify: Callable[[str], None] = lambda _: None,
) -> tuple[DeviceJournal, str]:
    """Return the journal to write to, and the device that it writes as.

    Where another machine has written as this one, this one gets a new name, and says so.
    """
    try:
        device_id = _own_device_id(paths, index, random_bytes, notify)
    except OSError as error:
        where = error.filename or paths.state_dir
        raise StoreError(f"Not saved: {error.strerror} ({where}). Fix that, and try again.") from error
    clock = LogicalClock(
        event_clock.max_hlc(index.connection, event_clock.max_plausible_hlc(now())),
        event_clock.device_sequence(index.connection, device_id)[0],
    )
    device_journal = DeviceJournal(
        paths.journal_dir,
        paths.lock_file,
        device_id,
        clock,
        now=now,
        random_bytes=random_bytes,
    )
    for name, size in event_clock.indexed_journal_sizes(index.connection):
        device_journal.set_known_size(paths.data_dir / name, size)
    return device_journal, device_id


def _own_device_id(
    paths: StorePaths,
    index: StoreIndex,
    random_bytes: Callable[[int], bytes],
    notify: Callable[[str], None],
) -> str:
    make_folder(paths.state_dir)
    with hold_lock(paths.state_dir / LOCK_FILE_NAME):
        device_id = load_device_id(paths.device_file, random_bytes)
        # Read after the index was brought up to date, so that it cannot know less than that.
        known = load_known_store(paths.known_stores_file, paths.data_dir)
        if _is_device_id_shared(paths, index, device_id, known):
            device_id = create_device_id(paths.device_file, random_bytes)
            notify(SHARED_DEVICE_ID.format(device=device_id))
    return device_id


def _is_device_id_shared(
    paths: StorePaths, index: StoreIndex, device_id: str, known: KnownStore | None
) -> bool:
    """Tell whether the journals have events of this device's name that are not its own.

    Certain when it stopped writing at a number and there are higher ones, or when two events
    bear one number; the latter is looked for only where events came out of order.
    """
    n, late = event_clock.device_sequence(index.connection, device_id)
    if known and known.device == device_id and not known.writing and n > known.n:
        return True
    if not late:
        return False
    records = (
        r
        for path in journal.list_journal_files(paths.journal_dir)
        for r in journal.read_journal_file(path).records
    )
    if journal.reused_sequences(r for r in records if r.device_id == device_id):
        return True
    index.clear_out_of_order(device_id)
    return False
