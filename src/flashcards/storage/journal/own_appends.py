"""What a pen wrote, handed to the index as it is: text that one made need not be parsed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from flashcards.storage.journal.record import Record


@dataclass(slots=True)
class Written:
    """What one pen has put at the end of a file, not read back yet: as it says, if it is there."""

    start: int
    """The offset in bytes at which it begins."""
    size: int = 0
    sum: int = 0
    """CRC-32 of its bytes."""
    records: list[Record] = field(default_factory=list)

    def add(self, data: bytes, records: Iterable[Record]) -> None:
        """Go on with what was written behind it."""
        self.size += len(data)
        self.sum = crc32(data, self.sum)
        self.records += records

    def is_all_of(self, pieces: Iterable[bytes], start: int) -> bool:
        """Tell whether bytes of the file are just these, so that they need not be parsed."""
        if start != self.start:
            return False
        size = total = 0
        for piece in pieces:
            size, total = size + len(piece), crc32(piece, total)
        return (size, total) == (self.size, self.sum)
