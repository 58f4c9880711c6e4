"""Read untrusted zip files in memory, within limits."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.shared.source_text import display_name

MAX_ENTRY_BYTES = 1 << 30
MAX_TOTAL_BYTES = 4 << 30
MAX_COMPRESSION_RATIO = 1_000  # deflate's own limit is 1,032
CHUNK_BYTES, ALWAYS_ALLOWED_BYTES = 1 << 20, 32 << 20
ZIP_ERRORS = (  # the errors that zipfile raises for broken entries
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError,
    NotImplementedError, struct.error, OverflowError,
)  # fmt: skip


class SafeZip:
    """A zip file in memory, read within limits.

    Raises FlashcardsError for what is broken or too large.
    """

    MAX_ENTRIES = 100_000
    DAMAGED = "{0} in it is broken: {1}"
    ERRORS: tuple[type[Exception], ...] = ZIP_ERRORS

    def __init__(self, source: ImportSource) -> None:
        self._name = display_name(source)
        self._remaining_bytes = MAX_TOTAL_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except ZIP_ERRORS as error:
            raise self._damage("this zip file", error) from None
        if len(self._zip.infolist()) > self.MAX_ENTRIES:
            raise FlashcardsError(f"{self._name}: it has more than {self.MAX_ENTRIES:,} entries.")

    def _damage(self, name: str, error: Exception) -> FlashcardsError:
        return FlashcardsError(f"{self._name}: {self.DAMAGED.format(name, error)}.")

    def file_names(self) -> Iterator[str]:
        """Yield the names of its files."""
        for info in self._zip.infolist():
            if not info.is_dir():
                yield info.filename

    def read_file(self, name: str) -> bytes:
        """Return a file. Raises FlashcardsError if it is broken, encrypted or too large."""
        return b"".join(self.read_chunks(name))

    def read_chunks(
        self, name: str, most: int = 0, unpack: Callable[[IO[bytes]], IO[bytes]] | None = None
    ) -> Iterator[bytes]:
        """Yield a file in chunks, within limits."""
        size = 0
        try:
            packed = self._zip.getinfo(name).compress_size
            most = min(
                most or MAX_ENTRY_BYTES,
                self._remaining_bytes,
                max(ALWAYS_ALLOWED_BYTES, packed * MAX_COMPRESSION_RATIO),
            )
            with self._zip.open(name) as plain:
                file = unpack(plain) if unpack else plain
                while piece := file.read(CHUNK_BYTES):
                    size += len(piece)
                    if size > most:
                        raise FlashcardsError(
                            f"{self._name}: {name!r} is too large; the archive may be malicious."
                        )
                    yield piece
        except self.ERRORS as error:
            raise self._damage(repr(name), error) from None
        finally:
            self._remaining_bytes -= size
