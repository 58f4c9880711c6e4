"""The doctor finds what is wrong, says what it costs, and touches nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest

from factories import DECK, NOON, Clock, open_store, paths_in, put_deck, rate, review, undo
from flashcards.core.events import Event
from flashcards.storage.backups.make_and_prune import make_backup
from flashcards.storage.doctor.data_checks import run_checks
from flashcards.storage.doctor.file_system_checks import file_system_type
from flashcards.storage.doctor.snapshot import DoctorFinding, take_snapshot
from flashcards.storage.journal.record import CHECKSUM_PREFIX, JournalRecord, encode_record
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_paths import StorePaths


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    """Return the folders of a sound store with some history and a backup."""
    put_deck(tmp_path)
    paths_in(tmp_path).data_dir.chmod(0o700)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 5, 1])
    store.close()
    make_backup(paths_in(tmp_path), NOON, "manual")
    return paths_in(tmp_path)


def findings(paths: StorePaths) -> list[DoctorFinding]:
    return list(run_checks(take_snapshot(paths, Settings(), Clock()())))


def journal_of(paths: StorePaths) -> Path:
    return next(paths.journal_dir.iterdir())


def test_a_sound_store_has_no_findings(paths: StorePaths) -> None:
    """Nothing is made up."""
    assert findings(paths) == []


def add(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + data)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)


def forge_index(paths: StorePaths) -> None:
    with closing(sqlite3.connect(paths.index_file)) as index:
        index.execute("UPDATE card SET lapses = 77 WHERE id = 'dog'")
        index.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
        index.commit()


def put_fifo(paths: StorePaths) -> None:
    """Put a FIFO where the format file was."""
    paths.format_file.unlink()
    os.mkfifo(paths.format_file)


def put_folder(paths: StorePaths) -> None:
    """Put a folder where the index was."""
    paths.index_file.unlink()
    paths.index_file.mkdir()


FAULTS: dict[str, tuple[Callable[[StorePaths], object], str]] = {
    "a bad line": (lambda p: add(journal_of(p), b"nonsense\n"), "no checksum"),
    "a torn tail": (lambda p: add(journal_of(p), b'{"v":1'), "cut short"),
    "a flipped bit": (lambda p: flip(journal_of(p)), "changed after it was written"),
    "a gap": (
        lambda p: journal_of(p).write_bytes(
            b"".join(journal_of(p).read_bytes().splitlines(keepends=True)[1:])
        ),
        "are missing, some before",
    ),
    "a fork": (
        lambda p: (p.journal_dir / "x-2026.jsonl").write_bytes(
            encode_record(JournalRecord(review("dog", 4), journal_of(p).name[:10], 1))
        ),
        "two machines used",
    ),
    "the future": (
        lambda p: (p.journal_dir / "x-2026.jsonl").write_bytes(
            encode_record(JournalRecord(review("dog", 4, NOON + timedelta(days=99)), "x", 1))
        ),
        "in the future",
    ),
    "a conflict copy": (
        lambda p: (p.journal_dir / "a (copy).jsonl").write_bytes(journal_of(p).read_bytes()),
        "conflict copy",
    ),
    "a link": (
        lambda p: (p.journal_dir / "b-2026.jsonl").symlink_to(journal_of(p)),
        "a symbolic link",
    ),
    "a fifo": (lambda p: os.mkfifo(p.journal_dir / "c-2026.jsonl"), "unreadable"),
    "a missing format": (lambda p: p.format_file.unlink(), "missing"),
    "an absurd format": (lambda p: p.format_file.write_text('{"format": 1e400, "store": "x"}'), "damaged"),
    "a list as format": (lambda p: p.format_file.write_text("[]"), "damaged"),
    "a fifo as format": (put_fifo, "damaged"),
    "a lost journal": (lambda p: journal_of(p).unlink(), "before, 0 now"),
    "open permissions": (lambda p: journal_of(p).chmod(0o644), "readable by other users"),
    "a faulty deck": (
        lambda p: (p.decks_dir / "french.yaml").write_text(DECK + "  - fornt: x\n"),
        "unknown key 'fornt'",
    ),
    "a doubled id": (
        lambda p: (p.decks_dir / "z.yaml").write_text("cards:\n- id: dog\n  front: a\n  back: b\n"),
        "is also used at decks/french.yaml:4",
    ),
    "a forged index": (forge_index, "differs from the journals"),
    "a torn index": (lambda p: p.index_file.write_bytes(b"x" * 5000), "unreadable"),
    "a folder as index": (put_folder, "unreadable"),
    "no backup": (lambda p: shutil.rmtree(p.backups_dir), "no backup yet"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_and_nothing_is_touched(paths: StorePaths, name: str) -> None:
    """The fault is told with its place, price and remedy; every byte stays as it was."""
    do, told = FAULTS[name]
    do(paths)
    before = {p: p.read_bytes() for p in paths.data_dir.rglob("*") if p.is_file()}
    found = findings(paths)
    assert [f for f in found if told in f.description], found
    assert all(f.location and f.impact and f.remedy for f in found)
    assert {p: p.read_bytes() for p in paths.data_dir.rglob("*") if p.is_file()} == before


def test_an_old_backup_is_mentioned(paths: StorePaths) -> None:
    """After a week without one it is time for another."""
    late = Clock(NOON + timedelta(days=9))
    found = list(run_checks(take_snapshot(paths, Settings(), late())))
    assert [f.description for f in found] == ["the newest backup is 8 days old"]


def seal(line: bytes, old: bytes, new: bytes) -> bytes:
    """Return a journal's line with something else in it, and the checksum that fits."""
    body = line[: line.rindex(CHECKSUM_PREFIX)].replace(old, new)
    return b'%b,"c":"%08x"}\n' % (body, crc32(body))


