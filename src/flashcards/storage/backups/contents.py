"""What belongs in a backup, and how names are encoded in it."""

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from pathlib import Path, PurePosixPath

from flashcards.errors import StoreError
from flashcards.storage.files import open_regular_file
from flashcards.storage.known_stores import parse_format
from flashcards.storage.store_paths import LIBRARY_FOLDERS

BLOCK = 1 << 20  # bytes read at a time
FORMAT = "format.json"
MANIFEST = "media.json"  # in a zip file: its media, which are kept beside it by content
ESCAPE = "␛"  # before a byte that is invalid in a zip file, or changed by unzip programs
UNSAFE = re.compile(rf"[\x00-\x1f\x7f-\x9f\\{ESCAPE}\udc80-\udcff]")
ESCAPED = re.compile(ESCAPE.encode() + rb"([0-9A-F]{2})")

LARGEST = 8 << 30  # bytes that any backup may unpack to; large ones EXPANSION times their size
EXPANSION = 2
FILES = "flashcards: {} files"  # zip comment: a truncated table of contents must not pass as complete
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""Errors from reading a damaged zip file."""


class Place(Enum):
    """How a backup treats a file, by its name."""

    INCLUDED = "goes into a backup and comes out of it"
    HIDDEN = "belongs to another program (.git, .thumbnails) or is a draft: left as it is"
    FOREIGN = "lies outside of what a backup holds"


def place_of(name: str) -> Place:
    """Return the place of a name relative to the data folder."""
    if name == FORMAT:
        return Place.INCLUDED
    top, *below = name.split("/")
    if top not in LIBRARY_FOLDERS or not below or "\0" in name or not {"", ".", ".."}.isdisjoint(below):
        return Place.FOREIGN
    hidden = any(part.startswith(".") for part in below)
    return Place.HIDDEN if hidden else Place.INCLUDED


def entries(data: Path, report: Callable[[OSError], None], *, follow_links: bool = False) -> Iterator[str]:
    """Yield the names of all included files; `report` receives listing errors."""
    if os.path.lexists(data / FORMAT):
        yield FORMAT
    for top in LIBRARY_FOLDERS:
        for folder, names in _folders(data, top, report, follow_links=follow_links):
            for name in sorted(names):
                if place_of(f"{folder}/{name}") is Place.INCLUDED:
                    yield f"{folder}/{name}"


def _folders(
    data: Path, top: str, report: Callable[[OSError], None], *, follow_links: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yield each visible folder with the names of its files."""

    def report_unless_missing(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            report(error)

    for path, folders, names in os.walk(data / top, onerror=report_unless_missing, followlinks=follow_links):
        folder, real = os.path.relpath(path, data), Path(path).resolve()
        links = {name for name in folders if Path(path, name).is_symlink()}
        circles = {name for name in links if Path(path, name).resolve() in (real, *real.parents)}
        included = {name for name in folders if place_of(f"{folder}/{name}") is Place.INCLUDED}
        folders[:] = sorted(included - circles)
        yield folder, names if follow_links else [*names, *links]


def remove_empty_folders(data: Path) -> None:
    """Remove empty folders, except hidden ones."""
    for top in LIBRARY_FOLDERS:
        found = [folder for folder, _ in _folders(data, top, lambda _: None)]
        for folder in reversed(found[1:]):
            if not os.listdir(data / folder):  # noqa: PTH208 (one listing, no Path for each)
                (data / folder).rmdir()


def to_member(name: str) -> str:
    """Return a name as encoded in a zip file: unsafe bytes become ␛ and hex."""
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    return UNSAFE.sub(
        lambda found: "".join(f"{ESCAPE}{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape")),
        text,
    )


def from_member(member: str) -> str:
    """Decode a name encoded by `to_member`."""
    data = member.encode("utf-8", "surrogateescape")
    return os.fsdecode(ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), data))


def members_of(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the included members of a zip file by name.

    Hidden files in backups of earlier versions are skipped. Raises StoreError if it is not a backup,
    BadZipFile if it is truncated.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    infos, said = archive.infolist(), archive.comment.decode("ascii", "replace")
    if said.startswith(FILES.partition("{")[0]) and said != FILES.format(len(infos)):
        raise zipfile.BadZipFile(f"it lists {said!r}, but contains {len(infos)}")
    if (total := sum(info.file_size for info in infos)) > max(LARGEST, EXPANSION * path.stat().st_size):
        raise StoreError(f"{path}: it would unpack to {total >> 30} GiB and is not a flashcards backup.")
    for info in infos:
        name = from_member(info.filename)
        place = place_of(name.removesuffix("/"))
        if info.filename == MANIFEST or name.rstrip("/") in LIBRARY_FOLDERS:
            continue
        if place is Place.FOREIGN or name in found:
            raise StoreError(f"{path}: {info.filename!r} is not part of a flashcards backup.")
        if place is Place.INCLUDED and not info.is_dir():  # other programs pack folders, too
            found[name] = info
    return found


def refuse_file_as_folder(path: Path, names: Collection[str]) -> None:
    """Raise StoreError if a name is both a file and a folder."""
    for name in names:
        for parent in PurePosixPath(name).parents:
            if str(parent) in names:
                raise StoreError(
                    f"{path}: it has {str(parent)!r} as a file and as a folder. Take another one."
                )


def store_in(path: Path) -> str:
    """Return the id of a backup's store; "" if unknown."""
    try:
        with (
            open_regular_file(path) as file,
            zipfile.ZipFile(file) as archive,
            archive.open(FORMAT) as member,
        ):
            return parse_format(member.read(BLOCK))[1]
    except (*DAMAGED, KeyError, OSError, StoreError):
        return ""
