"""The keys of the list of cards: what a search finds, in the order of a column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, Clock, open_store, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, SetDue, Suspend
from flashcards.core.progress import DEFAULT_MODEL, CardState
from flashcards.storage.index.queries import card_list, cards, counts
from flashcards.storage.store import Store

TODAY = NOON.date()
SORT_KEYS: dict[str, Callable[[CardState], object]] = {
    "front": lambda entry: entry.card.front.lower(),
    "deck": lambda entry: entry.card.deck.lower(),
    "state": lambda entry: (
        4
        if entry.progress.suspended
        else ["new", "learning", "young", "mature"].index(entry.progress.stage(TODAY).value)
    ),
    "due": lambda entry: entry.progress.due,
    "recall": lambda entry: entry.progress.chance_of_recall(TODAY, DEFAULT_MODEL),
    "lapses": lambda entry: entry.progress.memory.lapses,
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store with cards in every state."""
    for name in ("b", "A", "c"):
        notes = "".join(
            f"  - {{id: {name}{i}, front: '{'zYx'[i % 3]} {i}', back: x, tags: [t{i % 2}]}}\n"
            for i in range(6)
        )
        put_deck(tmp_path, f"deck: {name}\ncards:\n{notes}", f"{name}.yaml")
    opened = open_store(tmp_path, Clock())
    rate(opened, "b0", [4])
    rate(opened, "b1", [1])
    for i, (interval, lapses) in enumerate([(40, 1), (5, 9), (90, 0)]):
        due = TODAY + timedelta(days=interval - 3)
        at = opened.now()
        opened.append_events([SetDue(EventId(""), 0, at, CardId(f"c{i}"), due, interval, 250, 3, lapses)])
    opened.append_events([Suspend(EventId(""), 0, opened.now(), CardId("c2"))])
    opened.refresh_index()
    return opened


def ids(store: Store, search: str, column: str = "", *, descending: bool = False) -> list[CardId]:
    def ask(index: object) -> list[CardId]:
        keys = card_list.list_card_keys(
            index, search, store.search_context, column, descending=descending  # type: ignore[arg-type]
        )  # fmt: skip
        return card_list.card_ids(index, keys)  # type: ignore[arg-type]

    return store.query(ask)


@pytest.mark.parametrize("column", SORT_KEYS)
@pytest.mark.parametrize("descending", [False, True])
def test_a_column_sorts_as_its_values_do(store: Store, column: str, *, descending: bool) -> None:
    """Both ways; cards that have no value come last both ways, and ties keep one order."""
    entries = list(store.query(lambda index: list(cards.card_states(index))))
    by_id = {entry.card.id: entry for entry in entries}
    found = [SORT_KEYS[column](by_id[name]) for name in ids(store, "", column, descending=descending)]
    valued = [value for value in found if value is not None]
    assert len(found) == len(entries)
    assert valued == sorted(valued, reverse=descending)  # type: ignore[type-var]
    assert found == valued + [None] * (len(found) - len(valued))
    assert len(set(valued)) > 1


def test_without_a_column_the_decks_give_the_order(store: Store) -> None:
    """As `cards` lists them, and only what the search finds."""
    listed = [entry.card.id for entry in store.query(lambda index: list(cards.card_states(index)))]
    assert ids(store, "") == listed
    assert ids(store, "tag:t1 -is:suspended") == [n for n in listed if n[1] in "135" and n != "c2"]
    assert store.query(card_list.count_cards) == len(listed)


def test_a_key_finds_its_card_and_a_gone_card_is_left_out(store: Store, tmp_path: Path) -> None:
    """Keys stay while a card does; of one that a deck lost nothing comes back."""
    names = [CardId("b0"), CardId("A1"), CardId("c3")]
    keys = store.query(lambda index: [card_list.card_key(index, name) for name in names])
    assert all(keys)
    assert store.query(lambda index: card_list.card_ids(index, keys)) == ["b0", "A1", "c3"]
    put_deck(tmp_path, "deck: A\ncards: []\n", "A.yaml")
    store.refresh_index()
    assert store.query(lambda index: card_list.card_ids(index, keys)) == ["b0", "c3"]
    assert store.query(lambda index: card_list.card_key(index, CardId("A1"))) == 0


def test_tags_come_by_how_often_they_are_used(store: Store) -> None:
    """The most used first."""
    assert [tag for tag, _ in store.query(counts.count_tags)] == ["t0", "t1"]
