"""Files that the index is built from, and their signatures."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from flashcards.errors import StoreError

DECKS_FOLDER = "decks"
JOURNAL_FOLDER = "journal"
SETTINGS_NAME = "config.toml"
DECK_SUFFIXES, JOURNAL_SUFFIXES = (".yaml", ".yml"), (".jsonl",)
MIN_TRUSTED_AGE_NS = 2_000_000_000  # a younger file may change again within the resolution of its times

FileSignature = tuple[int, int, int, int]  # size in bytes, mtime and ctime in ns, inode

MISSING_SIGNATURE: FileSignature = (-1, 0, 0, 0)


def file_signature(path: str) -> FileSignature:
    """Return what identifies a state of a file without reading it."""
    try:
        status = os.stat(path)  # noqa: PTH116 (pathlib costs 10 ms that `flashcards due` can save)
    except OSError:
        return MISSING_SIGNATURE
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def find_sources(data_dir: str, settings_file: str) -> Iterator[tuple[str, str, FileSignature]]:
    """Yield (name, path, signature) of the settings, journals and decks."""
    yield SETTINGS_NAME, settings_file, file_signature(settings_file)
    for folder, suffixes in ((JOURNAL_FOLDER, JOURNAL_SUFFIXES), (DECKS_FOLDER, DECK_SUFFIXES)):
        for path, name in _walk_folder(f"{data_dir}/{folder}", folder, suffixes):
            yield name, path, file_signature(path)


def find_deck_files(data_dir: str) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of each deck file of the library."""
    return _walk_folder(f"{data_dir}/{DECKS_FOLDER}", DECKS_FOLDER, DECK_SUFFIXES)


def decks_below(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of each deck file in any folder and those in it."""
    return _walk_folder(folder, folder.rstrip("/"), DECK_SUFFIXES)


def _walk_folder(
    folder: str, name: str, suffixes: tuple[str, ...], ancestors: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of visible files, not of links to `ancestors`; journals lie flat. Raises OSError."""
    try:
        items = sorted(os.listdir(folder))  # noqa: PTH208 (as above)
    except FileNotFoundError:  # other errors are raised: an unreadable folder is not an empty one
        return
    for item in items:
        if item.startswith("."):
            continue
        # No index takes bytes that are not UTF-8, so they are written out.
        path, shown = f"{folder}/{item}", os.fsencode(item).decode("utf-8", "backslashreplace")
        if item.endswith(suffixes):
            yield path, f"{name}/{shown}"
        elif suffixes != JOURNAL_SUFFIXES and os.path.isdir(path):  # noqa: PTH112 (as above)
            ancestors_of_item = (*ancestors, os.path.realpath(folder))
            if not os.path.islink(path) or os.path.realpath(path) not in ancestors_of_item:  # noqa: PTH114 (as above)
                yield from _walk_folder(path, f"{name}/{shown}", suffixes, ancestors_of_item)


class SourceState(NamedTuple):
    """How far a file was read, and checksums of that part."""

    signature: FileSignature
    is_trusted: bool
    end_offset: int = 0
    line_count: int = 0
    checksum: int = 0  # CRC-32 up to `end_offset`
    tail_checksum: int = 0  # CRC-32 of the last bytes of that


UNKNOWN_STATE = SourceState(MISSING_SIGNATURE, is_trusted=False)


class StaleIndexError(Exception):
    """The index does not fit the files, so it is rebuilt."""


def unreadable_error(path: object, error: OSError) -> StoreError:
    """Return the error for an unreadable part of the store."""
    return StoreError(
        f"{path}: this part of your store cannot be read ({error.strerror}). Nothing was written. "
        "Fix its permissions, or move it away and run flashcards restore; details: flashcards doctor."
    )
