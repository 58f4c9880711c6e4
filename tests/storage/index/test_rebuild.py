"""An index that others replace: whoever has it open goes over to the new one, and loses nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from factories import Clock, open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.storage.index import open_index as index
from flashcards.storage.index import replace_index as index_connection
from flashcards.storage.index.build.update import READ_PROGRESS_SHARE, LockHolder
from flashcards.storage.index.open_index import JOURNAL_PROGRESS_SHARE, OPEN_ATTEMPTS, StoreIndex
from flashcards.storage.index.queries import cards
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from replay_oracle import replay_card_history

DOG, CAT = CardId("dog"), CardId("cat")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return an open store, where a file can have one name only, as on a FAT disk."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.refresh_index()
    return store


def put_another_versions(folder: Path) -> None:
    """Let a program of another version put its index into the place."""
    path = paths_in(folder).index_file
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(other, isolation_level=None)) as index:
        index.execute("PRAGMA user_version = 1")
    other.replace(path)


def answers(store: Store, card: CardId) -> int:
    return len(replay_card_history(store, card).steps)


def test_what_is_new_is_written_to_no_index_of_another_version(store: Store, tmp_path: Path) -> None:
    """Where the place was taken by one that will not do, this one is made anew."""
    put_another_versions(tmp_path)
    rate(store, "cat", [5])
    store.refresh_index()
    assert (answers(store, DOG), answers(store, CAT)) == (1, 1)
    with closing(sqlite3.connect(paths_in(tmp_path).index_file)) as index:
        assert index.execute("PRAGMA user_version").fetchone() != (1,)
    store.close()


def test_a_change_finds_the_index_that_took_the_place(store: Store, tmp_path: Path) -> None:
    """What is noted is noted there."""
    put_another_versions(tmp_path)
    store.index.clear_out_of_order("dev")
    assert answers(store, DOG) == 1
    store.close()
    again = open_store(tmp_path)
    assert answers(again, DOG) == 1
    again.close()


def test_an_index_that_goes_while_it_is_opened_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may delete it between any two looks."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    gone: list[str] = []

    def deleting(path: str, mode: str = "rw") -> Connection:
        connection = index_connection.connect_index(path, mode)
        if not gone:
            gone.append(path)
            Path(path).unlink()
        return connection

    monkeypatch.setattr("flashcards.storage.index.open_index.connect_index", deleting)
    store = open_store(tmp_path)
    assert gone
    assert answers(store, DOG) == 1
    store.close()


def test_what_a_killed_process_had_begun_is_cleared_away(tmp_path: Path) -> None:
    """A draft of an index is as large as the index, and would stay for ever."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    index = paths_in(tmp_path).index_file
    draft = index.with_name(f".{index.name}.4711.tmp")
    draft.write_bytes(b"half")
    index.unlink()
    open_store(tmp_path).close()
    assert not draft.exists()


def test_an_index_that_fails_again_and_again_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many new ones SQLite's own fault is raised, and nothing waits for ever."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    run, tried = store.index._updater.apply_changes, list[int]()

    def failing(connection: Connection, hold: LockHolder | None = None, **more: Any) -> None:
        if hold is None:  # a new one is filled
            run(connection, **more)
            return
        tried.append(1)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(store.index._updater, "apply_changes", failing)
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        store.index.update_from_files()
    assert len(tried) == OPEN_ATTEMPTS + 1
    monkeypatch.undo()
    store.close()


def test_an_index_replaced_by_another_process_is_opened_again(tmp_path: Path) -> None:
    """Whoever holds the old file moves to the new one before it writes."""
    put_deck(tmp_path)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    rate(two, "dog", [4])
    two.refresh_index()
    rate(one, "cat", [5])
    one.refresh_index()
    assert (
        len(replay_card_history(one, CardId("dog")).steps)
        == len(replay_card_history(one, CardId("cat")).steps)
        == 1
    )
    one.close()
    two.close()
    store = open_store(tmp_path)
    assert len(replay_card_history(store, CardId("cat")).steps) == 1
    store.close()


def test_a_replaced_index_leaves_the_new_one_alone(tmp_path: Path) -> None:
    """A look at the old one, while the new one is written, takes nothing of that back."""
    put_deck(tmp_path)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    two.refresh_index()
    writing = two.index.connection
    writing.execute("BEGIN IMMEDIATE")
    writing.execute("PRAGMA cache_size = 1")  # so that it comes to the disk before it is committed
    writing.executemany("INSERT INTO bad_line VALUES (?, 1, 'x', 0, 0)", [("x" * 99,)] * 2000)
    writing.execute("UPDATE card SET line = line + 1")
    begun = [path for path in paths_in(tmp_path).cache_dir.iterdir() if path.name.endswith("-journal")]
    assert begun
    assert len(list(cards.card_states(one.index.connection))) == 4
    assert all(path.exists() for path in begun)
    writing.execute("COMMIT")
    one.close()
    two.close()


@pytest.mark.parametrize("names", ["two", "one"])
def test_an_index_that_is_gone_is_used_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    """Deleted at any time, as one may: what is kept meanwhile is there for whoever comes next."""
    put_deck(tmp_path)
    if names == "one":  # as on file systems on which a file has just one

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    it = open_store(tmp_path)
    shutil.rmtree(paths_in(tmp_path).cache_dir)
    paths_in(tmp_path).cache_dir.mkdir()
    rate(it, "dog", [4])
    it.refresh_index()
    assert len(replay_card_history(it, CardId("dog")).steps) == 1
    it.close()
    with open_store(tmp_path) as it:
        assert len(replay_card_history(it, CardId("dog")).steps) == 1


