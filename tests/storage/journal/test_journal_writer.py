"""The journal: what it has told to be kept is kept, and what is broken costs itself only."""

from __future__ import annotations

import errno
import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from factories import Clock, review
from flashcards.core.events import EventId, Review, Undo
from flashcards.errors import LockTimeoutError, StoreError
from flashcards.storage import files, locks
from flashcards.storage.journal import journal_reader, journal_writer
from flashcards.storage.journal.journal_files import IMPORTED_SUFFIX, list_journal_files
from flashcards.storage.journal.journal_reader import BadLine, ParsedChunk, parse_chunk, read_journal_file
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record
from replay_oracle import read_all_events, replay_all_cards

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


def draft(name: str = "a", rating: int = 4) -> Review:
    return review(name, rating)._replace(id=EventId(""), hlc=0)


def pen(folder: Path, clock: tuple[int, int] = (0, 0)) -> JournalWriter:
    return JournalWriter(folder / "journal", folder / ".lock", "dev", now=Clock(), clock=clock)


def path_of(folder: Path) -> Path:
    return folder / "journal" / "dev-2026-01.jsonl"


def test_what_is_appended_can_be_read(tmp_path: Path) -> None:
    """Events come back as they were stamped, in files that only their owner can read."""
    kept = pen(tmp_path).append_events([draft("a"), draft("b")])
    assert list(read_all_events(tmp_path / "journal")) == kept
    assert path_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o700


def test_stamps_go_on_from_what_was_seen(tmp_path: Path) -> None:
    """The logical clock never goes back, even when the wall clock is years behind."""
    first, second = pen(tmp_path, (2**45, 7)).append_events([draft(), draft()])
    assert (first.hlc, second.hlc) == (2**45 + 1, 2**45 + 2)
    assert [record.sequence for record in read_journal_file(path_of(tmp_path)).records] == [8, 9]


def test_an_imported_event_keeps_its_id_and_place(tmp_path: Path) -> None:
    """A draft that has an id and a clock keeps both, and does not turn the clock back."""
    writer = pen(tmp_path)
    old = review("a", 4, hlc=5)
    (now,) = writer.append_events([draft()])
    assert writer.append_events([old]) == [old]
    (later,) = writer.append_events([draft()])
    assert later.hlc > now.hlc


@pytest.mark.parametrize("last", [31, 25], ids=["at its end", "long before its end"])
def test_each_month_has_its_file_and_the_numbers_go_on(tmp_path: Path, last: int) -> None:
    """Also where another process wrote to the old month's file since this one last looked."""
    one, other = Clock(), Clock()
    first = JournalWriter(tmp_path / "journal", tmp_path / ".lock", "dev", now=one)
    second = JournalWriter(tmp_path / "journal", tmp_path / ".lock", "dev", now=other)
    (tmp_path / "journal").mkdir()
    line = encode_record(JournalRecord(review("x", 4)._replace(id=EventId("year")), "dev", 6))
    (tmp_path / "journal" / "dev-2026.jsonl").write_bytes(line)
    first.append_events([draft()])
    other.to(date(2026, 1, last))
    second.append_events([draft()], IMPORTED_SUFFIX)
    one.to(date(2026, 2, 1))
    first.append_events([draft()])
    other.to(date(2026, 1, 31))  # it began to write before the month ended
    second.append_events([draft()])
    names = [path.name for path in list_journal_files(tmp_path / "journal")]
    months = ["dev-2026-01-imported.jsonl", "dev-2026-01.jsonl", "dev-2026-02.jsonl"]
    assert names == [*months, "dev-2026.jsonl"]
    records = [
        record
        for path in list_journal_files(tmp_path / "journal")
        for record in read_journal_file(path).records
    ]
    assert sorted(record.sequence for record in records) == [6, 7, 8, 9, 10]


def test_two_writers_of_one_device_do_not_overwrite(tmp_path: Path) -> None:
    """Two processes in turn keep both their events and count on from each other."""
    one, two = pen(tmp_path), pen(tmp_path)
    for writer in (one, two, one, two):
        writer.append_events([draft()])
    records = read_journal_file(path_of(tmp_path)).records
    assert [record.sequence for record in records] == [1, 2, 3, 4]
    assert len({record.event.hlc for record in records}) == 4


