"""What a backup holds: one rule for writing and for reading, and how names are spelled in it."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from pathlib import Path, PurePosixPath

from flashcards.errors import StoreError
from flashcards.storage.files import open_regular_file
from flashcards.storage.known_stores import parse_store

BLOCK = 1 << 20
"""Bytes that are read at a time."""
FORMAT = "format.json"
MANIFEST = "media.json"
"""In a zip file: which media the backup has, that are kept by content beside it."""
FOLDERS = ("decks", "journal", "media", "anki", "imports")
ESCAPE = "␛"
"""Begins a byte that a name in a zip file cannot have, or that unzip programs would change."""
UNSAFE = re.compile(rf"[\x00-\x1f\x7f-\x9f\\{ESCAPE}\udc80-\udcff]")
ESCAPED = re.compile(ESCAPE.encode() + rb"([0-9A-F]{2})")

LARGEST = 8 << 30
"""Bytes that a small backup may unpack to; a larger one EXPANSION times its own size."""
EXPANSION = 2
FILES = "flashcards: {} files"
"""A backup's own comment: a damaged table of contents must not pass for a shorter one."""
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a zip file may raise whose bytes are not those that were written."""


class Place(Enum):
    """What a name says of a file."""

    INCLUDED = "goes into a backup and comes out of it"
    HIDDEN = "belongs to another program (.git, .thumbnails) or is a draft: left as it is"
    FOREIGN = "lies outside of what a backup holds"


def place_of(name: str) -> Place:
    """Apply the one rule to a file's or folder's name relative to the data folder."""
    if name == FORMAT:
        return Place.INCLUDED
    top, *below = name.split("/")
    if top not in FOLDERS or not below or "\0" in name or not {"", ".", ".."}.isdisjoint(below):
        return Place.FOREIGN
    hidden = any(part.startswith(".") for part in below)
    return Place.HIDDEN if hidden else Place.INCLUDED


def entries(data: Path, report: Callable[[OSError], None], *, follow_links: bool = False) -> Iterator[str]:
    """Yield the names of all included entries that are no folders.

    `report` is told of each folder that cannot be listed.
    """
    if os.path.lexists(data / FORMAT):
        yield FORMAT
    for top in FOLDERS:
        for folder, names in _folders(data, top, report, follow_links=follow_links):
            for name in sorted(names):
                if place_of(f"{folder}/{name}") is Place.INCLUDED:
                    yield f"{folder}/{name}"


def _folders(
    data: Path, top: str, report: Callable[[OSError], None], *, follow_links: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder that is not hidden, and the names of what is in it but folders."""

    def told(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            report(error)

    for path, folders, names in os.walk(data / top, onerror=told, followlinks=follow_links):
        folder, real = os.path.relpath(path, data), Path(path).resolve()
        links = {name for name in folders if Path(path, name).is_symlink()}
        circles = {name for name in links if Path(path, name).resolve() in (real, *real.parents)}
        included = {name for name in folders if place_of(f"{folder}/{name}") is Place.INCLUDED}
        folders[:] = sorted(included - circles)
        yield folder, names if follow_links else [*names, *links]


def remove_empty_folders(data: Path) -> None:
    """Remove the folders with nothing in them, but for hidden ones."""
    for top in FOLDERS:
        found = [folder for folder, _ in _folders(data, top, lambda _: None)]
        for folder in reversed(found[1:]):
            if not os.listdir(data / folder):  # noqa: PTH208 (one listing, no Path for each)
                (data / folder).rmdir()


def to_member(name: str) -> str:
    """Return how a name is spelled in a zip file: bytes that are unsafe there become ␛ and hex."""
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    return UNSAFE.sub(
        lambda found: "".join(f"{ESCAPE}{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape")),
        text,
    )


def from_member(member: str) -> str:
    """Return the name that `to_member` spelled."""
    data = member.encode("utf-8", "surrogateescape")
    return os.fsdecode(ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), data))


def members_of(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return what may come out of a zip file, by name; hidden files of earlier versions stay in.

    Raises StoreError when it is no backup, BadZipFile when it is cut.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    infos = archive.infolist()
    _refuse_cut(archive.comment.decode("ascii", "replace"), len(infos))
    _refuse_huge(path, sum(info.file_size for info in infos))
    for info in infos:
        name = from_member(info.filename)
        place = place_of(name.removesuffix("/"))
        if info.filename == MANIFEST or name.rstrip("/") in FOLDERS:
            continue
        if place is Place.FOREIGN or name in found:
            raise StoreError(f"{path}: {info.filename!r} is not part of a flashcards backup.")
        if place is Place.INCLUDED and not info.is_dir():  # other programs pack folders, too
            found[name] = info
    return found


def refuse_file_as_folder(path: Path, names: Collection[str]) -> None:
    """Raise StoreError where one name is a file, and a folder of another."""
    for name in names:
        for parent in PurePosixPath(name).parents:
            if str(parent) in names:
                raise StoreError(
                    f"{path}: it has {str(parent)!r} as a file and as a folder. Take another one."
                )


def _refuse_cut(said: str, found: int) -> None:
    """Raise BadZipFile where a backup has fewer files than it says; others' say nothing of it."""
    if said.startswith(FILES.partition("{")[0]) and said != FILES.format(found):
        raise zipfile.BadZipFile(f"it lists {said!r}, but contains {found}")


def _refuse_huge(path: Path, total: int) -> None:
    """Raise StoreError where far more would come out than went in; packed pictures may be many."""
    if total > max(LARGEST, EXPANSION * path.stat().st_size):
        raise StoreError(f"{path}: it would unpack to {total >> 30} GiB and is not a flashcards backup.")


def store_in(path: Path) -> str:
    """Return the id of the store that a backup is of; nothing where it does not say."""
    try:
        with (
            open_regular_file(path) as file,
            zipfile.ZipFile(file) as archive,
            archive.open(FORMAT) as member,
        ):
            return parse_store(member.read(BLOCK))
    except (*DAMAGED, KeyError, OSError, StoreError):
        return ""
