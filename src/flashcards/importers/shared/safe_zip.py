"""Zip files from strangers: read by name, into memory, and only so much; never extracted."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from flashcards.errors import FlashcardsError
from flashcards.importers.base import Source
from flashcards.importers.shared.source_text import named

MOST_ENTRIES = 100_000
LARGEST_ENTRY = 1 << 30
LARGEST = 4 << 30
"""Bytes that all entries may have together."""
STEEPEST = 1_000
"""How many times smaller an entry may be packed: deflate's own limit is 1,032."""
CHUNK = 1 << 20
TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError,
    NotImplementedError, struct.error, OverflowError,
)  # fmt: skip
"""What the zip module raises at broken entries."""


class Archive:
    """A zip file, held in memory. Raises FlashcardsError at what is broken or too large."""

    def __init__(self, source: Source) -> None:
        self._name = named(source)
        self._left = LARGEST
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except TORN as error:
            raise FlashcardsError(f"{self._name}: this zip file is broken: {error}.") from None
        if len(self._zip.infolist()) > MOST_ENTRIES:
            raise FlashcardsError(f"{self._name}: it has more than {MOST_ENTRIES:,} entries.")

    def names(self) -> Iterator[str]:
        """Yield the names of its files."""
        for info in self._zip.infolist():
            if not info.is_dir():
                yield info.filename

    def read(self, name: str) -> bytes:
        """Return a file. Raises FlashcardsError when it is torn, locked or too large."""
        try:
            with self._zip.open(name) as file:
                pieces = list(self._pieces(file, name))
        except KeyError:
            raise FlashcardsError(f"{self._name}: there is no {name!r} in it.") from None
        except TORN as error:
            raise FlashcardsError(f"{self._name}: {name!r} in it is broken: {error}.") from None
        return b"".join(pieces)

    def _pieces(self, file: IO[bytes], name: str) -> Iterator[bytes]:
        size, packed = 0, self._zip.getinfo(name).compress_size
        most = min(LARGEST_ENTRY, self._left, max(CHUNK, packed * STEEPEST))
        while piece := file.read(CHUNK):
            size += len(piece)
            if size > most:
                raise FlashcardsError(f"{self._name}: {name!r} in it is too large to be honest.")
            yield piece
        self._left -= size