def test_every_prefix_of_a_journal_opens(tmp_path: Path) -> None:
    """Cut after any byte, every whole line is read, and the next event is not lost."""
    writer = pen(tmp_path)
    kept = [event for _ in range(4) for event in writer.append_events([draft()])]
    path = path_of(tmp_path)
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        found = [record.event for record in read_journal_file(path).records]
        assert found[:lines] == kept[:lines]
        assert len(found) <= lines + 1
        (new,) = pen(tmp_path).append_events([draft("new")])
        assert [record.event for record in read_journal_file(path).records] == [*found, new]


def test_a_bad_line_costs_itself_only(tmp_path: Path) -> None:
    """Nonsense between lines is told with its place, and the others count."""
    writer = pen(tmp_path)
    writer.append_events([draft()])
    path = path_of(tmp_path)
    path.write_bytes(path.read_bytes() + b"nonsense\n\xff\xfe\n")
    writer.append_events([draft()])
    found = read_journal_file(path)
    assert len(found.records) == 2
    assert [(bad.line_number, bad.is_truncated) for bad in found.bad_lines] == [
        (2, False),
        (3, False),
    ]


def test_conflict_markers_and_copies_are_read_through(tmp_path: Path) -> None:
    """Both sides of a git conflict count, and so does a conflict copy of the file."""
    kept = pen(tmp_path).append_events([draft("a"), draft("b")])
    path = path_of(tmp_path)
    one, two = path.read_bytes().splitlines()
    merged = [b"<<<<<<< HEAD", one, b"=======", two, b">>>>>>> other", b""]
    path.write_bytes(b"\r\n".join(merged))
    (tmp_path / "journal" / "dev-2026 (conflict).jsonl").write_bytes(two + b"\n")
    assert not read_journal_file(path).bad_lines
    assert replay_all_cards(read_all_events(tmp_path / "journal")) == replay_all_cards(kept)
    assert len(list_journal_files(tmp_path / "journal")) == 2


class Disk:
    """The real calls, of which some fail: those numbered `failing`, counted from 1."""

    def __init__(self, failing: set[int], number: int) -> None:
        self.failing, self.number, self.calls = failing, number, 0

    def __call__(self, fd: int) -> None:
        self.calls += 1
        if self.calls in self.failing:
            raise OSError(self.number, os.strerror(self.number))
        os.fsync(fd)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_failed_sync_is_tried_once_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """When the second try succeeds, the event is there once, by its id."""
    monkeypatch.setattr(os, "fdatasync", Disk({1}, number))
    (kept,) = pen(tmp_path).append_events([draft()])
    assert {event.id for event in read_all_events(tmp_path / "journal")} == {kept.id}


def test_what_was_not_acknowledged_does_not_count_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rating told as not saved is undone by the next write, whatever the disk kept of it."""
    monkeypatch.setattr(os, "fdatasync", Disk({1, 2}, errno.EIO))
    writer = pen(tmp_path)
    with pytest.raises(StoreError, match="Not saved"):
        writer.append_events([draft("a", 1)])
    (kept,) = writer.append_events([draft("a", 5)])
    assert replay_all_cards(read_all_events(tmp_path / "journal")) == replay_all_cards([kept])
    assert any(isinstance(event, Undo) for event in read_all_events(tmp_path / "journal"))


def test_a_held_lock_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long for another process is told so, and nothing was written."""
    monkeypatch.setattr(locks, "LOCK_ATTEMPTS", 3)
    writer = pen(tmp_path)
    writer.append_events([draft()])
    with (
        locks.hold_lock(tmp_path / ".lock"),
        pytest.raises(LockTimeoutError, match="another"),
    ):
        writer.append_events([draft()])
    assert len(read_journal_file(path_of(tmp_path)).records) == 1


