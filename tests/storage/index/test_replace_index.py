"""Indexes beside the one in use: their events are counted."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from factories import open_store, paths_in, put_deck, rate
from flashcards.errors import LostHistoryError
from flashcards.storage.index.replace_index import count_events_in_index, count_missing_events


def test_an_index_tells_its_events_while_it_is_whole(tmp_path: Path) -> None:
    """Of its own store only; nonsense and other folders say nothing."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    assert count_events_in_index(paths.index_file, paths.data_dir) == 2
    assert count_events_in_index(paths.index_file, tmp_path) == 0
    assert count_events_in_index(tmp_path / "none", paths.data_dir) == 0
    shutil.rmtree(paths.data_dir)
    paths.known_stores_file.unlink()
    with pytest.raises(LostHistoryError, match="2 events"):
        open_store(tmp_path)
    paths.index_file.write_bytes(b"x" * 5000)
    assert count_events_in_index(paths.index_file, paths.data_dir) == 0


def test_only_a_whole_index_accuses(tmp_path: Path) -> None:
    """What an earlier index had counts where that index is sound, and not else."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    new = sqlite3.connect(":memory:", uri=True)
    new.execute("CREATE TABLE event (id TEXT PRIMARY KEY)")
    assert count_missing_events(new, paths.index_file) == 2
    assert count_missing_events(new, tmp_path / "none") == 0
    (tmp_path / "odd").write_bytes(b"x" * 5000)
    assert count_missing_events(new, tmp_path / "odd") == 0
    new.close()
