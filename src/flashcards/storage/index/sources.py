"""Which files the collection is made of, and whether they are still as the index last saw them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from flashcards.errors import StoreError

DECKS = "decks"
JOURNAL = "journal"
SETTINGS = "config.toml"
DECK_ENDINGS = (".yaml", ".yml")
FRESH_NS = 2_000_000_000
"""A file changed less than 2 s before it was read may change again without its times telling."""

Signature = tuple[int, int, int, int]
"""Size in bytes, time of content and of any change in ns, inode."""

NOTHING: Signature = (-1, 0, 0, 0)


def signature(path: str) -> Signature:
    """Return what tells one state of a file from another without reading it."""
    try:
        found = os.stat(path)  # noqa: PTH116 (pathlib costs 10 ms that `flashcards due` can save)
    except OSError:
        return NOTHING
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def sources(data: str, settings: str) -> Iterator[tuple[str, str, Signature]]:
    """Yield (name, path, signature) of the settings, each journal file and each deck file."""
    yield SETTINGS, settings, signature(settings)
    for name, path in _walk(f"{data}/{JOURNAL}", JOURNAL, (".jsonl",), deep=False):
        yield name, path, signature(path)
    for name, path in _walk(f"{data}/{DECKS}", DECKS, DECK_ENDINGS, deep=True):
        yield name, path, signature(path)


def deck_files(data: str) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of each deck file of the library."""
    for name, path in _walk(f"{data}/{DECKS}", DECKS, DECK_ENDINGS, deep=True):
        yield path, name


def _walk(
    folder: str, name: str, endings: tuple[str, ...], *, deep: bool
) -> Iterator[tuple[str, str]]:
    """Yield the files of a folder by name; hidden ones (drafts, .git) are nobody's deck."""
    try:
        found = sorted(os.listdir(folder))  # noqa: PTH208 (as above)
    except FileNotFoundError:  # any other fault is no empty folder, so it is raised
        return
    for item in found:
        if item.startswith("."):
            continue
        path = f"{folder}/{item}"
        if item.endswith(endings):
            yield f"{name}/{item}", path
        elif deep and _is_folder(path):
            yield from _walk(path, f"{name}/{item}", endings, deep=True)


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Known:
    """How far a file was read, and what tells whether that much of it is still the same."""

    signature: Signature
    trusted: bool
    end: int = 0
    lines: int = 0
    sum: int = 0
    """CRC-32 of the bytes up to `end`."""
    tail: int = 0
    """CRC-32 of the last of them."""


UNKNOWN = Known(NOTHING, trusted=False)


class StaleError(Exception):
    """The index does not fit what is on the disk, so it is made anew."""


def unreadable(path: object, error: OSError) -> StoreError:
    """Return the message for a part of the store that cannot be read."""
    return StoreError(
        f"{path}: this part of your store cannot be read ({error.strerror}). Nothing was written. "
        "Mend its permissions, or move it away and run flashcards restore; flashcards doctor "
        "tells more."
    )
