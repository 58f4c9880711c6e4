"""Media of backups, kept once by content beside the zip files."""

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated

import msgspec

from flashcards.errors import StoreError
from flashcards.storage.backups.contents import BLOCK, DAMAGED, MANIFEST, Place, from_member, place_of
from flashcards.storage.files import PRIVATE_FILE_MODE, make_folder, read_chunks, sync_folder, write_all_bytes
from flashcards.storage.locks import hold_lock

FOLDER = "media"  # files named by the SHA-256 of their content
MEDIA_LOCK_ATTEMPTS = 60_000  # ten minutes: another backup may copy all media
MIN_TRUSTED_AGE_NS = 2_000_000_000  # a younger file may change again within the resolution of its times

KeptMedium = tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")], int, int, int, int]
"""SHA-256; and the file's size, mtime and ctime in ns, and inode at the time."""


class MediaStore(ExitStack):
    """The media of the backups in a folder, locked from the first one kept."""

    def __init__(self, backups_dir: Path, earlier: Iterable[Path], now_ns: int) -> None:
        super().__init__()
        self._folder = backups_dir / FOLDER
        self._earlier_zips = earlier
        self._now_ns = now_ns
        self._known: dict[str, KeptMedium] = {}
        self.manifest: dict[str, KeptMedium] = {}  # kept media by member name

    def keep(self, member: str, source: IO[bytes], read: Callable[[IO[bytes]], Iterator[bytes]]) -> int:
        """Keep a file's content if it is new; return its size."""
        if not self.manifest:
            make_folder(self._folder)
            self.enter_context(hold_lock(self._folder / ".lock", MEDIA_LOCK_ATTEMPTS))
            self._known = next(filter(None, map(_manifest_in, self._earlier_zips)), {})
        status = os.fstat(source.fileno())
        signature = status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
        known = self._known.get(member)
        if known is None or known[1:] != signature or not _has(self._folder, known):
            is_trusted = self._now_ns - max(signature[1:3]) > MIN_TRUSTED_AGE_NS
            name, size = self._copy(read(source))
            known = (name, size, signature[1], signature[2] if is_trusted else 0, signature[3])
        self.manifest[member] = known
        return known[1]

    def _copy(self, chunks: Iterator[bytes]) -> tuple[str, int]:
        draft, digest, size = self._folder / f".{os.getpid()}.tmp", sha256(), 0
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE_MODE)
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                write_all_bytes(fd, chunk)
            os.fsync(fd)
            draft.replace(self._folder / digest.hexdigest())
        finally:
            os.close(fd)
            draft.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def write_manifest(self, archive: zipfile.ZipFile) -> None:
        """Sync the kept media, then list them in the zip file."""
        if self.manifest:
            sync_folder(self._folder)
            archive.writestr(MANIFEST, msgspec.json.encode(self.manifest))


def _has(folder: Path, known: KeptMedium) -> bool:
    with suppress(OSError):
        return (folder / known[0]).stat().st_size == known[1]
    return False


def read_manifest(archive: zipfile.ZipFile) -> dict[str, KeptMedium]:
    """Return the media listed in a zip file by name. Raises ValueError."""
    if MANIFEST not in archive.NameToInfo:
        return {}
    found = msgspec.json.decode(archive.read(MANIFEST), type=dict[str, KeptMedium])
    media = {from_member(member): kept for member, kept in found.items()}
    if not all(n.startswith("media/") and place_of(n) is Place.INCLUDED for n in media):
        raise ValueError(f"{MANIFEST} names other files than media")
    return media


def _manifest_in(path: Path) -> dict[str, KeptMedium]:
    """Return an earlier backup's manifest by member name; {} if unreadable."""
    with suppress(*DAMAGED, OSError, KeyError), zipfile.ZipFile(path) as archive:
        return msgspec.json.decode(archive.read(MANIFEST), type=dict[str, KeptMedium])
    return {}


def open_kept(folders: Iterable[Path], kept: KeptMedium) -> Path | None:
    """Return where the content is kept with the right size; else None."""
    return next((folder / FOLDER / kept[0] for folder in folders if _has(folder / FOLDER, kept)), None)


def read_kept(path: Path, kept: KeptMedium) -> Iterator[bytes]:
    """Yield kept content in chunks. Raises StoreError if it has changed."""
    digest = sha256()
    for chunk in read_chunks(path, 0, BLOCK):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != kept[0]:
        raise StoreError(f"{path}: this is not what was backed up; it has changed since.")


def prune_media(backups_dir: Path) -> None:
    """Delete the media that no backup in the folder lists."""
    folder = backups_dir / FOLDER
    if not folder.is_dir():
        return
    with hold_lock(folder / ".lock", MEDIA_LOCK_ATTEMPTS):
        named = {".lock"}
        for path in backups_dir.glob("*.zip"):
            try:
                with zipfile.ZipFile(path) as archive:
                    named |= {kept[0] for kept in read_manifest(archive).values()}
            except (*DAMAGED, OSError):
                return  # its media are unknown, so all must stay
        for path in list(folder.iterdir()):
            if path.name not in named:
                path.unlink()
