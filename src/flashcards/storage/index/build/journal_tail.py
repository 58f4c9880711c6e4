"""Read a journal file from where the index last stopped."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from flashcards.storage.files import CHUNK_BYTES, read_chunks, read_line_chunks
from flashcards.storage.index.library_files import (
    FileSignature,
    SourceState,
    StaleIndexError,
    unreadable_error,
)
from flashcards.storage.journal.journal_reader import ParsedChunk, parse_chunk
from flashcards.storage.journal.record import JournalRecord, TypedLine, decode_line

TAIL_BYTES = 64 << 10  # before the known end; their checksum shows if a long file was only appended to
MAX_FULL_COMPARE_BYTES = 4 << 20  # longer journals are compared by their tail


class JournalTail:
    """Reads one journal file from its known end."""

    def __init__(self, path: Path, before: SourceState) -> None:
        self._path = path
        self._previous_state = before
        self._tail = b""  # the last TAIL_BYTES before `end_offset`
        self.end_offset, self.line_count, self.checksum = (
            before.end_offset,
            before.line_count,
            before.checksum,
        )

    def current_state(self, signature: FileSignature) -> SourceState:
        """Return the state of the file as read so far."""
        # Trusted: appending changes the size, and so the signature.
        tail = crc32(self._tail)
        return SourceState(signature, True, self.end_offset, self.line_count, self.checksum, tail)

    def read_new_lines(self) -> Iterator[ParsedChunk[TypedLine | JournalRecord]]:
        """Yield the new lines in chunks.

        Raises StaleIndexError if the known bytes changed. Of a long journal only the last known bytes
        are compared: inserted or deleted bytes show there, and `doctor` checks the rest. Raises
        StoreError if the file cannot be read.
        """
        try:
            self._verify_known_bytes()
            for part in read_line_chunks(self._path, self.end_offset):
                chunk = parse_chunk(part, self._path, self.end_offset, self.line_count, decode_line)
                self._advance(part[: chunk.end_offset - self.end_offset])
                self.line_count = chunk.line_count
                yield chunk
        except OSError as error:
            raise unreadable_error(self._path, error) from error

    def _verify_known_bytes(self) -> None:
        """Compare the known bytes, or the last of them, with the file."""
        before = self._previous_state
        grown = self._path.stat().st_size > before.end_offset > MAX_FULL_COMPARE_BYTES
        start = before.end_offset - TAIL_BYTES if grown else 0
        left, checksum = before.end_offset - start, 0
        for chunk in read_chunks(self._path, start, CHUNK_BYTES, left):
            left, checksum = left - len(chunk), crc32(chunk, checksum)
            self._keep_tail(chunk)
        if left or checksum != (before.tail_checksum if grown else before.checksum):
            raise StaleIndexError(str(self._path))

    def _advance(self, data: bytes) -> None:
        self.end_offset += len(data)
        self.checksum = crc32(data, self.checksum)
        self._keep_tail(data)

    def _keep_tail(self, data: bytes) -> None:
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]
