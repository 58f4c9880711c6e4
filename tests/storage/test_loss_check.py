"""A store that was known and is now empty, shorter or unreadable stops every command, loudly."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, rate, review
from flashcards.core.cards import CardId
from flashcards.errors import LostHistoryError, StoreError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.restore_missing import restore_missing
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.known_stores import forget_known_store, load_known_store
from flashcards.storage.store_paths import StorePaths
from programs import run
from replay_oracle import replay_card_history

COMMANDS = (
    ("study",), ("due",), ("due", "--json"), (), ("stats",), ("decks",), ("cards",), ("check",),
    ("undo",), ("show", "x"), ("suspend", "x"), ("backup",),
)  # fmt: skip


def journal_in(home: Path) -> Path:
    return next((home / "data" / "journal").glob("*.jsonl"))


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def fifo_in_its_place(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def file_in_its_place(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("")


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def lose(*names: str) -> Callable[[Path], None]:
    def away(home: Path) -> None:
        for name in names:
            path = home / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    return away


def lose_the_content(home: Path) -> None:
    shutil.rmtree(home / "data")
    (home / "data").mkdir()


def lose_the_end_and_the_format(home: Path) -> None:
    cut(journal_in(home), -9)
    lose("data/format.json")(home)


LOSSES: dict[str, Callable[[Path], object]] = {
    "the data folder does not exist": lose("data"),
    "the data folder is empty": lose_the_content,
    "the journals are gone": lose("data/journal"),
    "the journal is empty": lambda home: cut(journal_in(home), 0),
    "the journal is shorter": lambda home: cut(journal_in(home), -9),
    "the journal and format.json are gone": lose("data/journal", "data/format.json"),
    "the journal is shorter, format.json gone": lose_the_end_and_the_format,
    "a folder is in the journal's place": lambda home: folder_in_its_place(journal_in(home)),
    "a fifo is in the journal's place": lambda home: fifo_in_its_place(journal_in(home)),
    "a file is in the folder's place": lambda home: file_in_its_place(home / "data" / "journal"),
    "all is gone but the cache": lose("data", "state"),
}


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which two cards were rated."""
    home = tmp_path_factory.mktemp("studied")
    run(home, "study", text="\n4\n\n4\nq\n")
    assert run(home, "due").returncode == 0
    return home


@pytest.mark.parametrize("name", LOSSES)
def test_what_was_lost_stops_every_command(studied: Path, tmp_path: Path, name: str) -> None:
    """No command goes on without what is missing; the place and the way back are told."""
    home = tmp_path / "home"
    shutil.copytree(studied, home)
    known = recall_home(home, studied)
    assert known
    LOSSES[name](home)
    for words in COMMANDS if name == next(iter(LOSSES)) else COMMANDS[:2]:
        found = run(home, *words)
        told = found.stderr
        assert found.returncode == 1, (words, found.stdout, told)
        assert "Welcome" not in found.stdout + told
        assert "Traceback" not in told
        assert str(home / "data") in told
        assert any(way in told for way in ("restore", "Move it away", "Copy the folder back")), told
    doctor = run(home, "doctor")
    assert doctor.returncode == 1
    assert "PROBLEM" in doctor.stdout


def recall_home(home: Path, before: Path) -> bool:
    """Let the state in a copied home be about the copy; tell whether it knows the store."""
    for path in (home / "state" / "flashcards" / "known.json",):
        path.write_text(path.read_text().replace(str(before), str(home)))
    (home / "cache" / "flashcards" / "index.sqlite").unlink()
    run(home, "due")
    paths = StorePaths(home / "data", home / "c", home / "state" / "flashcards", home / "cache")
    return load_known_store(paths.known_stores_file, paths.data_dir) is not None


def test_a_lost_format_file_is_made_anew(studied: Path, tmp_path: Path) -> None:
    """Where nothing else is missing, the proof that a store was here comes back, as it was."""
    home = tmp_path / "home"
    shutil.copytree(studied, home)
    recall_home(home, studied)
    before = (home / "data" / "format.json").read_text()
    (home / "data" / "format.json").unlink()
    found = run(home, "due")
    assert (found.returncode, found.stderr) == (0, "")
    assert (home / "data" / "format.json").read_text() == before


def test_an_overwritten_journal_is_noticed_though_it_is_longer(tmp_path: Path) -> None:
    """Another machine's copy with more in it does not hide that this machine's entries are gone."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 5])
    store.close()
    paths = paths_in(tmp_path)
    path = next(paths.journal_dir.iterdir())
    mine = path.read_bytes()
    rest = mine.splitlines(keepends=True)[:1]
    device = path.name.partition("-")[0]
    theirs = [
        encode_record(
            JournalRecord(review("cat", 4, NOON + timedelta(hours=i), ident=f"x{i}"), device, 2 + i)
        )
        for i in range(9)
    ]
    path.write_bytes(b"".join([*rest, *theirs]))
    with pytest.raises(LostHistoryError, match="2 of the earlier ones are missing"):
        open_store(tmp_path)
    (paths.journal_dir / "saved.jsonl").write_bytes(mine)
    store = open_store(tmp_path)
    assert len(replay_card_history(store, CardId("dog")).steps) == 2
    store.close()


def test_a_loss_that_is_meant_is_taken(tmp_path: Path) -> None:
    """Once the person says so, the store is what it is now, and a restore brings the rest back."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    backup = read_backup(store.back_up_before_bulk_change())
    paths = paths_in(tmp_path)
    shutil.rmtree(paths.journal_dir)
    with pytest.raises(LostHistoryError):
        open_store(tmp_path)
    forget_known_store(paths)
    open_store(tmp_path).close()
    assert restore_missing(paths, backup, Clock()()).event_count == 2
    open_store(tmp_path).close()


def test_an_unreadable_folder_is_not_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the journals cannot even be listed, that is told, and nothing is taken for new."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    listing = os.listdir

    def refuse(folder: str) -> list[str]:
        if str(folder).endswith("journal"):
            raise PermissionError(13, "Permission denied", folder)
        return listing(folder)

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(StoreError, match="cannot be read"):
        open_store(tmp_path)


def test_a_store_of_nothing_but_decks_is_known_too(tmp_path: Path) -> None:
    """A library that vanished before the first review is no reason for a welcome either."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    shutil.rmtree(paths_in(tmp_path).data_dir)
    with pytest.raises(LostHistoryError, match="1 decks"):
        open_store(tmp_path)


def test_a_lost_format_keeps_its_store(tmp_path: Path) -> None:
    """The id that this machine remembers is given back."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    before = paths_in(tmp_path).format_file.read_bytes()
    paths_in(tmp_path).format_file.unlink()
    open_store(tmp_path).close()
    assert paths_in(tmp_path).format_file.read_bytes() == before


def test_a_loss_is_told_in_whole(tmp_path: Path) -> None:
    """How much there was, how much there is, and the way back, with the backup's time."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    paths = paths_in(tmp_path)
    paths.index_file.unlink()
    next(paths.journal_dir.iterdir()).write_bytes(b"")
    with pytest.raises(LostHistoryError) as stopped:
        open_store(tmp_path)
    assert str(stopped.value) == (
        f"{paths.data_dir}: history is missing: it had 2 events, now 0. Nothing was written. "
        "To restore the backup of 2026-01-05 12:00 UTC: flashcards restore. "
        "If this is intended: flashcards doctor --accept."
    )
