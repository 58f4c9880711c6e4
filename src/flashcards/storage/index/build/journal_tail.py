"""What a journal file says behind what is known of it, read part by part: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

from flashcards.storage.files import read_pieces
from flashcards.storage.index.sources import Known, StaleError, unreadable
from flashcards.storage.index.sources import Signature
from flashcards.storage.journal.journal import Read, parse
from flashcards.storage.journal.own_appends import Written

BLOCK = 64 << 10
"""Bytes before the end of a journal whose sum tells whether a long one was only added to."""
LONG = 4 << 20
"""Bytes up to which a journal that grew is compared as a whole."""
PIECE, SOME = 4 << 20, 20_000
"""Bytes that are read, and records that are handed on, at once."""


class Growth:
    """The reading of one journal file from where it is known, and how far it has come."""

    def __init__(self, path: Path, before: Known, own: Written | None = None) -> None:
        self._path = path
        self._before = before
        self._own = own
        self._recent = b""
        """The last BLOCK bytes before `end`."""
        self.end, self.lines, self.sum = before.end, before.lines, before.sum

    def known(self, signature: Signature) -> Known:
        """Return the file as it is known now."""
        # Appends make a file longer, so its signature tells of every change: trusted.
        tail = crc32(self._recent)
        return Known(signature, True, self.end, self.lines, self.sum, tail)

    def parts(self) -> Iterator[Read]:
        """Yield what the file says.

        What our own pen wrote is not parsed, where it is all that there is. Raises StaleError when
        the known bytes are no longer as they were: nothing appends like that. Of a long journal
        that grew only the last of them are compared: whatever moves bytes about shows there, and
        `doctor` compares the rest. Raises StoreError when the file cannot be read.
        """
        try:
            self._compare()
            if self._own and self._own.is_all_of(self._pieces(), self.end):
                yield from self._taken(self._own)
                return
            for part in _whole_lines(self._pieces()):
                read = parse(part, self._path, self.end, self.lines)
                self._go_on(part[: read.end - self.end])
                self.lines = read.lines
                yield read
        except OSError as error:
            raise unreadable(self._path, error) from error

    def _pieces(self) -> Iterator[bytes]:
        return read_pieces(self._path, self.end, PIECE)

    def _compare(self) -> None:
        """Read the known bytes, or the last of them, again."""
        before = self._before
        grown = self._path.stat().st_size > before.end > LONG
        start = before.end - BLOCK if grown else 0
        left, total = before.end - start, 0
        for piece in read_pieces(self._path, start, PIECE, left):
            left, total = left - len(piece), crc32(piece, total)
            self._remember(piece)
        if left or total != (before.tail if grown else before.sum):
            raise StaleError(str(self._path))

    def _taken(self, own: Written) -> Iterator[Read]:
        """Yield what our own pen wrote, having gone over its bytes."""
        for piece in self._pieces():
            self._go_on(piece)
        self.lines += len(own.records)
        for start in range(0, len(own.records), SOME):
            yield Read(own.records[start : start + SOME], [], self.end, self.lines)

    def _go_on(self, data: bytes) -> None:
        self.end += len(data)
        self.sum = crc32(data, self.sum)
        self._remember(data)

    def _remember(self, data: bytes) -> None:
        self._recent = (self._recent + data[-BLOCK:])[-BLOCK:]


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes cut behind the ends of lines; the last part may lack its end."""
    rest: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if cut:
            yield b"".join((*rest, piece[:cut]))
            rest.clear()
        rest.append(piece[cut:])
    if last := b"".join(rest):
        yield last
