"""Open an Anki package safely: its collection and media."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO, BinaryIO

import zstandard

from flashcards.errors import FlashcardsError
from flashcards.importers.anki import protobuf
from flashcards.importers.base import ImportSource
from flashcards.importers.html.escaping import safe_media_name
from flashcards.importers.shared.safe_zip import ZIP_ERRORS, SafeZip

COLLECTION_NAMES = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first: beside a newer one, collection.anki2 only asks to update Anki."""
ZIP_MAGIC, SQLITE_MAGIC = b"PK\x03\x04", b"SQLite format 3\x00"
MAX_COLLECTION_BYTES = 4 << 30
MAX_MEDIA_MAP_BYTES = 64 << 20


class AnkiPackage(SafeZip):
    """An open package. Raises FlashcardsError if it has no collection."""

    MAX_ENTRIES = 200_000
    ERRORS = (*ZIP_ERRORS, zstandard.ZstdError)
    DAMAGED = "this package is damaged ({1}). Export it again from Anki"

    def __init__(self, source: ImportSource) -> None:
        super().__init__(source if source.data.startswith(ZIP_MAGIC) else _packed_again(source))
        self._remaining_bytes = 1 << 50  # media files are read one by one, so the total does not matter
        self._entries = frozenset(self.file_names())
        self._collection_name = next((name for name in COLLECTION_NAMES if name in self._entries), "")
        if not self._collection_name:
            raise FlashcardsError(f"{self._name}: no Anki collection found in it.")
        self._is_packed = self._collection_name == COLLECTION_NAMES[0]
        self.missing_media = 0  # listed media files that are missing, once `open_media` was called

    def unpack_collection(self, target: BinaryIO) -> None:
        """Write the newest collection to a file. Raises FlashcardsError."""
        target.writelines(self.read_unpacked(self._collection_name, MAX_COLLECTION_BYTES))

    def open_media(self) -> Mapping[str, bytes]:
        """Return the media files by plain name, each read on access."""
        if "media" not in self._entries:
            return {}
        raw = b"".join(self.read_unpacked("media", MAX_MEDIA_MAP_BYTES))
        try:
            named = dict((_read_protobuf_map if self._is_packed else _read_json_map)(raw))
        except (ValueError, RecursionError) as error:
            raise FlashcardsError(f"{self._name}: its list of media is damaged ({error}).") from error
        found = {plain: entry for entry, name in named.items() if (plain := safe_media_name(name))}
        there = {name: entry for name, entry in found.items() if entry in self._entries}
        self.missing_media = len(named) - len(there)
        return _PackageMedia(self, there)

    def read_unpacked(self, name: str, most: int = 0) -> Iterator[bytes]:
        """Yield an entry in chunks, decompressed if it is packed. Raises FlashcardsError."""
        return self.read_chunks(name, most, _decompress_stream if self._is_packed else None)


def _packed_again(source: ImportSource) -> ImportSource:
    """Pack an unpacked package again, given its collection."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"collection{source.extension}", source.data)
        for name in ("media", *map(str, range(AnkiPackage.MAX_ENTRIES))):
            if not (data := source.read_beside(name)):
                break
            archive.writestr(name, data)
    return replace(source, data=packed.getvalue())


def _decompress_stream(file: IO[bytes]) -> IO[bytes]:
    # The window is capped, so that a packed file cannot ask for all memory.
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(file, read_across_frames=True)


def _read_protobuf_map(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield (entry, name), numbering the entries of the newer map."""
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
    """Media files by name, read one by one."""

    def __init__(self, package: AnkiPackage, entries: Mapping[str, str]) -> None:
        self._package, self._entries = package, entries

    def __getitem__(self, name: str) -> bytes:
        return b"".join(self._package.read_unpacked(self._entries[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