def forge_version(paths: StorePaths) -> None:
    with closing(sqlite3.connect(paths.index_file, isolation_level=None)) as index:
        index.execute("PRAGMA user_version = 1")


def refuse(folder: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Return what lets the listing of a folder fail, as its permissions would."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        listing, iterating = os.listdir, Path.iterdir

        def listed(path: str) -> list[str]:
            if str(path).endswith(folder):
                raise PermissionError(13, "Permission denied", str(path))
            return listing(path)

        def iterated(path: Path) -> Iterator[Path]:
            listed(str(path))
            return iterating(path)

        monkeypatch.setattr(os, "listdir", listed)
        monkeypatch.setattr(Path, "iterdir", iterated)

    return patch


@pytest.mark.parametrize("folder", ["decks", "journal", "backups"])
def test_a_folder_that_cannot_be_listed_is_a_finding(
    paths: StorePaths, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """The other questions are asked all the same."""
    with monkeypatch.context() as patch:
        refuse(folder)(patch)
        found = findings(paths)
    told = "unreadable: Permission denied"
    assert [f for f in found if f.description == told and f.location.endswith(folder)], found


def test_what_a_newer_version_wrote_is_told(paths: StorePaths) -> None:
    """Lines of a newer format, and kinds that are not known: each with what it costs."""
    line = encode_record(JournalRecord(review("dog", 4), "x", 1))
    (paths.journal_dir / "x-2026.jsonl").write_bytes(
        seal(line, b'"v":1', b'"v":2')
        + seal(encode_record(JournalRecord(review("cat", 4), "x", 2)), b'"k":"review"', b'"k":"dance"')
    )
    found = {f.description: f for f in findings(paths)}
    (newer,) = [f for what, f in found.items() if "format 2" in what]
    assert newer.remedy == "Upgrade flashcards on this machine."
    assert found["1 event of unknown kind 'dance', from a newer version"].is_harmless


def test_an_index_of_another_version_is_nothing_to_do(paths: StorePaths) -> None:
    """The next command makes it anew."""
    forge_version(paths)
    (found,) = findings(paths)
    assert (found.location, found.is_harmless) == (str(paths.index_file), True)
    assert "made by another version" in found.description


def test_a_data_folder_that_is_gone_is_told(paths: StorePaths) -> None:
    """That it was there is known, and so is the way back."""
    shutil.rmtree(paths.data_dir)
    whats = [f.description for f in findings(paths)]
    assert "the data folder does not exist" in whats
    assert any("before, 0 now" in what for what in whats)


def test_an_undo_from_the_future_names_no_card(paths: StorePaths) -> None:
    """What to look at is told by the word for any card then."""
    ahead = undo("none", int((NOON + timedelta(days=99)).timestamp() * 1000))
    (paths.journal_dir / "x-2026.jsonl").write_bytes(encode_record(JournalRecord(ahead, "x", 1)))
    (found,) = [f for f in findings(paths) if "in the future" in f.description]
    assert "flashcards show CARD" in found.remedy


def test_an_index_that_is_missing_or_in_the_making_is_no_fault(paths: StorePaths) -> None:
    """The next command makes it, or ends what a killed one began."""
    beside = paths.index_file.with_name(f"{paths.index_file.name}-journal")
    beside.touch()
    assert findings(paths) == []
    beside.unlink()
    paths.index_file.unlink()
    assert findings(paths) == []


def test_a_place_that_cannot_be_written_is_told(paths: StorePaths, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rating could be kept there; and a network's file system may not hold its locks."""
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != paths.journal_dir)
    monkeypatch.setattr("flashcards.storage.doctor.file_system_checks.file_system_type", lambda _: "nfs4")
    written, network = findings(paths)
    assert (written.location, written.description) == (
        str(paths.journal_dir),
        "it cannot be written",
    )
    assert "chmod u+w" in written.remedy
    assert (network.location, network.remedy) == (str(paths.data_dir), "Use a local folder.")


def test_where_the_system_does_not_tell_no_file_system_is_known(tmp_path: Path) -> None:
    """Without a table of mounts, and where the deepest one of it counts."""
    assert file_system_type(tmp_path, tmp_path / "none") == ""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / ext4 rw\nb {tmp_path.parent} nfs rw\nc {tmp_path} tmpfs rw\n")
    assert file_system_type(tmp_path / "x", mounts) == "tmpfs"
    assert file_system_type(tmp_path.parent / "y", mounts) == "nfs"


def test_a_line_that_was_cut_short_and_written_again_is_no_fault(paths: StorePaths) -> None:
    """A write that failed half way is tried again behind it: nothing is missing, for ever after."""
    journal = journal_of(paths)
    *lines, last = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines, last[:40], b"\n", last]))
    assert findings(paths) == []
    journal.write_bytes(b"".join([*lines, b"x" + last[:40], b"\n", last]))
    assert len(findings(paths)) == 1


