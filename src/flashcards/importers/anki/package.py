"""Open an Anki package safely: its collection and media."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, BinaryIO

from flashcards.errors import FlashcardsError
from flashcards.importers.anki import protobuf
from flashcards.importers.base import ImportSource
from flashcards.importers.html.escaping import safe_media_name
from flashcards.importers.shared.safe_zip import ZIP_ERRORS

COLLECTION_NAMES = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first: beside a newer one, collection.anki2 only says that Anki is too old for it."""
ZIP_MAGIC, SQLITE_MAGIC = b"PK\x03\x04", b"SQLite format 3\x00"
MAX_COLLECTION_BYTES = 4 << 30
MAX_MEDIA_BYTES = 1 << 30
MAX_MEDIA_MAP_BYTES = 64 << 20
MAX_ENTRIES = 200_000
MAX_COMPRESSION_RATIO, ALWAYS_ALLOWED_BYTES = 500, 32 << 20
"""What is unpacked may be this many times its packed size, or small."""
CHUNK_BYTES = 1 << 20


class DamagedPackageError(FlashcardsError):
    """A package that cannot be read as a whole."""


class AnkiPackage:
    """An open package."""

    def __init__(self, source: ImportSource) -> None:
        self._name = source.name
        self.missing_media = 0
        """How many media files are named, once `media` was asked for, and not there."""
        with self._damage_as_error():
            self._archive = zipfile.ZipFile(io.BytesIO(source.data))
            self._entries = {info.filename: info for info in self._archive.infolist()}
        if len(self._entries) > MAX_ENTRIES:
            raise DamagedPackageError(f"{self._name}: it has more than {MAX_ENTRIES:,} files.")

    @property
    def collection_name(self) -> str:
        """The name of the collection that counts. Raises DamagedError when there is none."""
        for name in COLLECTION_NAMES:
            if name in self._entries:
                return name
        raise DamagedPackageError(f"{self._name}: no Anki collection found in it.")

    def unpack_collection(self, name: str, target: BinaryIO) -> None:
        """Write the bytes of a collection to a file. Raises DamagedError."""
        target.writelines(self._read_chunks(name, MAX_COLLECTION_BYTES, packed=name == COLLECTION_NAMES[0]))

    def open_media(self) -> Mapping[str, bytes]:
        """Return the media by their plain names, each read when it is asked for."""
        if "media" not in self._entries:
            return {}
        packed = self.collection_name == COLLECTION_NAMES[0]
        raw = b"".join(self._read_chunks("media", MAX_MEDIA_MAP_BYTES, packed=packed))
        try:
            named = dict(_read_protobuf_map(raw)) if packed else dict(_read_json_map(raw))
        except (ValueError, RecursionError) as error:
            raise DamagedPackageError(f"{self._name}: its list of media is damaged ({error}).") from error
        found = {plain: entry for entry, name in named.items() if (plain := safe_media_name(name))}
        there = {name: entry for name, entry in found.items() if entry in self._entries}
        self.missing_media = len(named) - len(there)
        return _PackageMedia(self, there, packed=packed)

    def read_media(self, entry: str, *, packed: bool) -> bytes:
        """Return one media file. Raises DamagedError."""
        return b"".join(self._read_chunks(entry, MAX_MEDIA_BYTES, packed=packed))

    def _read_chunks(self, name: str, max_bytes: int, *, packed: bool) -> Iterator[bytes]:
        """Yield a file piece by piece, as long as it stays within what is sensible."""
        info = self._entries[name]
        max_bytes = min(max_bytes, max(ALWAYS_ALLOWED_BYTES, MAX_COMPRESSION_RATIO * info.compress_size))
        taken = 0
        with self._damage_as_error(), self._archive.open(info) as plain:
            file = _decompress_stream(plain) if packed else plain
            while piece := file.read(CHUNK_BYTES):
                taken += len(piece)
                if taken > max_bytes:
                    raise DamagedPackageError(
                        f"{self._name}: {name} unpacks to more data than the package can contain."
                    )
                yield piece

    @contextmanager
    def _damage_as_error(self) -> Iterator[None]:
        """Turn what a torn package raises into one message."""
        import zstandard

        try:
            yield
        except (*ZIP_ERRORS, zstandard.ZstdError) as error:
            why = f"this package is damaged ({error}). Export it again from Anki."
            raise DamagedPackageError(f"{self._name}: {why}") from error


def unpacked_media(source: ImportSource) -> Mapping[str, bytes]:
    """Return the media of a package that was unpacked: numbered files beside the collection."""
    listed = source.read_beside("media")
    named = {n: safe_media_name(name) for n, name in _read_json_map(listed)} if listed[:1] == b"{" else {}
    return {name: data for n, name in named.items() if name and (data := source.read_beside(n))}


def _decompress_stream(file: IO[bytes]) -> IO[bytes]:
    import zstandard

    # The window is capped, so that a packed file cannot ask for all memory.
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(file, read_across_frames=True)


def _read_protobuf_map(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield (entry, name): the entries of today's map are numbered as they stand."""
    number = 0
    for field, value in protobuf.read_fields(raw):
        if field == 1 and isinstance(value, bytes):
            entry = dict(protobuf.read_fields(value))
            yield str(entry.get(255, number)), protobuf.field_text(entry.get(1, b""))
            number += 1


def _read_json_map(raw: bytes) -> Iterator[tuple[str, str]]:
    named = json.loads(raw or b"{}")
    for entry, name in named.items() if isinstance(named, dict) else ():
        yield entry, str(name)


class _PackageMedia(Mapping[str, bytes]):
    """Media by name, read one by one."""

    def __init__(self, package: AnkiPackage, entries: Mapping[str, str], *, packed: bool) -> None:
        self._package, self._entries, self._is_compressed = package, entries, packed

    def __getitem__(self, name: str) -> bytes:
        return self._package.read_media(self._entries[name], packed=self._is_compressed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
