"""Every call to the disk, failing in every way: nothing is told as kept that is not."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from factories import Clock, open_store, paths_in, put_deck, rate, review
from flashcards.core.events import EventId, Review
from flashcards.errors import StoreError
from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.journal.record import decode_record
from replay_oracle import read_all_events, replay_all_cards

ERRNOS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "EDQUOT")
CALLS = ("open", "write", "fdatasync", "fsync", "close", "pread", "fstat")
MOST_CALLS = 12
CLOSE = os.close


class Failing:
    """One of the operating system's calls, failing the `number`-th time and, maybe, ever after."""

    def __init__(self, real: Callable[..., Any], number: int, fault: int, *, ever: bool) -> None:
        self.real, self.number, self.fault, self.ever, self.count = real, number, fault, ever, 0

    def __call__(self, *words: Any, **named: Any) -> Any:
        self.count += 1
        if self.real is CLOSE and self.count >= self.number:
            self.real(*words)  # a close that fails has closed all the same
        if self.count == self.number or (self.ever and self.count > self.number):
            raise OSError(self.fault, os.strerror(self.fault))
        return self.real(*words, **named)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ERRNOS)
def test_no_fault_makes_a_false_acknowledgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, name: str
) -> None:
    """Whatever fails: an event that was returned is read back, one that raised never counts."""
    for number in range(1, MOST_CALLS):
        for ever in (False, True):
            folder = tmp_path / f"{number}{ever}"
            folder.mkdir()
            fault = Failing(getattr(os, call), number, getattr(errno, name), ever=ever)
            reached = rate_through(folder, monkeypatch, call, fault)
        if not reached:
            break


def rate_through(folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: Failing) -> bool:
    """Keep three ratings, the second through a failing disk; check; tell whether it failed."""
    writer = JournalWriter(folder / "journal", folder / ".lock", "dev", now=Clock())
    drafts = [draft(name) for name in ("before", "in", "after")]
    kept = list(writer.append_events([drafts[0]]))
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fault)
        try:
            kept += writer.append_events([drafts[1]])
        except StoreError:
            pass
        finally:
            patch.undo()
    kept += writer.append_events([drafts[2]])
    found = replay_all_cards(read_all_events(folder / "journal"))
    assert found == replay_all_cards(kept), (call, fault.number, fault.ever)
    return fault.count >= fault.number


WRITER = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.errors import StoreError
from flashcards.storage.journal.journal_writer import JournalWriter
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
now = lambda: datetime(2026, 1, 5, 12, tzinfo=UTC)
pen = JournalWriter(folder / "journal", folder / ".lock", "dev", now=now)
for n in range(4):
    try:
        pen.append_events([Review(EventId(""), 0, now(), CardId(f"c{n}"), 4, 1)])
        print(f"c{n}", flush=True)
    except StoreError:
        print("refused", flush=True)
"""


def torn(folder: Path, limit: int) -> None:
    """Let a file grow to `limit` bytes only; check that just the acknowledged cards are known."""
    folder.mkdir()
    words = [sys.executable, "-c", WRITER, str(folder), str(limit)]
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    acknowledged = {name for name in shown if name != "refused"}
    found = replay_all_cards(read_all_events(folder / "journal"))
    assert acknowledged <= set(found)
    later = JournalWriter(folder / "journal", folder / ".lock", "dev", now=Clock())
    (new,) = later.append_events([draft("new")])
    assert new in list(read_all_events(folder / "journal"))


@pytest.mark.parametrize("limit", range(0, 760, 61))
def test_a_write_torn_anywhere_costs_itself_only(tmp_path: Path, limit: int) -> None:
    """A disk that fills up in the middle of a line: the lines before count, the next is whole."""
    torn(tmp_path / "x", limit)


@pytest.mark.full
@pytest.mark.parametrize("limit", range(760))
def test_a_write_torn_at_every_byte_costs_itself_only(tmp_path: Path, limit: int) -> None:
    """The same, at every byte of four ratings."""
    torn(tmp_path / "x", limit)


def test_every_bit_flip_of_a_journal_costs_one_line(tmp_path: Path) -> None:
    """Any one bit wrong anywhere: at most one event is missing, none is other than it was."""
    writer = JournalWriter(tmp_path / "journal", tmp_path / ".lock", "dev", now=Clock())
    drafts = [draft(name) for name in "abc"]
    kept = {event.id: event for event in writer.append_events(drafts)}
    path = tmp_path / "journal" / "dev-2026-01.jsonl"
    whole = path.read_bytes()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        found = journal_reader.parse_chunk(bytes(flipped), path, 0, 0, decode_record).records
        assert len(found) >= len(kept) - (2 if whole[bit // 8] == 0x0A else 1)
        assert all(kept[record.event.id] == record.event for record in found)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """On a file system without room the session says so; with room again it goes on."""
    mount = tmp_path / "small"
    mount.mkdir()
    tmpfs = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(mount)]
    if os.getuid() != 0 or subprocess.run(tmpfs, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        writer = JournalWriter(mount / "journal", mount / ".lock", "dev", now=Clock())
        kept = list(writer.append_events([draft("before")]))
        filler = mount / "filler"
        fill(filler)
        refused = ""
        while not refused:
            try:
                kept += writer.append_events([draft(f"c{len(kept)}")])
            except StoreError as error:
                refused = str(error)
        assert "No space" in refused
        filler.unlink()
        kept += writer.append_events([draft("after")])
        assert replay_all_cards(read_all_events(mount / "journal")) == replay_all_cards(kept)
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def draft(name: str) -> Review:
    return review(name, 4)._replace(id=EventId(""), hlc=0)


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 512)


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    """When the journal's folder cannot be written, the message says what to mend."""
    if os.getuid() == 0:
        pytest.skip("root may write anywhere")
    put_deck(tmp_path)
    store = open_store(tmp_path)
    paths_in(tmp_path).journal_dir.chmod(0o500)
    with pytest.raises(StoreError, match="Permission denied"):
        rate(store, "dog", [4])
