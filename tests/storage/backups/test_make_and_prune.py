"""Backups: whole, thinned out with age, and brought back without loss."""

from __future__ import annotations

import os
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factories import DECK, NOON, Clock, open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.errors import LostHistoryError, StoreError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.exact_restore import restore_exactly
from flashcards.storage.backups.make_and_prune import (
    backups_of,
    delete_old_backups,
    list_backups,
    make_backup,
)
from flashcards.storage.backups.restore_missing import restore_missing
from flashcards.storage.known_stores import forget_known_store
from replay_oracle import replay_card_history

DOG = CardId("dog")


def steps(folder: Path) -> list[int]:
    """Return the ratings of the dog, as a new process sees them."""
    store = open_store(folder)
    found = [step.review.rating for step in replay_card_history(store, DOG).steps]
    store.close()
    return found


def studied(folder: Path) -> Path:
    """Return a backup of a store with two ratings."""
    put_deck(folder)
    store = open_store(folder)
    rate(store, "dog", [4, 5])
    store.close()
    return make_backup(paths_in(folder), NOON, "manual")


def test_a_backup_has_everything(tmp_path: Path) -> None:
    """Decks, journal and format are in it, and only their owner can read it."""
    path = studied(tmp_path)
    names = set(read_backup(path))
    assert {"format.json", "decks/french.yaml"} < names
    assert any(name.startswith("journal/") for name in names)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_restore_brings_back_what_is_missing_and_keeps_the_rest(tmp_path: Path) -> None:
    """Lost entries come back, later ones stay, and nothing counts twice."""
    path = studied(tmp_path)
    (journal,) = paths_in(tmp_path).journal_dir.iterdir()
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    forget_known_store(paths_in(tmp_path))
    store = open_store(tmp_path, Clock(NOON + timedelta(days=1)))
    rate(store, "dog", [3])
    store.close()
    assert steps(tmp_path) == [4, 3]
    found = restore_missing(paths_in(tmp_path), read_backup(path), NOON)
    assert found.event_count == 2
    assert steps(tmp_path) == [4, 5, 3]
    assert restore_missing(paths_in(tmp_path), read_backup(path), NOON).event_count == 0


def test_a_restore_leaves_changed_decks_alone(tmp_path: Path) -> None:
    """A deck edited since is told, not overwritten; one that is gone comes back."""
    path = studied(tmp_path)
    deck = put_deck(tmp_path, DECK + "# mine\n")
    found = restore_missing(paths_in(tmp_path), read_backup(path), NOON)
    assert found.differing_files == ("decks/french.yaml",)
    assert deck.read_text().endswith("# mine\n")
    deck.unlink()
    assert restore_missing(paths_in(tmp_path), read_backup(path), NOON).restored_files == (
        "decks/french.yaml",
    )


