"""The journal to the byte: where a reading ends, what a stamp says, what a message tells."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factories import Clock, review
from flashcards.core.events import EventId, Review, Suspend, Undo
from flashcards.errors import StoreError
from flashcards.storage import files
from flashcards.storage.journal import journal
from flashcards.storage.journal.journal import (
    BadLine,
    DeviceJournal,
    LogicalClock,
    ParsedChunk,
    new_uuid7,
    parse_chunk,
    read_journal_file,
)
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record
from flashcards.storage.journal.record_fields import BadLineError, NewerFormatError

AT = Path("dev-2026-01.jsonl")
ONE, TWO = (encode_record(JournalRecord(review(name, 4), "dev", n)) for n, name in enumerate("ab", 1))
CUT_SHORT = "no checksum: the line was cut short or edited"
CHANGED = "wrong checksum: the line was changed after it was written"
Bad = tuple[int, str, bool, bool]
"""Line, why, whether a newer version wrote it, whether it is the torn end."""
NEWER = "it was written in format 9; this version knows 1"


def newer() -> bytes:
    """Return a line that a newer version might write."""
    from zlib import crc32

    body = b'{"v":9,"id":"x"'
    return b'%b,"c":"%08x"}\n' % (body, crc32(body))


def draft(name: str = "a") -> Review:
    return replace(review(name, 4), id=EventId(""), hlc=0)


def pen(folder: Path) -> DeviceJournal:
    return DeviceJournal(folder / "journal", folder / ".lock", "dev", LogicalClock(), now=Clock())


@pytest.mark.parametrize(
    ("data", "bad", "end", "lines"),
    [
        (ONE + TWO, [], len(ONE + TWO), 2),
        (ONE + TWO[:-1], [], len(ONE + TWO) - 1, 1),
        (ONE + b"\n" + TWO, [], len(ONE + TWO) + 1, 3),
        (ONE + TWO[:-9], [(2, CUT_SHORT, False, True)], len(ONE), 1),
        (b"x\n" + ONE, [(1, CUT_SHORT, False, False)], len(ONE) + 2, 2),
        (b"x\n" + ONE + b"y", [(1, CUT_SHORT, False, False), (3, CUT_SHORT, False, True)],
         len(ONE) + 2, 2),
        (b"x\n" + ONE[:-1], [(1, CUT_SHORT, False, False)], len(ONE) + 1, 1),
        (ONE.replace(b'"a"', b'"b"', 1), [(1, CHANGED, False, False)], len(ONE), 1),
        (newer() + ONE, [(1, NEWER, True, False)], len(newer() + ONE), 2),
    ],
    ids=["whole", "no newline", "empty line", "cut", "bad", "bad and cut", "bad, no newline",
         "changed", "newer"],
)  # fmt: skip
@pytest.mark.parametrize("since", [(0, 0), (700, 30)])
def test_a_reading_tells_where_it_ended_and_what_it_passed_over(
    data: bytes, bad: list[Bad], end: int, lines: int, since: tuple[int, int]
) -> None:
    """Offsets and line numbers go on from the last reading; each fault has its place."""
    start, before = since
    found = parse_chunk(data, AT, start, before)
    told = [BadLine(AT, before + line, why, new, torn) for line, why, new, torn in bad]
    assert (found.bad_lines, found.end_offset, found.line_count) == (
        told,
        start + end,
        before + lines,
    )
    assert {r.event.id for r in found.records} <= {"a-1767614400000-4", "b-1767614400000-4"}


def test_a_reading_begins_at_the_top(tmp_path: Path) -> None:
    """Without more said, offset and lines count from nothing, and the place is the file."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"x\n" + ONE)
    found = read_journal_file(path)
    assert found == ParsedChunk(parse_chunk(ONE, path).records, found.bad_lines, len(ONE) + 2, 2)
    assert found.bad_lines == [BadLine(path, 1, CUT_SHORT)]


def test_an_id_is_made_of_the_time_and_of_chance() -> None:
    """48 bits of ms, the version, 12 random bits, the variant, 62 random bits."""
    entropy = bytes(range(0xF0, 0xFA))
    asked: list[int] = []

    def give(number: int) -> bytes:
        asked.append(number)
        return entropy

    assert new_uuid7(0x0123456789AB, give) == "01234567-89ab-70f1-b2f3-f4f5f6f7f8f9"
    assert new_uuid7((1 << 48) + 1, give) == "00000000-0001-70f1-b2f3-f4f5f6f7f8f9"
    assert new_uuid7((1 << 48) - 1, lambda _: bytes(10)) == "ffffffff-ffff-7000-8000-000000000000"
    assert asked == [10, 10]