@pytest.mark.parametrize("content", [b"", b"x" * 9000], ids=["emptied", "nonsense"])
def test_an_index_torn_under_an_open_store_is_done_without(tmp_path: Path, content: bytes) -> None:
    """What is asked of it is asked of another one, and what is kept is kept once."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    paths_in(tmp_path).index_file.write_bytes(content)
    entry = it.card_state(CardId("dog"))
    assert entry
    assert entry.progress.due
    rate(it, "dog", [4])
    it.close()
    with open_store(tmp_path) as it:
        assert len(replay_card_history(it, CardId("dog")).steps) == 2


def test_a_replaced_index_of_one_name_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file can have just one name, whoever has the old one goes over to the new one."""
    put_deck(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    one.index.clear_out_of_order("nobody")
    assert one.index._inode == two.index._inode == paths_in(tmp_path).index_file.stat().st_ino
    one.close()
    two.close()


def test_an_index_replaced_while_it_is_opened_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is gone a moment after it was read: the next look finds what took its place."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    made = paths_in(tmp_path).index_file.stat().st_ino
    lost: list[str] = []

    def lose(name: str) -> sqlite3.Connection:
        connection = index_connection.connect_index(name)
        if not lost:
            lost.append(name)
            Path(name).unlink()
        return connection

    monkeypatch.setattr(index, "connect_index", lose)
    with open_store(tmp_path) as it:
        rate(it, "dog", [4])
    assert lost
    assert paths_in(tmp_path).index_file.stat().st_ino == made


def test_what_a_killed_process_had_begun_to_make_goes(tmp_path: Path) -> None:
    """The next one that makes an index takes the draft away; it can be large."""
    put_deck(tmp_path)
    draft = paths_in(tmp_path).cache_dir / ".index.sqlite.1.tmp"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"x")
    open_store(tmp_path).close()
    assert not draft.exists()


def test_an_index_that_will_not_be_made_is_told_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again a few times, not for ever."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    tried: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        tried.append(1)
        raise sqlite3.DatabaseError("malformed")

    with monkeypatch.context() as patch:
        patch.setattr(it.index._updater, "apply_changes", refuse)
        patch.setattr(it.index, "rebuild", lambda: None)
        with pytest.raises(sqlite3.DatabaseError, match="malformed"):
            it.refresh_index()
    assert len(tried) == index.OPEN_ATTEMPTS + 1
    it.close()


def test_an_index_in_a_folder_of_any_name(tmp_path: Path) -> None:
    """SQLite takes its place as an address, in which some signs mean something."""
    folder = tmp_path / "a#b?c%41"
    put_deck(folder)
    with open_store(folder) as it:
        rate(it, "dog", [4])
    made = paths_in(folder).index_file.stat().st_ino
    with open_store(folder) as it:
        assert len(replay_card_history(it, CardId("dog")).steps) == 1
    assert paths_in(folder).index_file.stat().st_ino == made


def test_an_index_that_another_process_just_made_is_joined(tmp_path: Path) -> None:
    """Two that begin at the same time must not replace each other's index: both would use it."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    made = paths_in(tmp_path).index_file.stat().st_ino
    store.index._open_or_build().close()
    assert paths_in(tmp_path).index_file.stat().st_ino == made
    store.close()


def test_a_long_history_is_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading everything takes a moment, and the person is told why they wait."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    paths.index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.open_index.LONG_READ_BYTES", 10)
    told: list[str] = []
    StoreIndex(paths, Settings(), notify=told.append).connection.close()
    assert "Building the index from your history" in told[0]
    paths.index_file.unlink()
    done: list[float] = []
    index = StoreIndex(paths, Settings(), notify=told.append, on_progress=done.append)
    index.connection.close()
    assert (len(told), done[-1], done) == (1, 1, sorted(done))


def test_an_index_without_its_settings_is_made_anew(tmp_path: Path) -> None:
    """Whatever is amiss with a cache, the store opens, and says what its journals say."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    with closing(sqlite3.connect(paths_in(tmp_path).index_file)) as index:
        index.execute("DELETE FROM meta WHERE name = 'rollover'")
        index.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
        index.commit()
    store = open_store(tmp_path)
    assert len(replay_card_history(store, CardId("dog")).steps) == 1
    store.close()


def test_a_long_history_is_told_of_through_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the store hears that reading takes a while."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    paths_in(tmp_path).index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.open_index.LONG_READ_BYTES", 10)
    told: list[str] = []
    Store(paths_in(tmp_path), Settings(), now=Clock(), notify=told.append).close()
    assert "Building the index from your history" in told[0]


def test_a_long_history_is_told_share_by_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can show it hears how much is done, up to all of it, and no line; and once only."""
    put_deck(tmp_path)
    with open_store(tmp_path) as it:
        rate(it, "dog", [4] * 9)
        rate(it, "cat", [4])
    paths_in(tmp_path).index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.open_index.LONG_READ_BYTES", 10)
    monkeypatch.setattr("flashcards.storage.index.build.replay_cards.CARDS_PER_WRITE", 1)
    shares: list[float] = []
    store = Store(paths_in(tmp_path), Settings(), now=Clock(), notify=pytest.fail, on_progress=shares.append)
    assert shares == sorted(shares)
    assert (
        0
        < shares[0]
        <= READ_PROGRESS_SHARE * JOURNAL_PROGRESS_SHARE
        < shares[1]
        < shares[2]
        == JOURNAL_PROGRESS_SHARE
        < shares[-1]
        == 1
    )
    told: list[str] = []
    store.notify = told.append
    store.index.rebuild()
    store.close()
    assert shares[-1] == 1 == shares.count(1)
    assert "Building the index from your history" in told[0]
