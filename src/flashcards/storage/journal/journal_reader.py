"""Read journal files in chunks; a bad line loses only itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from flashcards.core.events import EventId
from flashcards.storage.files import read_line_chunks, read_regular_file
from flashcards.storage.journal.record import GIT_CONFLICT_MARKERS, JournalRecord, decode_record
from flashcards.storage.journal.record_fields import BadLineError, NewerFormatError

LineT = TypeVar("LineT")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A skipped line: where it is (line from 1), and why."""

    path: Path
    line_number: int
    reason: str
    is_newer_format: bool = False
    is_truncated: bool = False  # at the end of a file: cut short while being written


@dataclass(frozen=True, slots=True)
class ParsedChunk(Generic[LineT]):
    """Part of a journal file: what its lines decode to, bad lines and where to continue."""

    records: list[LineT]
    bad_lines: list[BadLine]
    end_offset: int  # in bytes, after the last whole line
    line_count: int  # up to `end_offset`


def parse_chunk(
    data: bytes, path: Path, start: int, line_count: int, decode: Callable[[bytes], LineT]
) -> ParsedChunk[LineT]:
    """Parse lines that begin at a byte offset and line count of the file."""
    records: list[LineT] = []
    bad: list[BadLine] = []
    raw_lines = data.split(b"\n")
    unended = raw_lines[-1]  # without its newline: still being written, or cut short
    end = start + len(data) - len(unended)
    last = line_count + len(raw_lines)
    for number, raw in enumerate(raw_lines, line_count + 1):
        is_noise = raw.isspace() or raw.startswith(GIT_CONFLICT_MARKERS)
        if not raw or (is_noise and number != last):
            continue
        try:
            records.append(decode(raw))
        except BadLineError as error:
            is_newer = isinstance(error, NewerFormatError)
            bad.append(BadLine(path, number, str(error), is_newer, is_truncated=number == last))
    if unended and not (bad and bad[-1].is_truncated):  # it is whole
        end += len(unended)
    return ParsedChunk(records, bad, end, last - 1)


def read_journal_file(path: Path) -> ParsedChunk[JournalRecord]:
    """Read a whole journal file; a bad line loses only itself."""
    return parse_chunk(read_regular_file(path), path, 0, 0, decode_record)


def read_journal_chunks(path: Path) -> Iterator[ParsedChunk[JournalRecord]]:
    """Yield the parsed chunks of a journal file."""
    end = line_count = 0
    for data in read_line_chunks(path, 0):
        chunk = parse_chunk(data, path, end, line_count, decode_record)
        end, line_count = chunk.end_offset, chunk.line_count
        yield chunk


def reused_sequences(records: Iterable[JournalRecord]) -> dict[tuple[str, int], set[EventId]]:
    """Return the event ids by (device, sequence) used twice, as after copying a folder."""
    ids_by_sequence: dict[tuple[str, int], set[EventId]] = {}
    for record in records:
        ids_by_sequence.setdefault((record.device_id, record.sequence), set()).add(record.event.id)
    return {sequence: ids for sequence, ids in ids_by_sequence.items() if len(ids) > 1}
