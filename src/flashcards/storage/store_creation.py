"""Open the store of a data folder, or create it."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flashcards.errors import ChangedMeanwhileError, StoreError, UsageError
from flashcards.storage.base_dirs import DATA_DIR_VARIABLE, find_base_dirs
from flashcards.storage.files import make_folder, read_regular_file, replace_file, write_file_atomically
from flashcards.storage.index.replace_index import count_events_in_index
from flashcards.storage.journal.event_ids import new_event_id
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.known_stores import KnownStore, load_known_store, parse_format
from flashcards.storage.loss_check import history_lost_error
from flashcards.storage.store_paths import StorePaths

STORE_FORMAT = 1
SUPPORT_FILES = {
    # Union merge keeps the lines of both machines, without conflicts; -text keeps line endings,
    # and with them the checksums.
    ".gitattributes": b"journal/*.jsonl merge=union -text\n",
    ".gitignore": b".lock\n.*.lock\n.*.tmp\n",
    ".stignore": b".lock\n.*.lock\n.*.tmp\n",
}


class OpenedStore(NamedTuple):
    """The store of a data folder."""

    id: str
    known: KnownStore | None  # as this machine last left it
    read_only_message: str  # why it can only be read; "" if it can be written


def open_or_create_store(paths: StorePaths, now: Callable[[], datetime]) -> OpenedStore:
    """Open the store of a data folder, or create it on first use.

    A restore that was interrupted is finished first. Raises StoreError if git has it but nothing is
    checked out, LostHistoryError if it existed and is gone.
    """
    unwritable = _unwritable_message(paths)
    if paths.ready_restore.is_dir() and not unwritable:
        from flashcards.storage.backups.exact_restore import finish_restore

        finish_restore(paths)
    known = load_known_store(paths.known_stores_file, paths.data_dir)
    try:
        version, store_id = parse_format(read_regular_file(paths.format_file))
    except FileNotFoundError:
        _raise_if_history_lost(paths, known)
        if unwritable:
            return OpenedStore(known.store if known else "", known, unwritable)
        return OpenedStore(_create_store(paths, known, now), known, "")
    except ValueError as error:
        raise StoreError(
            f"{paths.format_file}: this file is damaged ({error}). Your history is safe: "
            "move the file away; it is created again."
        ) from error
    return OpenedStore(store_id, known, read_only_message(paths) if version > STORE_FORMAT else unwritable)


def new_folder_notice(paths: StorePaths, *, is_named: bool, adds: bool) -> str:
    """Return the notice of a data folder to be created; "" if it exists.

    A folder named by the user is created only by a command that adds something: the name may be mistyped.
    Raises UsageError otherwise.
    """
    data, default_dir = paths.data_dir, Path(find_base_dirs(None, {**os.environ, DATA_DIR_VARIABLE: ""})[0])
    if data == Path():
        raise UsageError(
            "There is no home folder of yours, so nothing says where your library is. "
            "Set HOME, or name the folder: --data-dir DIR"
        )
    if data.exists() or data == default_dir or load_known_store(paths.known_stores_file, data):
        return ""
    if not data.parent.is_dir() or (is_named and not adds):
        raise UsageError(
            f"{data}: there is no such folder, and nothing was made. Check the spelling; "
            "flashcards import, add and study make a new library in a folder that is there."
        )
    return f"{data}: made for a new library." if is_named else ""


def has_empty_checkout(paths: StorePaths) -> bool:
    """Tell whether git has commits, but no library is checked out."""
    git = paths.data_dir / ".git"
    has_commits = (git / "packed-refs").exists() or any(path.is_file() for path in git.glob("refs/**/*"))
    return (git.is_file() or has_commits) and not (paths.decks_dir.exists() or paths.journal_dir.exists())


def _unwritable_message(paths: StorePaths) -> str:
    folders = [folder for folder in (paths.data_dir, paths.journal_dir) if folder.is_dir()]
    if not folders or any(os.access(folder, os.W_OK) for folder in folders):
        return ""
    return (
        f"{paths.data_dir}: this folder cannot be written, so it is only read. Nothing was saved. "
        "Change its permissions, or mount its file system for writing."
    )


def _raise_if_history_lost(paths: StorePaths, known: KnownStore | None) -> None:
    """Raise if not only format.json is missing, but journals or decks that this machine has seen."""
    if has_empty_checkout(paths):
        raise StoreError(
            f"{paths.data_dir}: git's checkout here is empty, and its repository is not. Nothing was "
            "written. flashcards sync takes in what a remote has; other branches: git branch --all"
        ) from None
    before = known or KnownStore("", count_events_in_index(paths.index_file, paths.data_dir))
    journals_are_gone = before.events and not list_journal_files(paths.journal_dir)
    if journals_are_gone or (before.decks and not paths.decks_dir.exists()):
        decks = f"{before.decks:,} decks and " if before.decks else ""
        raise history_lost_error(paths, before.events, "none of them", decks) from None


def _create_store(paths: StorePaths, known: KnownStore | None, now: Callable[[], datetime]) -> str:
    store_id = known.store if known else new_event_id(now())
    for folder in (paths.data_dir, paths.decks_dir, paths.journal_dir):
        make_folder(folder)
    for name, content in SUPPORT_FILES.items():
        if not (paths.data_dir / name).exists():
            write_file_atomically(paths.data_dir / name, content)
    text = json.dumps({"format": STORE_FORMAT, "store": store_id}).encode() + b"\n"
    try:
        replace_file(paths.format_file, None, text)
    except ChangedMeanwhileError:  # another process created it at the same moment
        return open_or_create_store(paths, now).id
    return store_id


def read_only_message(paths: StorePaths) -> str:
    """Return the message where only a newer version may write."""
    return (
        f"{paths.data_dir}: written by a newer version of flashcards, so this version cannot change it. "
        "Nothing was saved; upgrade flashcards."
    )
