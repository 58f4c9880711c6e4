"""A session takes what `due` counts, in the order that was asked for, within every limit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOON, Clock, open_store, paths_in, put_deck, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import CatchUpPlan, EventId, Review, SetDue
from flashcards.storage.index.open_index import StoreIndex
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import NO_PLAN
from flashcards.storage.index.queries.fast_path import open_current_index
from flashcards.storage.index.queries.session_cards import ORDER_CLAUSES, SessionCards
from flashcards.storage.settings.settings import STUDY_ORDERS, DeckSettings, Settings
from flashcards.storage.store import Store

TODAY = NOON.date()
DAY = timedelta(days=1)


def deck(name: str, cards: int) -> str:
    return f"deck: {name}\ncards:\n" + "".join(
        f"  - {{id: {name}{i}, front: Question {i}, back: Answer}}\n" for i in range(cards)
    )


def due(name: str, days: int, interval: int = 3, ease: int = 250) -> SetDue:
    """Return the event that makes a card due some days from today."""
    common = EventId(""), 0, NOON, CardId(name)
    return SetDue(*common, due=TODAY + days * DAY, interval=interval, ease=ease, lapses=0)


def full(home: Path, settings: Settings | None = None) -> Store:
    """Return a store with thirty due cards of two decks, and twenty new ones of a third."""
    for name in "abn":
        put_deck(home, deck(name, 20), f"{name}.yaml")
    store = open_store(home, Clock(), settings)
    store.append_events([due(f"a{i}", -i, interval=1 + i % 7, ease=130 + 9 * i) for i in range(20)])
    store.append_events([due(f"b{i}", -2 * i) for i in range(10)] + [due(f"b{i}", i) for i in range(10, 20)])
    store.refresh_index()
    return store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    found = full(home)
    yield found
    found.close()


def asked(store: Store, only: tuple[str, ...] = ()) -> tuple[list[CardId], list[CardId]]:
    """Return the due and new cards that a session with the usual wishes would take."""
    index, today = store.index.connection, store.today.toordinal()
    where, values = counts.deck_condition(only)
    pool = SessionCards(index, today, where.removeprefix("AND ") or "1", values)
    share = counts.load_plan_share(index, today)
    late = counts.count_backlog(index, today, share)
    everywhere = sum(counts.count_due_by_deck(index, today, share).values())
    new, reviews, _ = counts.remaining_limits(index, today, everywhere, late)
    due_today, late_today = pool.due_cards(reviews, share)
    return due_today + late_today, pool.new_cards(new)


@pytest.mark.parametrize("order", STUDY_ORDERS)
def test_every_order_has_each_card_once(store: Store, order: str) -> None:
    """Whatever the order, all due cards are there, and twice the same way."""
    pool = SessionCards(store.index.connection, TODAY.toordinal(), order=order)
    found, _ = pool.due_cards(1000, NO_PLAN)
    assert sorted(found) == sorted([f"a{i}" for i in range(20)] + [f"b{i}" for i in range(10)])
    assert pool.due_cards(1000, NO_PLAN)[0] == found
    assert pool.due_cards(5, NO_PLAN)[0] == found[:5]
    assert set(ORDER_CLAUSES) == set(STUDY_ORDERS)


def test_orders_say_what_they_mean(store: Store) -> None:
    """The longest due, the latest for its interval, the lowest ease; another shuffle each day."""
    index, today = store.index.connection, TODAY.toordinal()

    def first(order: str, day: int = today) -> list[CardId]:
        return SessionCards(index, day, order=order).due_cards(30, NO_PLAN)[0]

    assert first("due")[0] == "a19"
    assert first("hardest")[0] == "a0"
    assert first("overdue-first")[0] == "a14"
    assert first("random") != first("random", today + 1)
    assert sorted(first("random")) == sorted(first("due"))


@settings(max_examples=25, deadline=None)
@given(days=st.integers(-5, 25), per_day=st.integers(0, 12), off=st.integers(0, 6))
def test_what_due_counts_is_what_study_asks(planned: Store, days: int, per_day: int, off: int) -> None:
    """On any day, with any plan, with limits of decks or without, both agree."""
    first = TODAY + days * DAY
    event = CatchUpPlan(EventId(""), 0, planned.now(), first, first + off * DAY, per_day)
    planned.append_events([event])
    planned.refresh_index()
    index = planned.index.connection
    for day in (TODAY, TODAY + 3 * DAY, TODAY + 20 * DAY):
        planned.now.to(day)  # type: ignore[attr-defined]  # the test's own clock
        for only in ((), ("a",), ("b", "n")):
            found = counts.count_due(index, day.toordinal(), only)
            due, new = asked(planned, only)
            assert (found.due, found.new) == (len(due), len(new))
    undo_last(planned)


@pytest.fixture(scope="module", params=["plain", "limited"])
def planned(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return a store whose decks have limits of their own, or not."""
    own = {"a": DeckSettings(reviews_per_day=7), "n": DeckSettings(new_per_day=2)}
    decks = own if request.param == "limited" else {}
    found = full(tmp_path_factory.mktemp("planned"), Settings(deck_settings=decks))
    yield found
    found.close()


