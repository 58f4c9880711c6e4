"""The journal: what it has told to be kept is kept, and what is broken costs itself only."""

from __future__ import annotations

import errno
import os
import re
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factories import Clock, review
from flashcards.core.events import EventId, Review, Undo
from flashcards.core.progress import replay_all_cards
from flashcards.errors import LockTimeoutError, StoreError
from flashcards.storage import files as storage_files
from flashcards.storage.journal.journal import (
    IMPORTED_SUFFIX,
    DeviceJournal,
    LogicalClock,
    list_journal_files,
    new_uuid7,
    read_all_events,
    read_journal_file,
)
from flashcards.storage.journal.record import JournalRecord, encode_record


def draft(name: str = "a", rating: int = 4) -> Review:
    return replace(review(name, rating), id=EventId(""), hlc=0)


def pen(folder: Path, clock: LogicalClock | None = None) -> DeviceJournal:
    return DeviceJournal(
        folder / "journal",
        folder / ".lock",
        "dev",
        clock or LogicalClock(),
        now=Clock(),
    )


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
    ahead = LogicalClock(hlc=2**45, sequence=7)
    first, second = pen(tmp_path, ahead).append_events([draft(), draft()])
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
    first = DeviceJournal(tmp_path / "journal", tmp_path / ".lock", "dev", LogicalClock(), now=one)
    second = DeviceJournal(tmp_path / "journal", tmp_path / ".lock", "dev", LogicalClock(), now=other)
    (tmp_path / "journal").mkdir()
    line = encode_record(JournalRecord(replace(review("x", 4), id=EventId("year")), "dev", 6))
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


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    """Ids are UUIDs of version 7, variant 2."""
    first, second = new_uuid7(1_000, os.urandom), new_uuid7(2_000, os.urandom)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
    assert first < second


def test_two_pens_of_one_device_do_not_overwrite(tmp_path: Path) -> None:
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
    monkeypatch.setattr(storage_files, "LOCK_ATTEMPTS", 3)
    writer = pen(tmp_path)
    writer.append_events([draft()])
    with (
        storage_files.hold_lock(tmp_path / ".lock"),
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