def test_a_stamp_is_the_time_in_ms_and_goes_up_by_one(tmp_path: Path) -> None:
    """Two events of one moment differ by one; both bear the moment's ms at least."""
    one, two = pen(tmp_path).append_events([draft(), draft("b")])
    ms = int(datetime(2026, 1, 5, 12, 0, 1, tzinfo=UTC).timestamp() * 1000)
    assert (one.hlc, two.hlc) == (ms, ms + 1)
    assert one.id[:13].replace("-", "") == f"{ms:012x}"


def test_a_refusal_tells_what_where_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole message, as the person reads it."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(StoreError) as refused:
        pen(tmp_path).append_events([draft()])
    assert str(refused.value) == (
        f"Not saved: No space left on device ({tmp_path}/journal/dev-2026-01.jsonl). Free disk space or "
        "fix the folder's permissions, then try again; everything before this is safe."
    )


def test_all_that_was_refused_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After several refusals in a row the next write undoes each of them, once."""
    writer = pen(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", lambda _: os.open("/nowhere", 0))
        for name in "ab":
            with pytest.raises(StoreError):
                writer.append_events([draft(name)])
    told = read_journal_file(tmp_path / "journal" / "dev-2026-01.jsonl").records
    refused = {r.event.id for r in told if isinstance(r.event, Review)}
    writer.undo_failed_appends()
    size = writer.known_size(tmp_path / "journal" / "dev-2026-01.jsonl")
    writer.undo_failed_appends()
    assert writer.known_size(tmp_path / "journal" / "dev-2026-01.jsonl") == size
    found = read_journal_file(tmp_path / "journal" / "dev-2026-01.jsonl").records
    undos = [r.event for r in found if isinstance(r.event, Undo)]
    assert {event.undone_event for event in undos} == refused
    assert len(refused) == 2
    assert all(len(event.id) == 36 and event.hlc > 1 << 40 for event in undos)


def test_what_is_known_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append reads nothing of its own; of another's only what is new."""
    asked: list[tuple[str, int]] = []

    def reading(path: Path, start: int = 0) -> bytes:
        asked.append((path.name, start))
        return files.read_regular_file(path, start)

    monkeypatch.setattr(journal, "read_regular_file", reading)
    one, two = pen(tmp_path), pen(tmp_path)
    one.append_events([draft()])
    one.append_events([draft()])
    assert asked == []
    assert not one.take_changed_elsewhere()
    path = tmp_path / "journal" / "dev-2026-01.jsonl"
    size = path.stat().st_size
    assert one.known_size(path) == size
    two.append_events([draft()])
    one.append_events([draft()])
    assert asked == [(path.name, 0), (path.name, size)]
    assert one.take_changed_elsewhere() is True
    assert one.take_changed_elsewhere() is False
    assert [r.sequence for r in read_journal_file(path).records] == [1, 2, 3, 4]


def test_the_folder_is_synced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is on the disk is there to stay."""
    synced: list[Path] = []
    monkeypatch.setattr(journal, "sync_folder", synced.append)
    writer = pen(tmp_path)
    for _ in range(3):
        writer.append_events([draft()])
    assert synced == [tmp_path / "journal"]


def test_no_link_is_written_through(tmp_path: Path) -> None:
    """A link in the journal's place is refused, and what it points to stays as it was."""
    (tmp_path / "journal").mkdir()
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "journal" / "dev-2026-01.jsonl").symlink_to(target)
    with pytest.raises(StoreError, match="Not saved"):
        pen(tmp_path).append_events([draft()])
    assert target.read_bytes() == b"precious"


def test_a_text_like_a_checksum_is_only_a_text() -> None:
    """The checksum is the last thing on the line, whatever a card says."""
    record = JournalRecord(review('a,"c":"00000000"}', 4), "dev", 1)
    assert decode_record(encode_record(record)) == record
    assert decode_record(b"  " + encode_record(record).strip() + b"\r\n") == record


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        (b"", BadLineError, CUT_SHORT),
        (b',"c":"00000000"', BadLineError, CUT_SHORT),
        (b',"c":"00000000"}', BadLineError, "not a valid event"),
        (ONE.strip() + b" ", None, ""),
        (newer().strip(), NewerFormatError, NEWER),
    ],
    ids=["empty", "cut", "no more than a checksum", "a blank behind", "newer"],
)
def test_what_is_no_line_says_why(raw: bytes, kind: type[BadLineError] | None, why: str) -> None:
    """Each kind of fault has its own words."""
    if kind is None:
        assert decode_record(raw)
        return
    with pytest.raises(kind) as refused:
        decode_record(raw)
    assert str(refused.value).startswith(why)