def test_a_deck_keeps_to_its_own_limits(home: Path) -> None:
    """What was answered today counts; other decks are as ever."""
    decks = {"a": DeckSettings(reviews_per_day=3), "n": DeckSettings(new_per_day=2, repeat_below=0)}
    store = full(home, Settings(deck_settings=decks))
    due, new = asked(store)
    assert sum(card.startswith("a") for card in due) == 3
    assert new == ["n0", "n1"]
    common = EventId(""), 0, store.now()
    store.append_events([Review(*common, CardId("a5"), 2, 9), Review(*common, CardId("n0"), 2, 9)])
    store.refresh_index()
    due, new = asked(store)
    assert sum(card.startswith("a") for card in due) == 2
    assert new == ["n1"]
    index, today = store.index.connection, TODAY.toordinal()
    assert counts.count_learning_by_deck(index, today) == {"a": 1}
    pool = SessionCards(index, today)
    assert pool.cards_to_repeat() == ["a5"]
    assert pool.repeat_below_by_card([CardId("n0"), CardId("a5")]) == {"n0": 0}
    store.close()


def test_a_plan_asks_its_share_a_day(home: Path) -> None:
    """Old cards come N a day behind today's own, new ones pause; undo takes it all back."""
    store = full(home)
    store.append_events([Review(EventId(""), 0, NOON - DAY, CardId("n19"), 4, 9)])
    store.append_events([CatchUpPlan(EventId(""), 0, store.now(), TODAY, TODAY, 4)])
    store.refresh_index()
    index = store.index.connection
    share = counts.load_plan_share(index, TODAY.toordinal())
    today, late = SessionCards(index, TODAY.toordinal()).due_cards(200, share)
    assert sorted(today) == ["a0", "b0", "n19"]
    assert late == ["a19", *late[1:]]
    assert len(late) == 4
    found = counts.count_due(index, TODAY.toordinal())
    assert (found.due, found.new, found.new_cards_paused, found.postponed) == (7, 0, True, 24)
    common = EventId(""), 0, store.now()
    store.append_events([Review(*common, late[0], 4, 9), Review(*common, CardId("n19"), 4, 9)])
    store.refresh_index()
    assert counts.load_plan_share(index, TODAY.toordinal()).remaining == 3
    assert counts.count_due(index, TODAY.toordinal()).due == 5
    assert counts.load_plan_share(index, TODAY.toordinal() + 1).remaining == 4
    undo_last(store)
    assert isinstance(undo_last(store), CatchUpPlan)
    assert counts.count_due(store.index.connection, TODAY.toordinal()).due == 31
    store.close()


def test_days_off_ask_nothing_and_spread_it_after(home: Path) -> None:
    """Nothing is asked from the first day to the last; then what fell due comes in shares."""
    store = full(home)
    first, until = TODAY + 2 * DAY, TODAY + 9 * DAY
    store.append_events([CatchUpPlan(EventId(""), 0, store.now(), first, until, 5)])
    store.refresh_index()
    index = store.index.connection
    before, off = (counts.count_due(index, (TODAY + n * DAY).toordinal()) for n in (1, 2))
    assert (before.due, before.off_until) == (30, None)
    assert (off.due, off.new, off.learning, off.off_until) == (0, 0, 0, until)
    after = counts.count_due(index, until.toordinal())
    assert (after.due, after.postponed, after.new_cards_paused) == (5, 25, True)
    store.close()


def test_settings_that_change_under_an_open_index_are_read_again(home: Path) -> None:
    """What was noted under the old ones is not trusted by whoever comes next."""
    store = full(home)
    store.close()
    paths = paths_in(home)
    index = StoreIndex(paths, Settings(), notify=print, clock_ns=lambda: time.time_ns() + 10**10)
    index.update_from_files()
    places = str(paths.data_dir), str(paths.settings_file), str(paths.index_file)
    found = open_current_index(*places)
    assert found is not None
    found.close()
    paths.settings_file.parent.mkdir(parents=True)
    paths.settings_file.write_text("new_per_day = 1\n", encoding="utf-8")
    index.update_from_files()
    assert open_current_index(*places) is None
    index.connection.close()