def test_an_index_that_differs_from_a_new_one_is_told(paths: StorePaths) -> None:
    """Texts and dates, of cards in a deck and in none; not while it is behind its files."""
    with closing(sqlite3.connect(paths.index_file)) as index:
        index.execute("UPDATE card SET front = 'le chat' WHERE id = 'dog'")
        index.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
        index.commit()
    (finding,) = findings(paths)
    assert "1 card, such as dog" in finding.description
    with open_store(paths.data_dir.parent) as store:
        journal = journal_of(paths)
        add(journal, journal.read_bytes().splitlines(keepends=True)[0])
        assert findings(paths) == []
        store.index.rebuild()


def test_a_clock_that_was_ahead_comes_with_a_command(paths: StorePaths) -> None:
    """The card is one that the future answers, whichever event of that clock came first."""
    future = NOON + timedelta(days=18_000)
    events: tuple[Event, ...] = (undo("x", int(future.timestamp() * 1000)), review("dog", 4, future))
    for number, event in enumerate(events, 1):
        add(journal_of(paths), encode_record(JournalRecord(event, "ahead", number)))
    assert "flashcards show dog" in next(f.remedy for f in findings(paths) if "future" in f.description)


def test_a_session_that_ends_meanwhile_has_lost_nothing(paths: StorePaths) -> None:
    """What was written after the journals were read is no history that is missing."""
    snapshot = take_snapshot(paths, Settings(), Clock()())
    with open_store(paths.data_dir.parent, Clock(NOON + timedelta(minutes=9))) as store:
        rate(store, "dog", [4, 4])
    assert [f.description for f in run_checks(snapshot) if not f.is_harmless] == []