def test_ctrl_c_waits_until_the_event_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write comes through after it, and the event is whole."""

    def interrupted(fd: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.fsync(fd)

    monkeypatch.setattr(os, "fdatasync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pen(tmp_path).append_events([draft()])
    assert len(read_journal_file(path_of(tmp_path)).records) == 1


def test_a_fifo_in_the_place_of_the_file_does_not_hang(tmp_path: Path) -> None:
    """Something that is no file is told, and waited for never."""
    (tmp_path / "journal").mkdir()
    os.mkfifo(path_of(tmp_path))
    signal.alarm(30)  # a hang ends here, and not with the whole run
    with pytest.raises(StoreError):
        pen(tmp_path).append_events([draft()])
    signal.alarm(0)


def test_a_clock_learns_the_time_of_all_and_counts_its_own(tmp_path: Path) -> None:
    """From another device comes only the time."""
    others = JournalRecord(review("a", 4, hlc=2**45), "other", 99), JournalRecord(review("b", 4), "dev", 2)
    path_of(tmp_path).parent.mkdir()
    path_of(tmp_path).write_bytes(b"".join(map(encode_record, others)))
    (kept,) = pen(tmp_path, (5, 3)).append_events([draft()])
    assert kept.hlc == 2**45 + 1
    assert read_journal_file(path_of(tmp_path)).records[-1].sequence == 4


def test_a_device_in_the_place_of_a_known_file_is_refused(tmp_path: Path) -> None:
    """Also where its size tells nothing."""
    folder = tmp_path / "journal"
    folder.mkdir()
    path = folder / "dev-2026-01.jsonl"
    os.mkfifo(path)
    pen = JournalWriter(folder, tmp_path / ".lock", "dev", now=Clock())
    pen.known_sizes[path] = path.stat().st_size
    with pytest.raises(StoreError, match="not a regular file"):
        pen.append_events([review("a", 4)._replace(id=EventId(""), hlc=0)])


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
    found = parse_chunk(data, AT, start, before, decode_record)
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
    assert found == ParsedChunk(
        parse_chunk(ONE, path, 0, 0, decode_record).records, found.bad_lines, len(ONE) + 2, 2
    )
    assert found.bad_lines == [BadLine(path, 1, CUT_SHORT)]


def test_an_hlc_is_the_time_in_ms_and_goes_up_by_one(tmp_path: Path) -> None:
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
    size = writer.known_sizes.get(tmp_path / "journal" / "dev-2026-01.jsonl")
    writer.undo_failed_appends()
    assert writer.known_sizes.get(tmp_path / "journal" / "dev-2026-01.jsonl") == size
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

    monkeypatch.setattr(journal_writer, "read_regular_file", reading)
    one, two = pen(tmp_path), pen(tmp_path)
    one.append_events([draft()])
    one.append_events([draft()])
    assert asked == []
    assert not one.take_changed_elsewhere()
    path = tmp_path / "journal" / "dev-2026-01.jsonl"
    size = path.stat().st_size
    assert one.known_sizes.get(path) == size
    two.append_events([draft()])
    one.append_events([draft()])
    assert asked == [(path.name, 0), (path.name, size)]
    assert one.take_changed_elsewhere() is True
    assert one.take_changed_elsewhere() is False
    assert [r.sequence for r in read_journal_file(path).records] == [1, 2, 3, 4]


def test_the_folder_is_synced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is on the disk is there to stay."""
    synced: list[Path] = []
    monkeypatch.setattr(journal_writer, "sync_folder", synced.append)
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


def test_two_of_one_number_are_found() -> None:
    """Two events of one device; not the copies of one event, nor those of other devices."""
    one, two = review("a", 4, ident="x"), review("b", 4, ident="y")
    records = [
        JournalRecord(one, "dev", 1),
        JournalRecord(one, "dev", 1),
        JournalRecord(one, "other", 2),
    ]
    assert (
        journal_reader.reused_sequences(
            [*records, JournalRecord(two, "dev", 2), JournalRecord(two, "other", 1)]
        )
        == {}
    )
    assert journal_reader.reused_sequences([*records, JournalRecord(two, "dev", 1)]) == {
        ("dev", 1): {"x", "y"}
    }


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
    whole, placed = review("a", 4, hlc=7, ident="mine"), draft("b")._replace(hlc=5)
    named = draft("c")._replace(id=EventId("yours"))
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
    writer.known_sizes[path] = path.stat().st_size
    monkeypatch.setattr(journal_writer, "read_regular_file", lambda *_: pytest.fail("it was read"))
    writer.append_events([draft()])
    assert writer.take_changed_elsewhere() is False
