"""What this machine remembers of its stores."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from factories import open_store, paths_in, put_deck, rate, records
from flashcards.storage.index.replace_index import count_missing_events
from flashcards.storage.known_stores import KnownStore, forget_known_store, load_known_store, save_known_store


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"stores":[]}', '{"stores":{"x":{"store":"y"}}}',
     '{"stores":{"x":{"store":"y","events":"many"}}}',
     '{"stores":{"x":{"store":"y","events":1,"writing":"z"}}}'],
)  # fmt: skip
def test_a_damaged_memory_is_none(tmp_path: Path, content: str) -> None:
    """What cannot be understood is as if it were not there, and is written anew."""
    path = tmp_path / "known.json"
    path.write_text(content)
    assert load_known_store(path, Path("x")) is None
    save_known_store(path, Path("x"), KnownStore("s", 3))
    assert load_known_store(path, Path("x")) == KnownStore("s", 3)


def test_a_memory_never_forgets_what_another_process_saw(tmp_path: Path) -> None:
    """Of one store the higher figures stay; who writes is counted in and out."""
    path, data = tmp_path / "known.json", Path("x")
    save_known_store(path, data, KnownStore("s", 9, 1, "dev", 7), begins=11)
    save_known_store(path, data, KnownStore("s", 5, 2, "dev", 6), begins=12)
    assert load_known_store(path, data) == KnownStore("s", 9, 2, "dev", 7, [11, 12])
    save_known_store(path, data, KnownStore("s", 5, 2, "new", 1), ends=11)
    assert load_known_store(path, data) == KnownStore("s", 9, 2, "new", 1, [12])
    save_known_store(path, data, KnownStore("t", 1), ends=12)
    assert load_known_store(path, data) == KnownStore("t", 1)


def test_what_is_not_remembered_can_be_forgotten(tmp_path: Path) -> None:
    """To take a store as it is twice does no harm; nor does an index of another make accuse."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    for _ in range(2):
        forget_known_store(paths_in(tmp_path))
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE x (y)")
    with closing(sqlite3.connect(":memory:", uri=True)) as new:
        assert count_missing_events(new, other) == 0
    open_store(tmp_path).close()


def test_what_is_remembered_at_the_end(tmp_path: Path) -> None:
    """The store's id, how much it has, and who wrote how far; nobody is writing any more."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    paths = paths_in(tmp_path)
    ident = json.loads(paths.format_file.read_text())["store"]
    it.close()
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 0, 1)
    it = open_store(tmp_path)
    rate(it, "dog", [4, 5])
    begun = load_known_store(paths.known_stores_file, paths.data_dir)
    assert begun
    assert len(begun.writing) == 1
    it.close()
    device = records(tmp_path)[0].device_id
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 3, 1, device, 3)
    open_store(tmp_path).close()
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 3, 1, device, 3)
