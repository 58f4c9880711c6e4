"""The quick look says what the slow one says, or nothing; and what an import asks is answered."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest

from factories import NOON, open_store, paths_in, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.core.events import CatchUpPlan, EventId
from flashcards.core.scheduling import ForecastCard
from flashcards.core.sm2 import MemoryState
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries import today_counts as queries_today
from flashcards.storage.index.queries.card_events import CardHistories
from flashcards.storage.index.queries.cards import deck_path_by_note, note_cards
from flashcards.storage.index.queries.fast_path import open_current_index, study_day_of_index
from flashcards.storage.index.queries.session_cards import SessionCards


def looked(folder: Path) -> Connection | None:
    paths = paths_in(folder)
    return open_current_index(str(paths.data_dir), str(paths.settings_file), str(paths.index_file))


def test_the_quick_look_says_what_the_slow_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits, the decks and today; with days off planned too, and only while it is true."""
    # Or it would wait two seconds.
    monkeypatch.setattr("flashcards.storage.index.build.update.MIN_TRUSTED_AGE_NS", -1)
    assert looked(tmp_path) is None
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    until = store.today + timedelta(days=2)
    store.append_events(
        [
            CatchUpPlan(
                EventId(""),
                0,
                store.now(),
                store.today + timedelta(days=1),
                until,
                5,
            )
        ]
    )
    store.close()
    store = open_store(tmp_path)
    index, today = store.index.connection, store.today.toordinal()
    found = looked(tmp_path)
    assert found
    with closing(found):
        assert study_day_of_index(found, NOON) == store.today
        assert (counts.list_deck_names(found), queries_today.count_problems(found)) == (["French"], 0)
        assert counts.count_due(found, today) == counts.count_due(index, today)
        assert queries_today.load_today(found, store.today) == queries_today.load_today(index, store.today)
    assert deck_path_by_note(index)["dog"] == "decks/french.yaml"
    assert [(card.line, card.front) for card in note_cards(index, "dog")] == [(4, "le chien")]
    assert [len(CardHistories(index).effective_events(CardId(name))) for name in ("dog", "cat")] == [1, 0]
    store.close()
    time.sleep(0.01)
    put_deck(tmp_path, "deck: More\n", "more.yaml")
    assert looked(tmp_path) is None
    paths_in(tmp_path).index_file.write_bytes(b"x" * 5000)
    assert looked(tmp_path) is None


def test_a_pool_answers_all_that_a_plan_asks(tmp_path: Path) -> None:
    """Cards to be due, all of them, those unseen since a day, and how they stand."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    rate(store, "cat", [1])
    store.refresh_index()
    pool = SessionCards(store.index.connection, store.today.toordinal())
    assert set(pool.cards_becoming_due(1)) == {"dog", "cat"}
    assert pool.cards_to_repeat() == ["cat"]
    assert pool.all_cards()[:2] == pool.cards_becoming_due(1)
    assert len(pool.all_cards()) == 4
    assert len(pool.cards_not_answered_since(pool.today_ordinal)) == 2
    assert (pool.count_new_done(), pool.count_first_seen_today(pool.today_ordinal - 9)) == (2, 2)
    assert max(pool.card_schedules(), key=str) == (None, ForecastCard(MemoryState()))
    assert pool.count_cards("in_deck") == 4
    store.close()
