"""An Anki package from outside in: which collection in it counts, and its media, none trusted."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, BinaryIO

from flashcards.errors import FlashcardsError
from flashcards.importers.anki import protobuf
from flashcards.importers.base import Source
from flashcards.importers.html.escaping import media_name
from flashcards.importers.shared.safe_zip import TORN

COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first: beside a newer one, collection.anki2 only says that Anki is too old for it."""
ZIP, SQLITE, ZSTD = b"PK\x03\x04", b"SQLite format 3\x00", b"\x28\xb5\x2f\xfd"
LARGEST_COLLECTION = 4 << 30
LARGEST_FILE = 1 << 30
LARGEST_MAP = 64 << 20
MOST_ENTRIES = 200_000
RATIO, SMALL = 500, 32 << 20
"""What is unpacked may be this many times its packed size, or small."""
PIECE = 1 << 20


class DamagedError(FlashcardsError):
    """A package that cannot be read as a whole."""


class Package:
    """An open package."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self.missing = 0
        """How many media files are named, once `media` was asked for, and not there."""
        with self._telling():
            self._archive = zipfile.ZipFile(io.BytesIO(source.data))
            self._entries = {info.filename: info for info in self._archive.infolist()}
        if len(self._entries) > MOST_ENTRIES:
            raise DamagedError(f"{self._name}: it has more than {MOST_ENTRIES:,} files.")

    @property
    def collection(self) -> str:
        """The name of the collection that counts. Raises DamagedError when there is none."""
        for name in COLLECTIONS:
            if name in self._entries:
                return name
        raise DamagedError(f"{self._name}: there is no Anki collection in it.")

    def unpack(self, name: str, target: BinaryIO) -> None:
        """Write the bytes of a collection to a file. Raises DamagedError."""
        target.writelines(self._pieces(name, LARGEST_COLLECTION, packed=name == COLLECTIONS[0]))

    def media(self) -> Mapping[str, bytes]:
        """Return the media by their plain names, each read when it is asked for."""
        if "media" not in self._entries:
            return {}
        packed = self.collection == COLLECTIONS[0]
        raw = b"".join(self._pieces("media", LARGEST_MAP, packed=packed))
        try:
            named = dict(_new_map(raw)) if packed else dict(_old_map(raw))
        except (ValueError, RecursionError) as error:
            raise DamagedError(f"{self._name}: its list of media is damaged ({error}).") from error
        found = {plain: entry for entry, name in named.items() if (plain := media_name(name))}
        there = {name: entry for name, entry in found.items() if entry in self._entries}
        self.missing = len(named) - len(there)
        return _Media(self, there, packed=packed)

    def read(self, entry: str, *, packed: bool) -> bytes:
        """Return one media file. Raises DamagedError."""
        return b"".join(self._pieces(entry, LARGEST_FILE, packed=packed))

    def _pieces(self, name: str, most: int, *, packed: bool) -> Iterator[bytes]:
        """Yield a file piece by piece, as long as it stays within what is sensible."""
        info = self._entries[name]
        most = min(most, max(SMALL, RATIO * info.compress_size))
        taken = 0
        with self._telling(), self._archive.open(info) as plain:
            file = _unpacked(plain) if packed else plain
            while piece := file.read(PIECE):
                taken += len(piece)
                if taken > most:
                    raise DamagedError(f"{self._name}: {name} unpacks to more than it could hold.")
                yield piece

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what a torn package raises into one message."""
        import zstandard

        try:
            yield
        except (*TORN, zstandard.ZstdError) as error:
            why = f"this package is damaged ({error}). Export it anew, with everything in it."
            raise DamagedError(f"{self._name}: {why}") from error


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    import zstandard

    # The window is capped, so that a packed file cannot ask for all memory.
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        file, read_across_frames=True
    )


def _new_map(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield (entry, name): the entries of today's map are numbered as they stand."""
    number = 0
    for field, value in protobuf.fields(raw):
        if field == 1 and isinstance(value, bytes):
            entry = dict(protobuf.fields(value))
            yield str(entry.get(255, number)), protobuf.text(entry.get(1, b""))
            number += 1


def _old_map(raw: bytes) -> Iterator[tuple[str, str]]:
    named = json.loads(raw or b"{}")
    for entry, name in named.items() if isinstance(named, dict) else ():
        yield entry, str(name)


class _Media(Mapping[str, bytes]):
    """Media by name, read one by one."""

    def __init__(self, package: Package, entries: Mapping[str, str], *, packed: bool) -> None:
        self._package, self._entries, self._packed = package, entries, packed

    def __getitem__(self, name: str) -> bytes:
        return self._package.read(self._entries[name], packed=self._packed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
