"""An index that others replace: whoever has it open goes over to the new one, and loses nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from factories import open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.storage.index import connection as index_connection
from flashcards.storage.index.build.update import LockHolder
from flashcards.storage.index.index import OPEN_ATTEMPTS
from flashcards.storage.store import Store

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
    return len(store.replay_card_history(card).steps)


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

    monkeypatch.setattr("flashcards.storage.index.index.connect_index", deleting)
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
