"""Backups that writes wait for: one a day, whatever the clock says, and nothing half made."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review, Suspend
from flashcards.errors import StoreError
from flashcards.storage import store
from flashcards.storage.backups import automatic_backups, make_and_prune
from flashcards.storage.backups.make_and_prune import backups_of, delete_old_backups, make_backup
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from replay_oracle import read_all_events

DOG = CardId("dog")


def names(folder: Path) -> list[str]:
    """Return what lies in the folder of backups, drafts too."""
    return sorted(path.name for path in paths_in(folder).backups_dir.rglob("*") if path.is_file())


def held(patch: pytest.MonkeyPatch, until: Event) -> None:
    """Let the making of backups wait for an event."""
    real: Callable[..., Any] = make_and_prune.make_backup

    def make(*words: Any, **named: Any) -> Any:
        until.wait(20)
        return real(*words, **named)

    patch.setattr(make_and_prune, "make_backup", make)


def test_what_rewrites_a_file_waits_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written before it is there; one word about a wait."""
    put_deck(tmp_path)
    go, told = Event(), list[str]()

    def say(line: str) -> None:
        told.append(line)
        assert not list_journal_files(paths_in(tmp_path).journal_dir)
        assert not [name for name in names(tmp_path) if name.endswith(".zip")]
        go.set()

    paths_in(tmp_path).backups_dir.mkdir(parents=True)
    monkeypatch.setattr(automatic_backups, "NOTICE_DELAY", 0.05)
    with monkeypatch.context() as patch:
        held(patch, go)
        it = open_store(tmp_path)
        it.notify = say
        it.wait_for_backup()
        it.wait_for_backup()
        it.close()
    assert told == ["Backing up before the first change of the day …"]
    (backup,) = backups_of(paths_in(tmp_path))
    with zipfile.ZipFile(backup.path) as archive:
        assert sorted(archive.namelist()) == ["decks/french.yaml", "format.json"]


def test_a_rating_does_not_wait_and_leaving_finishes_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rating is on the disk while the backup is being made; who leaves early is told why it takes."""
    put_deck(tmp_path)
    go, told = Event(), list[str]()

    def say(line: str) -> None:
        told.append(line)
        assert not backups_of(paths_in(tmp_path))
        go.set()

    monkeypatch.setattr(automatic_backups, "LEAVING_NOTICE_DELAY", 0.05)
    with monkeypatch.context() as patch:
        held(patch, go)
        it = Store(paths_in(tmp_path), Settings(), now=Clock(), notify=say)
        rate(it, "dog", [4, 4])
        assert len(list(read_all_events(it.paths.journal_dir))) == 3
        assert not told
        it.close()
    assert told == ["Finishing today's backup …"]
    assert len(backups_of(paths_in(tmp_path))) == 1


def test_a_backup_that_was_begun_early_is_not_waited_for(tmp_path: Path) -> None:
    """Time that passes anyway is enough: nothing is said of it, and it is made once."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    it.notify = pytest.fail
    it.start_backup()
    it.start_backup()
    assert it._backup_before_write._daily_thread is not None
    it._backup_before_write._daily_thread.join()
    rate(it, "dog", [4])
    it.close()
    assert len(names(tmp_path)) == 1


def test_an_impatient_leave_gives_the_backup_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves at once, and leaves no part of a backup; the next one makes it."""
    put_deck(tmp_path)
    go = Event()

    def interrupt(_line: str) -> None:
        go.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(automatic_backups, "LEAVING_NOTICE_DELAY", 0.05)
    with monkeypatch.context() as patch:
        held(patch, go)
        it = Store(paths_in(tmp_path), Settings(), now=Clock(), notify=interrupt)
        it.start_backup()
        with pytest.raises(KeyboardInterrupt):
            it.close()
    assert names(tmp_path) == []
    with open_store(tmp_path) as it:
        rate(it, "dog", [4])
    assert len(names(tmp_path)) == 1


def test_a_session_over_midnight_makes_the_next_day_s_too(tmp_path: Path) -> None:
    """An open store writes for days; each of them begins with a backup."""
    put_deck(tmp_path)
    clock, said = Clock(), list[str]()
    with Store(paths_in(tmp_path), Settings(), now=clock, notify=said.append) as it:
        for _ in range(3):
            rate(it, "dog", [4, 4])
            clock.at += timedelta(days=1)
    assert not [line for line in said if "could not be made" in line]
    assert [backup.reason for backup in backups_of(paths_in(tmp_path))] == ["daily"] * 3


def test_a_backup_from_a_clock_that_was_ahead_is_not_today_s(tmp_path: Path) -> None:
    """Its name stands first for ever after; today's is made once all the same."""
    put_deck(tmp_path)
    make_backup(paths_in(tmp_path), NOON + timedelta(days=9000), "daily")
    for _ in range(2):
        with open_store(tmp_path) as it:
            rate(it, "dog", [4])
    assert len(names(tmp_path)) == 2


