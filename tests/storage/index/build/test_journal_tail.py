"""A journal is read from where it is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import open_store, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.storage import files
from flashcards.storage.journal.journal_files import list_journal_files
from replay_oracle import replay_card_history


def test_a_long_journal_is_compared_by_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one that grew is not read from the top; one whose end is another is made anew."""
    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.MAX_FULL_COMPARE_BYTES", 100)
    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.TAIL_BYTES", 64)
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 5])
    store.refresh_index()
    asked: list[int] = []

    def reading(path: Path, start: int, size: int, total: int | None = None) -> Iterator[bytes]:
        asked.append(start)
        return files.read_chunks(path, start, size, total)

    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.read_chunks", reading)
    rate(store, "cat", [4])
    store.refresh_index()
    assert asked[0] > 0
    (path,) = list_journal_files(store.paths.journal_dir)
    path.write_bytes(b"\n" + path.read_bytes())
    store.refresh_index()
    assert asked[-1] == 0
    assert len(replay_card_history(store, CardId("dog")).steps) == 2
    store.close()
