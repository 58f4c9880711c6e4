"""A search asked of the index finds just what the core's own reading of it finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, Clock, open_store, put_deck
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, EventId, Mark, Review, SetDue, Suspend
from flashcards.core.search_query import SearchContext, parse_query
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.search import (
    build_search_condition,
    find_cards,
    find_near_duplicates,
)
from flashcards.storage.store import Store
from search_oracle import matches_query

TODAY = NOON.date()
CONTEXT = SearchContext(TODAY)
CARDS = """deck: Été & "more"
tags: [Größe]
cards:
""" + "".join(
    f"  - {{id: c{i}, front: 'Fräge {i}', back: 'İ answer {i % 3}', tags: [t{i % 4}, T{i % 3}x]}}\n"
    for i in range(24)
)
TERMS = (
    *("fräge", '"answer 1"', "İ", "tag:größe", "tag:t1", "tag=t1", "tag!=t2x", "deck:été", "id:c1"),
    *("id=c1", "deck:French", "text:or", "ease<2.5", "ease>=2.5", "interval>3", "lapses=1"),
    *("lapses:0", "repetitions!=0", "rated<3", "rated:4", "due:today", "due<7", "due<0"),
    *("due>=2026-01-06", "answered:today", "answered<3", "answered>1", "answered<=2026-01-04"),
    *(f"is:{s}" for s in ("new", "learning", "young", "mature", "due", "suspended", "buried")),
    *("is:leech", "is:marked"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with cards in every state."""
    home = tmp_path_factory.mktemp("finding")
    put_deck(home, CARDS)
    store = open_store(home, Clock())
    new, day = EventId(""), timedelta(days=1)
    for i in range(18):
        name, at = CardId(f"c{i}"), NOON - i % 5 * day
        store.append_events([Review(new, 0, at, name, 1 + i % 5, 900)])
        if i % 3 == 0:
            store.append_events([SetDue(new, 0, at, name, TODAY + (i - 9) * day, 3 * i + 1, 130 + 9 * i)])
        if i % 4 == 0:
            store.append_events([Review(new, 0, at, name, 1 + i % 3, 900)])
    store.append_events([Suspend(new, 0, NOON, CardId("c2")), Mark(new, 0, NOON, CardId("c3"), why="typo")])
    store.append_events([Bury(new, 0, NOON, CardId("c4"), TODAY + day)])
    store.append_events([SetDue(new, 0, NOON, CardId("c5"), TODAY, 3, 140, 0, 9)])
    store.refresh_index()
    yield store
    store.close()


QUERIES = st.recursive(
    st.sampled_from(TERMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" or ".join),
        inner.map(lambda term: f"-({term})"),
        inner.map(lambda term: f"({term})"),
    ),
    max_leaves=5,
)


@given(QUERIES)
def test_both_readings_agree(store: Store, query: str) -> None:
    """Whatever is asked, SQL and the core name the same cards."""
    index = store.index.connection
    tree = parse_query(query, TODAY)
    where = build_search_condition(index, tree, CONTEXT)
    found = [e.card.id for e in cards.card_states(index, f"in_deck AND {where.sql}", where.values)]
    assert found == [e.card.id for e in cards.card_states(index) if matches_query(tree, e, CONTEXT)]


@pytest.mark.parametrize("query", TERMS)
def test_each_term_agrees_and_tells_apart(store: Store, query: str) -> None:
    """Every kind of term says the same in both, for one card at least."""
    index, tree = store.index.connection, parse_query(query, TODAY)
    found = {e.card.id for e in find_cards(index, query, CONTEXT)}
    assert found == {e.card.id for e in cards.card_states(index) if matches_query(tree, e, CONTEXT)}
    if query not in ("deck:French", "interval>3", "text:or", "id=c1"):
        assert found


def test_no_words_find_everything(store: Store) -> None:
    """No words at all find the whole library, by the plainest condition."""
    assert build_search_condition(store.index.connection, parse_query(" ", TODAY), CONTEXT).sql == "1"
    assert len(list(find_cards(store.index.connection, "", CONTEXT))) == 24


def test_cards_that_ask_nearly_the_same_are_found(store: Store) -> None:
    """By the words that tell; where a front has none, nothing is near it."""
    near = find_near_duplicates(store.index.connection, "Fräge 11?", limit=2)
    assert CardId("c11") in [entry.card.id for entry in near]
    assert find_near_duplicates(store.index.connection, "…") == []
