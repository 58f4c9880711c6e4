"""The beginning of a store: made on first use, known again ever after, never begun twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from flashcards.errors import ChangedMeanwhileError, StoreError
from flashcards.storage.files import make_folder, read_regular, replace_file, write_file
from flashcards.storage.index.connection import witness
from flashcards.storage.known_stores import KnownStore
from flashcards.storage.loss_check import entries, lost
from flashcards.storage.paths import Paths

FORMAT = 1
FILES = {
    # Two machines' lines are both wanted, so git never has a conflict to ask about; -text keeps
    # line endings, and with them the checksums, as they were written.
    ".gitattributes": b"journal/*.jsonl merge=union -text\n",
    ".gitignore": b".lock\n.*.lock\n.*.tmp\n",
    ".stignore": b".lock\n.*.lock\n.*.tmp\n",
}


def found_store(
    paths: Paths,
    known: KnownStore | None,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
) -> str:
    """Return the store's own id; make the data folder on first use.

    Raises StoreError where a newer version made it, LostHistoryError where it was and is gone.
    """
    try:
        found = json.loads(read_regular(paths.format))
        version, store = int(found["format"]), str(found["store"])
    except FileNotFoundError:
        _refuse_to_begin_again(paths, known)
        return _create(paths, known, now, entropy)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StoreError(
            f"{paths.format}: this file is damaged ({error}). Your history is not: "
            "move the file away, and it will be made anew."
        ) from error
    if version > FORMAT:
        raise StoreError(only_reads(paths))
    return store


def _refuse_to_begin_again(paths: Paths, known: KnownStore | None) -> None:
    """Stop where format.json is gone and the rest, that this machine has seen, too."""
    from flashcards.storage.journal.journal import files

    before = known or KnownStore("", witness(paths.index, paths.data))
    if (before.events and not files(paths.journal)) or (before.decks and not paths.decks.exists()):
        decks = f"{before.decks:,} decks and " if before.decks else ""
        raise lost(paths, decks + entries(before.events), "none of it") from None


def _create(
    paths: Paths,
    known: KnownStore | None,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
) -> str:
    """Make the folders and the files that say what they are; return the store's id."""
    from flashcards.storage.journal.journal import new_id

    store = known.store if known else new_id(int(now().timestamp() * 1000), entropy)
    for folder in (paths.data, paths.decks, paths.journal):
        make_folder(folder)
    for name, content in FILES.items():
        if not (paths.data / name).exists():
            write_file(paths.data / name, content)
    text = json.dumps({"format": FORMAT, "store": store}).encode() + b"\n"
    try:
        replace_file(paths.format, None, text)
    except ChangedMeanwhileError:  # another process has begun it at the same moment
        return found_store(paths, known, now, entropy)
    return store


def only_reads(paths: Paths) -> str:
    """Return what is said where only a newer version may write."""
    return (
        f"{paths.data}: a newer version of flashcards has written here, so this one only reads. "
        "Nothing was saved; upgrade this one."
    )
