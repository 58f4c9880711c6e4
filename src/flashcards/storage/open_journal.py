"""Open the journal for writing: choose the device id, resume counters."""

from collections.abc import Callable
from datetime import datetime

from flashcards.errors import StoreError
from flashcards.storage.files import make_folder
from flashcards.storage.index.open_index import StoreIndex
from flashcards.storage.index.queries import event_clock
from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.device_id import SHARED_DEVICE_ID_NOTICE, create_device_id, load_device_id
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.known_stores import LOCK_FILE_NAME, load_known_store
from flashcards.storage.locks import hold_lock
from flashcards.storage.store_paths import StorePaths


def open_writer(
    paths: StorePaths,
    index: StoreIndex,
    *,
    now: Callable[[], datetime],
    notify: Callable[[str], None] = lambda _: None,
) -> tuple[JournalWriter, str]:
    """Return the journal to write to, and the device id.

    If another machine has used this device id, a new one is made and reported.
    """
    try:
        device_id = _unshared_device_id(paths, index, notify)
    except OSError as error:
        where = error.filename or paths.state_dir
        raise StoreError(f"Not saved: {error.strerror} ({where}). Fix that, and try again.") from error
    # Far-future events of a broken clock are not followed.
    hlc = event_clock.max_hlc(index.connection, event_clock.max_plausible_hlc(now()))
    clock = hlc, event_clock.device_sequence(index.connection, device_id)[0]
    journal_writer = JournalWriter(paths.journal_dir, paths.lock_file, device_id, now=now, clock=clock)
    for name, size in event_clock.indexed_journal_sizes(index.connection):
        journal_writer.known_sizes[paths.data_dir / name] = size
    return journal_writer, device_id


def _unshared_device_id(paths: StorePaths, index: StoreIndex, notify: Callable[[str], None]) -> str:
    make_folder(paths.state_dir)
    with hold_lock(paths.state_dir / LOCK_FILE_NAME):
        device_id = load_device_id(paths.device_file)
        if _is_device_id_shared(paths, index, device_id):
            device_id = create_device_id(paths.device_file)
            notify(SHARED_DEVICE_ID_NOTICE.format(device=device_id))
    return device_id


def _is_device_id_shared(paths: StorePaths, index: StoreIndex, device_id: str) -> bool:
    """Tell whether another machine wrote with this device id.

    That is certain if there are sequences above the last one written here, or two events with one
    sequence; those are searched only if any came out of order.
    """
    sequence, out_of_order = event_clock.device_sequence(index.connection, device_id)
    # Read after the index was updated, so that it cannot be older.
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    if known and known.device == device_id and not known.writing and sequence > known.n:
        return True
    if not out_of_order:
        return False
    files = map(journal_reader.read_journal_file, list_journal_files(paths.journal_dir))
    records = (record for file in files for record in file.records if record.device_id == device_id)
    if journal_reader.reused_sequences(records):
        return True
    index.clear_out_of_order(device_id)
    return False
