"""Records appended by this process, indexed without parsing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from flashcards.storage.journal.record import JournalRecord


@dataclass(slots=True)
class OwnAppend:
    """Records that one writer appended to a file and did not read back."""

    start_offset: int  # in bytes
    byte_count: int = 0
    checksum: int = 0  # CRC-32
    records: list[JournalRecord] = field(default_factory=list)

    def add_records(self, data: bytes, records: Iterable[JournalRecord]) -> None:
        """Add records appended directly after."""
        self.byte_count += len(data)
        self.checksum = crc32(data, self.checksum)
        self.records += records

    def is_equal_to(self, chunks: Iterable[bytes], start: int) -> bool:
        """Tell whether a part of the file is exactly these bytes."""
        if start != self.start_offset:
            return False
        size = checksum = 0
        for chunk in chunks:
            size, checksum = size + len(chunk), crc32(chunk, checksum)
        return (size, checksum) == (self.byte_count, self.checksum)
