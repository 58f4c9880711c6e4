"""The quick look says what the slow one says, or nothing; and what an import asks is answered."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Plan
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries import today as queries_today
from flashcards.storage.index.queries.fast_path import Glance, glance
from flashcards.storage.index.queries.notes import Histories, homes, texts
from flashcards.storage.index.queries.session_cards import Pool


def looked(folder: Path) -> Glance | None:
    paths = paths_in(folder)
    return glance(str(paths.data), str(paths.settings), str(paths.index))


def test_the_quick_look_says_what_the_slow_one_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits, the decks and today; with days off planned too, and only while it is true."""
    # Or it would wait two seconds.
    monkeypatch.setattr("flashcards.storage.index.build.update.FRESH_NS", -1)
    assert looked(tmp_path) is None
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    until = store.today + timedelta(days=2)
    store.keep([Plan(EventId(""), 0, store.now(), store.today + timedelta(days=1), until, 5)])
    store.close()
    store = open_store(tmp_path)
    index, today = store.index.connection, store.today.toordinal()
    found = looked(tmp_path)
    assert found
    with found:
        assert (found.deck_names(), found.faults()) == (["French"], 0)
        assert found.count(NOON, []).decks == counts.count(index, today).decks
        assert found.today(NOON) == queries_today.look(index, store.today)
    assert homes(index)["dog"] == "decks/french.yaml"
    assert texts(index, "decks/french.yaml", "dog") == [(4, "le chien", "the dog")]
    assert [len(Histories(index).of(CardId(name))) for name in ("dog", "cat")] == [1, 0]
    store.close()
    time.sleep(0.01)
    put_deck(tmp_path, "deck: More\n", "more.yaml")
    assert looked(tmp_path) is None
    paths_in(tmp_path).index.write_bytes(b"x" * 5000)
    assert looked(tmp_path) is None


def test_a_pool_answers_all_that_a_plan_asks(tmp_path: Path) -> None:
    """Cards to be due, all of them, those unseen since a day, and how they stand."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    rate(store, "cat", [1])
    store.refresh()
    pool = Pool(store.index.connection, store.today.toordinal())
    assert set(pool.becoming_due(1)) == {"dog", "cat"}
    assert pool.again() == ["cat"]
    assert pool.everything()[:2] == pool.becoming_due(1)
    assert len(pool.everything()) == 4
    assert len(pool.unseen(pool.today)) == 2
    assert (pool.new_done(), pool.seen_first_today(pool.today - 9)) == (2, 2)
    assert max(pool.schedules(), key=str) == (None, 250, 0, 0)
    assert pool.count("in_deck") == 4
    store.close()
