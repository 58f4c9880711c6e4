"""Backups: the whole data folder in one file, read back before it counts, thinned out with age."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO

from flashcards.errors import StoreError
from flashcards.storage.durable import (
    PRIVATE_FILE,
    make_folder,
    open_regular,
    read_regular,
    sync_folder,
)
from flashcards.storage.paths import Paths

DAYS, WEEKS, MONTHS = 7, 8, 24
IMPORTS = 10
NAME = re.compile(r"(?P<at>\d{8}T\d{6}Z)-(?P<why>daily|bulk|manual|before-restore)\.zip")
STAMP = "%Y%m%dT%H%M%SZ"
KEPT = ("manual", "before-restore")
"""Made on purpose, so never thinned out."""
FOLDERS = ("decks", "journal", "media")
FAST = 1
"""zlib's quickest level: journals shrink to a quarter all the same."""
PACKED = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".mp3", ".ogg", ".m4a", ".mp4")
"""What media end in that shrink no further."""
BLOCK = 1 << 20
"""Bytes that are read at a time."""
STALE = timedelta(days=1)
"""How old the draft of a backup is at least when whoever made it was killed."""
DRAFT = re.compile(rf"\.{NAME.pattern}\.\d+\.tmp")
FIRST_TIME = datetime(1980, 1, 1, tzinfo=UTC)
LAST_TIME = datetime(2107, 12, 31, tzinfo=UTC)
LARGEST = 8 << 30
"""Bytes that a backup may unpack to."""

FILES = "flashcards: {} files"
"""A backup's own comment: a damaged table of contents must not pass for a shorter one."""
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a zip file may raise whose bytes are not those that were written."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on the disk."""

    path: Path
    at: datetime
    why: str


def backups(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first."""
    return _listed(folder, NAME)


def _listed(folder: Path, name: re.Pattern[str]) -> list[Backup]:
    found = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if match := name.fullmatch(path.name):
                at = datetime.strptime(match["at"], STAMP).replace(tzinfo=UTC)
                found.append(Backup(path, at, match["why"]))
    return sorted(found, key=lambda backup: backup.path.name, reverse=True)


class GivenUpError(Exception):
    """Nobody wants the backup any more that was being made."""


def make_backup(
    paths: Paths,
    at: datetime,
    why: str,
    target: Path | None = None,
    *,
    given_up: Callable[[], bool] = lambda: False,
) -> Path:
    """Write everything in the data folder into one file, and return its path once it reads back.

    Raises StoreError when what was written is not what can be read, GivenUpError once `given_up`.
    """
    stamp = at.astimezone(UTC).strftime(STAMP)
    path = target or paths.backups / f"{stamp}-{why}.zip"
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        sizes = _write(draft, paths, given_up)
        _verify(draft, sizes, given_up)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return path


def _write(draft: Path, paths: Paths, given_up: Callable[[], bool]) -> dict[str, int]:
    """Write the zip file; return the size of each member."""
    sizes: dict[str, int] = {}
    fd = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(fd, "w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, path in _members(paths):
                with open_regular(path) as source:
                    member = _member(name, os.fstat(source.fileno()))
                    with archive.open(member, "w") as goal:
                        sizes[name] = sum(map(goal.write, _blocks(source, given_up)))
            archive.comment = FILES.format(len(sizes)).encode()
        file.flush()
        os.fsync(file.fileno())
    return sizes


def _blocks(source: IO[bytes], given_up: Callable[[], bool]) -> Iterator[bytes]:
    """Yield what is in a file, piece by piece. Raises GivenUpError."""
    while block := source.read(BLOCK):
        if given_up():
            raise GivenUpError
        yield block


def _member(name: str, found: os.stat_result) -> zipfile.ZipInfo:
    """Return a member with its file's time, kept within the years that a zip file can say."""
    seconds = min(max(found.st_mtime, FIRST_TIME.timestamp()), LAST_TIME.timestamp())
    at = datetime.fromtimestamp(seconds, UTC)
    member = zipfile.ZipInfo(name, at.timetuple()[:6])
    if not name.endswith(PACKED):
        member.compress_type = zipfile.ZIP_DEFLATED
        setattr(member, "_compresslevel", FAST)  # noqa: B010 (no public name before Python 3.13)
    member.external_attr = PRIVATE_FILE << 16
    member.file_size = found.st_size  # by which zipfile chooses a form that has room for it
    return member


def _members(paths: Paths) -> Iterator[tuple[str, Path]]:
    if paths.format.exists():
        yield "format.json", paths.format
    for folder in FOLDERS:
        for path in sorted((paths.data / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(paths.data).as_posix(), path


def _verify(path: Path, sizes: dict[str, int], given_up: Callable[[], bool]) -> None:
    """Read all of it back. Raises StoreError when it is not what was written."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {info.filename: info.file_size for info in archive.infolist()}
            for name in found:
                with archive.open(name) as member:  # whose end raises when its sum is wrong
                    for _ in _blocks(member, given_up):
                        pass
    except DAMAGED:
        found = {}
    if found != sizes:
        raise StoreError(f"{path}: the backup does not read back as it was written. Try again.")


def thin_out(folder: Path) -> list[Path]:
    """Delete backups beyond 7 daily, 8 weekly and 24 monthly ones; return their paths.

    The last 10 before an import stay too: their names were told as the way back. What a killed
    process had begun goes as well.
    """
    found = [backup for backup in backups(folder) if backup.why not in KEPT]
    kept = {backup.path for backup in [b for b in found if b.why == "bulk"][:IMPORTS]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (DAYS, lambda at: at.date()),
        (WEEKS, lambda at: at.isocalendar()[:2]),
        (MONTHS, lambda at: (at.year, at.month)),
    )
    for most, period in rules:
        newest: dict[object, Path] = {}
        for backup in found:
            newest.setdefault(period(backup.at), backup.path)
        kept |= set(list(newest.values())[:most])
    gone = [backup.path for backup in found if backup.path not in kept]
    gone += [draft.path for draft in _listed(folder, DRAFT) if draft.at < found[0].at - STALE]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def read_backup(path: Path) -> dict[str, bytes]:
    """Return a backup's files by name. Raises StoreError when it is not whole, or no backup."""
    try:
        with zipfile.ZipFile(io.BytesIO(read_regular(path))) as archive:
            members = archive.infolist()
            _refuse_cut(archive.comment.decode("ascii", "replace"), len(members))
            _refuse_strange(path, members)
            return {info.filename: archive.read(info) for info in members}
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such backup. flashcards restore --list") from error
    except (*DAMAGED, OSError) as error:
        raise StoreError(f"{path}: this backup is damaged ({error}). Take another one.") from error


def _refuse_cut(said: str, found: int) -> None:
    """Raise BadZipFile where a backup has fewer files than it says; others' say nothing of it."""
    if said.startswith(FILES.partition("{")[0]) and said != FILES.format(found):
        raise zipfile.BadZipFile(f"it says {said!r}, and {found} are found")


def _refuse_strange(path: Path, members: Iterable[zipfile.ZipInfo]) -> None:
    total = 0
    for info in members:
        parts = PurePosixPath(info.filename).parts
        total += info.file_size
        plain = info.filename == "format.json" or (len(parts) > 1 and parts[0] in FOLDERS)
        if not plain or any(part.startswith(".") or "\\" in part for part in parts):
            raise StoreError(f"{path}: {info.filename!r} belongs to no backup of flashcards.")
    if total > LARGEST:
        raise StoreError(f"{path}: it would unpack to {total >> 30} GiB. This is no backup.")