def test_an_exact_restore_undoes_what_came_later(tmp_path: Path) -> None:
    """Everything is as it was in the backup."""
    path = studied(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [1])
    store.close()
    restore_exactly(paths_in(tmp_path), read_backup(path))
    forget_known_store(paths_in(tmp_path))
    assert steps(tmp_path) == [4, 5]


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "decks/../../x", "other/x", "decks\\x", "decks/␛2E␛2E/x"]
)
def test_a_strange_backup_is_refused(tmp_path: Path, name: str) -> None:
    """A file that names places of its own is no backup."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(StoreError, match="is not part of"):
        read_backup(path)


def test_a_damaged_backup_is_told(tmp_path: Path) -> None:
    """Torn or flipped, it is refused before anything is touched."""
    path = studied(tmp_path)
    data = bytearray(path.read_bytes())
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(StoreError, match="damaged"):
        read_backup(path)
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        read_backup(path)


def test_backups_are_thinned_out_with_age(tmp_path: Path) -> None:
    """Of three years of daily ones 7 days, 8 weeks and 24 months stay; so do those made by hand."""
    folder = tmp_path / "backups"
    folder.mkdir()
    today = datetime(2026, 1, 31, 12, tzinfo=UTC)
    for age in range(1095):
        (folder / f"{today - timedelta(days=age):%Y%m%dT%H%M%SZ}-daily.zip").touch()
    (folder / "20200101T000000Z-manual.zip").touch()
    delete_old_backups(folder)
    ages = [(today - backup.created_at).days for backup in list_backups(folder) if backup.reason == "daily"]
    assert ages[:7] == list(range(7))
    assert 24 + 7 <= len(ages) <= 7 + 8 + 24
    assert [b.reason for b in list_backups(folder)].count("manual") == 1


def test_backups_before_imports_stay_for_a_while(tmp_path: Path) -> None:
    """Each import named its backup as the way back, so the last ones are all there."""
    for minute in range(15):
        (tmp_path / f"20260105T12{minute:02}00Z-bulk.zip").touch()
    delete_old_backups(tmp_path)
    assert [backup.created_at.minute for backup in list_backups(tmp_path)] == list(range(14, 4, -1))


def test_the_first_write_of_a_day_makes_a_backup(tmp_path: Path) -> None:
    """Once a day, before anything can go wrong, what was there is kept."""
    studied(tmp_path)
    clock = Clock(NOON + timedelta(days=1))
    for _ in range(2):
        store = open_store(tmp_path, clock)
        rate(store, "dog", [4])
        store.close()
    daily = [backup for backup in backups_of(paths_in(tmp_path)) if backup.reason == "daily"]
    assert [backup.created_at.date() for backup in daily] == [clock.at.date(), NOON.date()]


@pytest.mark.parametrize("broken", ["journal", "data", "one line", "emptied"])
def test_a_store_that_lost_something_is_a_loud_stop(tmp_path: Path, broken: str) -> None:
    """Never "welcome, new user": the message says what is gone and how it comes back."""
    studied(tmp_path)
    paths = paths_in(tmp_path)
    (journal,) = paths.journal_dir.iterdir()
    match broken:
        case "journal":
            journal.unlink()
        case "data":
            paths.data_dir.rename(tmp_path / "elsewhere")
        case "one line":
            journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
        case "emptied":
            journal.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(LostHistoryError, match="flashcards restore"):
            open_store(tmp_path)
    forget_known_store(paths)
    open_store(tmp_path).close()


def test_a_journal_under_another_name_has_lost_nothing(tmp_path: Path) -> None:
    """A file renamed, or merged into another, has the same entries."""
    studied(tmp_path)
    (journal,) = paths_in(tmp_path).journal_dir.iterdir()
    journal.rename(journal.with_name("renamed.jsonl"))
    assert steps(tmp_path) == [4, 5]


@pytest.mark.parametrize("year", [1970, 2190])
def test_a_wrong_clock_stops_no_backup(tmp_path: Path, year: int) -> None:
    """A zip file knows only the years 1980 to 2107; files of others go in all the same."""
    studied(tmp_path)
    at = datetime(year, 1, 2, tzinfo=UTC).timestamp()
    (journal,) = paths_in(tmp_path).journal_dir.iterdir()
    os.utime(journal, (at, at))
    backup = make_backup(paths_in(tmp_path), NOON, "manual")
    assert read_backup(backup)[f"journal/{journal.name}"] == journal.read_bytes()


def test_a_backup_has_what_is_there(tmp_path: Path) -> None:
    """Before the store is made too; drafts, hidden files and folders as such are left out."""
    put_deck(tmp_path)
    decks = paths_in(tmp_path).decks_dir
    (decks / ".french.yaml.7.tmp").write_text("half")
    (decks / "deep").mkdir()
    path = make_backup(paths_in(tmp_path), NOON, "manual")
    assert set(read_backup(path)) == {"decks/french.yaml"}


def test_a_backup_that_does_not_read_back_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told, where the disk gives back other bytes; and no file is left that claims to be one."""
    put_deck(tmp_path)
    sync = os.fsync

    def damage(fd: int) -> None:
        sync(fd)
        if stat.S_ISREG(os.fstat(fd).st_mode):
            os.pwrite(fd, bytes(byte ^ 0xFF for byte in os.pread(fd, 4, 60)), 60)

    monkeypatch.setattr(os, "fsync", damage)
    with pytest.raises(StoreError, match="could not be verified"):
        make_backup(paths_in(tmp_path), NOON, "manual")
    assert list(paths_in(tmp_path).backups_dir.iterdir()) == []


def test_a_backup_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the command that lists those which are."""
    with pytest.raises(StoreError, match=r"no such backup. List them: flashcards restore --list"):
        read_backup(tmp_path / "none.zip")


def test_a_backup_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file can claim to be a huge one: its claims are added up before it is unpacked."""
    monkeypatch.setattr("flashcards.storage.backups.contents.LARGEST", 1000)
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("decks/a.yaml", b"x" * 600)
        archive.writestr("decks/b.yaml", b"x" * 600)
    with pytest.raises(StoreError, match="not a flashcards backup"):
        read_backup(path)


def test_no_damage_to_a_backup_passes_unnoticed(tmp_path: Path) -> None:
    """Any one byte wrong: all of it is read as it was, or it is told; nothing is left out."""
    path = studied(tmp_path)
    whole, data = read_backup(path), path.read_bytes()
    told = 0
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 0xFF
        path.write_bytes(flipped)
        try:
            assert read_backup(path) == whole, place
        except StoreError:
            told += 1
    assert told > len(data) / 2
