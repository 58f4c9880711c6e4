"""What a pen hands to the index: known without parsing, and only where it is what is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest

from factories import Clock, review
from flashcards.core.events import EventId, Suspend
from flashcards.storage.index.build.journal_tail import JournalTail
from flashcards.storage.index.sources import UNKNOWN_STATE, SourceState, StaleIndexError
from flashcards.storage.journal import journal
from flashcards.storage.journal.journal import DeviceJournal, LogicalClock, ParsedChunk
from flashcards.storage.journal.own_appends import OwnAppend
from flashcards.storage.journal.record import JournalRecord, encode_record

A, B = (replace(review(name, 4), id=EventId(""), hlc=0) for name in "ab")
C = Suspend(EventId(""), 0, A.at, A.card)


def pen(folder: Path, written: dict[Path, OwnAppend]) -> DeviceJournal:
    return DeviceJournal(folder, folder / ".lock", "dev", LogicalClock(), now=Clock(), own_appends=written)


def path_of(folder: Path) -> Path:
    return folder / "dev-2026-01.jsonl"


def read_on(path: Path, before: SourceState, own: OwnAppend | None = None) -> tuple[ParsedChunk, SourceState]:
    """Return what a short file says in its one part, and how it is known then."""
    growth = JournalTail(path, before, own)
    (read,) = growth.read_new_records()
    return read, growth.current_state((0, 0, 0, 0))


def known(folder: Path) -> SourceState:
    """Return a file as one who read all of it would know it."""
    return read_on(path_of(folder), UNKNOWN_STATE)[1]


def test_what_was_handed_over_is_what_parsing_gives(tmp_path: Path) -> None:
    """From the start, or behind what is known: the same records, and the same place to go on."""
    written: dict[Path, OwnAppend] = {}
    writer = pen(tmp_path, written)
    writer.append_events([A, C])
    writer.append_events([B])
    whole = written.pop(path_of(tmp_path))
    assert read_on(path_of(tmp_path), UNKNOWN_STATE, whole) == read_on(path_of(tmp_path), UNKNOWN_STATE)
    before = known(tmp_path)
    writer.append_events([B, C])
    more = written.pop(path_of(tmp_path))
    read, after = read_on(path_of(tmp_path), before, more)
    assert (read, after) == read_on(path_of(tmp_path), before)
    assert read.records[0] is more.records[0]


def test_what_another_wrote_between_is_parsed_too(tmp_path: Path) -> None:
    """Two pens of one device take turns: none of their events is missed, or counted twice."""
    written: dict[Path, OwnAppend] = {}
    one, other = pen(tmp_path, written), pen(tmp_path, {})
    one.append_events([A])
    other.append_events([B])
    one.append_events([C])
    own = written.pop(path_of(tmp_path))
    read, _ = read_on(path_of(tmp_path), UNKNOWN_STATE, own)
    assert [record.sequence for record in read.records] == [1, 2, 3]
    assert read.records[0] is not own.records[0]


def test_what_is_not_what_was_written_is_parsed(tmp_path: Path) -> None:
    """Bytes that changed on the way, in number or in kind, are believed rather than the pen."""
    written: dict[Path, OwnAppend] = {}
    writer = pen(tmp_path, written)
    writer.append_events([A, B])
    own, path = written[path_of(tmp_path)], path_of(tmp_path)
    first, second = path.read_bytes().splitlines(keepends=True)
    for changed in (first, first + second[:-5] + b"0" + second[-4:], first + first, b"\n" + first):
        path.write_bytes(changed)
        read, _ = read_on(path, UNKNOWN_STATE, own)
        assert read == read_on(path, UNKNOWN_STATE)[0]
        assert len(read.records) == changed.count(first) + changed.count(second)


def test_a_line_that_had_to_be_ended_first_is_no_surprise(tmp_path: Path) -> None:
    """Behind another's torn line the pen writes a newline first, and its events count once."""
    torn = encode_record(JournalRecord(review("x", 3), "dev", 1))[:-9]
    path_of(tmp_path).write_bytes(torn)
    written: dict[Path, OwnAppend] = {}
    pen(tmp_path, written).append_events([A])
    read, _ = read_on(path_of(tmp_path), UNKNOWN_STATE, written.get(path_of(tmp_path)))
    assert [record.sequence for record in read.records] == [1]
    assert [bad.line_number for bad in read.bad_lines] == [1]


PIECES = (1, 3, 64, 1000)


@pytest.mark.parametrize("size", PIECES)
def test_a_file_read_in_pieces_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """However small the pieces: the same records and faults, by their lines, and the same sums."""
    writer = pen(tmp_path, {})
    writer.append_events([A, C])
    path = path_of(tmp_path)
    path.write_bytes(path.read_bytes() + b"\nno event\n\n<<<<<<< ours\n")
    writer.append_events([B])
    path.write_bytes(path.read_bytes() + b'{"v":1,"id":"torn')
    whole = journal.read_journal_file(path)
    assert (len(whole.records), [bad.line_number for bad in whole.bad_lines]) == (3, [4, 8])
    monkeypatch.setattr("flashcards.storage.files.CHUNK_BYTES", size)
    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.TAIL_BYTES", 7)
    growth = JournalTail(path, UNKNOWN_STATE)
    parts = list(growth.read_new_records())
    assert [record for part in parts for record in part.records] == whole.records
    assert [bad for part in parts for bad in part.bad_lines] == whole.bad_lines
    now = growth.current_state((0, 0, 0, 0))
    sound = path.read_bytes()[: now.end_offset]
    assert (now.end_offset, now.line_count) == (whole.end_offset, whole.line_count)
    assert (now.checksum, now.tail_checksum) == (crc32(sound), crc32(sound[-7:]))
    read, again = read_on(path, now)
    assert (read.records, [bad.line_number for bad in read.bad_lines], again.end_offset) == (
        [],
        [8],
        now.end_offset,
    )
    path.write_bytes(b"\n" + path.read_bytes())
    with pytest.raises(StaleIndexError):
        list(JournalTail(path, now).read_new_records())