def test_a_bulk_change_without_its_backup_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and the message says what to mend; single ratings go on."""
    put_deck(tmp_path)
    monkeypatch.setattr(store, "MAX_EVENTS_WITHOUT_BACKUP", 1)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    size = sum(path.stat().st_size for path in list_journal_files(it.paths.journal_dir))
    shutil.rmtree(it.paths.backups_dir)
    it.paths.backups_dir.write_text("in the way")
    with pytest.raises(StoreError, match=f"Nothing was saved: .*fix {it.paths.backups_dir}, and"):
        it.append_events([Suspend(EventId(""), 0, it.now(), CardId(name)) for name in ("dog", "cat")])
    assert sum(path.stat().st_size for path in list_journal_files(it.paths.journal_dir)) == size
    rate(it, "dog", [4])
    it.close()


def test_what_a_killed_process_had_begun_goes_after_a_day(tmp_path: Path) -> None:
    """A draft of yesterday is nobody's any more; one of just now may be another process's."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("04T11", "05T11"):
        (folder / f".202601{day}0000Z-daily.zip.7.tmp").touch()
    (folder / "20260105T120000Z-daily.zip").touch()
    delete_old_backups(folder)
    left = sorted(path.name for path in folder.iterdir())
    assert left == [".20260105T110000Z-daily.zip.7.tmp", "20260105T120000Z-daily.zip"]


def test_what_is_packed_already_is_not_packed_again(tmp_path: Path) -> None:
    """Pictures go in as they are: they would take long, and shrink no further."""
    put_deck(tmp_path)
    with open_store(tmp_path) as it:
        media = it.paths.media_dir
    media.mkdir()
    (media / "a.png").write_bytes(b"x" * 9000)
    (media / "a.svg").write_bytes(b"x" * 9000)
    target = tmp_path / "whole.zip"
    with zipfile.ZipFile(make_backup(paths_in(tmp_path), NOON, "manual", target)) as archive:
        assert archive.getinfo("media/a.png").compress_size == 9000
        assert archive.getinfo("media/a.svg").compress_size < 99
        assert archive.testzip() is None


def test_a_backup_that_fails_is_told_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session goes on, and the person hears of it."""
    put_deck(tmp_path)
    told: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(make_and_prune, "make_backup", refuse)
    store = open_store(tmp_path)
    store._initial_notify = told.append
    rate(store, "dog", [4])
    store.close()
    assert told == ["Today's backup could not be made: [Errno 28] No space left on device"]


def test_a_bulk_change_is_backed_up_before(tmp_path: Path) -> None:
    """Many events in one write: what was there before is kept first."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    event = Review(EventId(""), 0, store.now(), CardId("cat"), 4, 1)
    store.append_events([event] * 20)
    assert [b.reason for b in make_and_prune.backups_of(store.paths)] in (["daily"], [])
    store.append_events([event] * 21)
    assert "bulk" in [b.reason for b in make_and_prune.backups_of(store.paths)]
    store.close()


def test_one_backup_a_day_by_the_days_of_its_own_names(tmp_path: Path) -> None:
    """The name of a backup is in UTC, and so is the day that it is for."""
    put_deck(tmp_path)
    from datetime import timezone

    west = timezone(-timedelta(hours=10))
    for hour, expected in ((13, 1), (15, 2), (20, 2)):
        it = open_store(tmp_path, Clock(datetime(2026, 1, 5, hour, tzinfo=west)))
        rate(it, "dog", [4])
        it.close()
        assert len(make_and_prune.backups_of(paths_in(tmp_path))) == expected, hour