def test_a_lock_that_is_held_is_told_in_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file, the time and what to do; as many tries as were asked for."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    path = tmp_path / ".lock"
    with files.hold_lock(path), pytest.raises(StoreError) as refused, files.hold_lock(path, 7):
        pass
    assert str(refused.value) == (
        f"{path}: another flashcards process has been writing for 0.07 seconds. "
        "Nothing was saved; end that process, or try again."
    )
    assert naps == [0.01] * 7
    assert path.stat().st_mode & 0o777 == 0o600
    with files.hold_lock(path):
        pass


def test_a_file_is_put_in_place_with_its_own_rights(tmp_path: Path) -> None:
    """A new file is private; one that was there keeps its rights; a link stays a link."""
    path, link = tmp_path / "folder" / "file", tmp_path / "link"
    files.write_file_atomically(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    link.symlink_to(path)
    files.write_file_atomically(link, b"two")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o644)
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_no_regular_file_is_told_by_name(tmp_path: Path) -> None:
    """What cannot be read as a file is named, with what to do."""
    with pytest.raises(StoreError) as refused:
        files.read_regular_file(tmp_path)
    told = f"{tmp_path}: not a regular file. Move it away and try again."
    assert str(refused.value) == told
    (tmp_path / "x").write_bytes(b"0123456789")
    assert files.read_regular_file(tmp_path / "x", 4) == b"456789"


def test_an_editors_mark_before_the_first_line_is_no_fault() -> None:
    """The byte order mark that some editors write costs no entry."""
    assert decode_record(b"\xef\xbb\xbf" + ONE.strip()) == decode_record(ONE)


def test_two_of_one_number_are_found() -> None:
    """Two events of one device; not the copies of one event, nor those of other devices."""
    one, two = review("a", 4, ident="x"), review("b", 4, ident="y")
    records = [
        JournalRecord(one, "dev", 1),
        JournalRecord(one, "dev", 1),
        JournalRecord(one, "other", 2),
    ]
    assert (
        journal.reused_sequences([*records, JournalRecord(two, "dev", 2), JournalRecord(two, "other", 1)])
        == {}
    )
    assert journal.reused_sequences([*records, JournalRecord(two, "dev", 1)]) == {("dev", 1): {"x", "y"}}


def test_each_refusal_is_remembered_though_nothing_of_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may have kept it all the same: each is undone by its id."""
    writer = pen(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: os.open("/nowhere", 0))
        for name in "abc":
            with pytest.raises(StoreError):
                writer.append_events([draft(name)])
    writer.undo_failed_appends()
    found = read_journal_file(tmp_path / "journal" / "dev-2026-01.jsonl").records
    assert len({r.event.undone_event for r in found if isinstance(r.event, Undo)}) == len(found) == 3
    assert [len(r.event.id) for r in found] == [36] * 3


def test_what_a_draft_brings_is_kept_and_the_rest_is_stamped(tmp_path: Path) -> None:
    """Its id, its hlc, or both; device and number are always the writer's."""
    whole, placed = review("a", 4, hlc=7, ident="mine"), replace(draft("b"), hlc=5)
    named = replace(draft("c"), id=EventId("yours"))
    pen(tmp_path).append_events([whole, placed, named])
    found = read_journal_file(tmp_path / "journal" / "dev-2026-01.jsonl").records
    assert [(r.device_id, r.sequence) for r in found] == [("dev", 1), ("dev", 2), ("dev", 3)]
    assert found[0].event == whole
    assert (found[1].event.hlc, len(found[1].event.id)) == (5, 36)
    assert (found[2].event.hlc > 1 << 40, found[2].event.id) == (True, "yours")


def test_what_the_index_knows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pen that is told how much is known begins there."""
    pen(tmp_path).append_events([draft()])
    path = tmp_path / "journal" / "dev-2026-01.jsonl"
    writer = pen(tmp_path)
    assert writer.take_changed_elsewhere() is False
    writer.set_known_size(path, path.stat().st_size)
    monkeypatch.setattr(journal, "read_regular_file", lambda *_: pytest.fail("it was read"))
    writer.append_events([draft()])
    assert writer.take_changed_elsewhere() is False


def test_where_an_event_came_from_is_kept() -> None:
    """Of answers and of suspensions."""
    event = replace(review("a", 4), source="anki")
    asleep = Suspend(EventId("s"), 5, event.at, event.card, "anki")
    for one in (event, asleep):
        assert decode_record(encode_record(JournalRecord(one, "dev", 1))).event == one
