"""Open the store of a data folder, or create it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from flashcards.errors import ChangedMeanwhileError, StoreError
from flashcards.storage.files import make_folder, read_regular_file, replace_file, write_file_atomically
from flashcards.storage.index.connection import count_events_in_index
from flashcards.storage.known_stores import KnownStore
from flashcards.storage.loss_check import describe_event_count, history_lost_error
from flashcards.storage.paths import StorePaths

STORE_FORMAT = 1
SUPPORT_FILES = {
    # Two machines' lines are both wanted, so git never has a conflict to ask about; -text keeps
    # line endings, and with them the checksums, as they were written.
    ".gitattributes": b"journal/*.jsonl merge=union -text\n",
    ".gitignore": b".lock\n.*.lock\n.*.tmp\n",
    ".stignore": b".lock\n.*.lock\n.*.tmp\n",
}


def open_or_create_store(
    paths: StorePaths,
    known: KnownStore | None,
    now: Callable[[], datetime],
    random_bytes: Callable[[int], bytes],
) -> str:
    """Return the store's own id; make the data folder on first use.

    Raises StoreError where a newer version made it, LostHistoryError where it was and is gone.
    """
    try:
        found = json.loads(read_regular_file(paths.format_file))
        version, store_id = int(found["format"]), str(found["store"])
    except FileNotFoundError:
        _raise_if_history_lost(paths, known)
        return _create_store(paths, known, now, random_bytes)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StoreError(
            f"{paths.format_file}: this file is damaged ({error}). Your history is safe: "
            "move the file away; it is created again."
        ) from error
    if version > STORE_FORMAT:
        raise StoreError(read_only_message(paths))
    return store_id


def _raise_if_history_lost(paths: StorePaths, known: KnownStore | None) -> None:
    """Stop where format.json is gone and the rest, that this machine has seen, too."""
    from flashcards.storage.journal.journal import list_journal_files

    if _is_empty_checkout(paths):
        raise StoreError(
            f"{paths.data_dir}: git's checkout here is empty, and its repository is not: the branch it "
            "names has no files. Nothing was written; flashcards sync takes in what is there."
        ) from None
    before = known or KnownStore("", count_events_in_index(paths.index_file, paths.data_dir))
    if (before.events and not list_journal_files(paths.journal_dir)) or (
        before.decks and not paths.decks_dir.exists()
    ):
        decks = f"{before.decks:,} decks and " if before.decks else ""
        raise history_lost_error(paths, decks + describe_event_count(before.events), "none of them") from None


def _is_empty_checkout(paths: StorePaths) -> bool:
    """Tell whether git knows of commits, and there is nothing of a library beside it."""
    git = paths.data_dir / ".git"
    has_commits = (git / "packed-refs").exists() or any((git / "refs" / "remotes").glob("*/*"))
    return has_commits and not (paths.decks_dir.exists() or paths.journal_dir.exists())


def _create_store(
    paths: StorePaths,
    known: KnownStore | None,
    now: Callable[[], datetime],
    random_bytes: Callable[[int], bytes],
) -> str:
    """Make the folders and the files that say what they are; return the store's id."""
    from flashcards.storage.journal.journal import new_uuid7

    store_id = known.store if known else new_uuid7(int(now().timestamp() * 1000), random_bytes)
    for folder in (paths.data_dir, paths.decks_dir, paths.journal_dir):
        make_folder(folder)
    for name, content in SUPPORT_FILES.items():
        if not (paths.data_dir / name).exists():
            write_file_atomically(paths.data_dir / name, content)
    text = json.dumps({"format": STORE_FORMAT, "store": store_id}).encode() + b"\n"
    try:
        replace_file(paths.format_file, None, text)
    except ChangedMeanwhileError:  # another process has begun it at the same moment
        return open_or_create_store(paths, known, now, random_bytes)
    return store_id


def read_only_message(paths: StorePaths) -> str:
    """Return what is said where only a newer version may write."""
    return (
        f"{paths.data_dir}: written by a newer version of flashcards, so this version cannot change it. "
        "Nothing was saved; upgrade flashcards."
    )
