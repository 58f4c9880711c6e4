"""Siblings kept apart: on any day, at most one card of a note, and counts that say the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import Clock, open_store, put_deck, rate
from flashcards.core.agenda import tie
from flashcards.core.card import CardId
from flashcards.core.progress import Entry
from flashcards.storage import counts, reading
from flashcards.storage.choosing import Pool
from flashcards.storage.counts import NO_PLAN
from flashcards.storage.settings import Settings
from flashcards.storage.store import Store

DECK = """deck: French
reverse: true
cards:
  - {id: dog, front: le chien, back: the dog}
  - {id: cat, front: le chat, back: the cat}
  - {id: one, front: alone, back: by itself, reverse: false}
  - {id: heart, cloze: "The {{heart}} pumps {{blood}} through {{arteries}}."}
"""
MANY = 1_000


def asked(store: Store) -> tuple[list[CardId], list[CardId]]:
    """Return the cards due and new that a session would ask."""
    index, today = store.index.connection, store.today.toordinal()
    pool = Pool(index, today)
    return pool.due(MANY, NO_PLAN)[0], pool.new(MANY)


def expected(store: Store) -> tuple[list[CardId], list[CardId]]:
    """Return the same by the rule itself, card after card."""
    today = store.today
    entries = list(reading.entries(store.index.connection))
    awake = [e for e in entries if not e.progress.asleep(today)]
    new = [e for e in awake if e.progress.due is None]
    due = [(e.progress.due, tie(e.card.id), e) for e in awake if e.progress.due]
    due = sorted((place for place in due if place[0] <= today), key=lambda place: place[:2])
    answered = {e.card.note for e in entries if e.progress.answered == today}
    waiting_too = answered | {e.card.note for *_, e in due}
    return _first([e for *_, e in due], answered), _first(new, waiting_too)


def _first(entries: list[Entry], taken: set[str]) -> list[CardId]:
    found, notes = [], set(taken)
    for entry in entries:
        if entry.card.note not in notes:
            notes.add(entry.card.note)
            found.append(entry.card.id)
    return found


def check(store: Store) -> None:
    due, new = asked(store)
    assert (due, new) == expected(store)
    found = counts.count(store.index.connection, store.today.toordinal())
    assert (found.due, found.new) == (len(due), len(new))


def test_the_first_card_of_a_note_keeps_the_others_for_another_day(tmp_path: Path) -> None:
    """New siblings come one a day; an answer today keeps the others out until tomorrow."""
    put_deck(tmp_path, DECK)
    clock = Clock()
    store = open_store(tmp_path, clock)
    names = [e.card.id for e in reading.entries(store.index.connection)]
    assert len(names) == 8
    assert asked(store) == ([], ["dog", "cat", "one", names[5]])
    rate(store, "dog", [4])
    store.refresh()
    assert asked(store) == ([], ["cat", "one", names[5]])
    check(store)
    clock.at += timedelta(days=1)
    assert asked(store) == (["dog"], ["cat", "one", names[5]])
    rate(store, "dog", [4])
    store.refresh()
    clock.at += timedelta(days=1)
    assert asked(store)[1] == ["dog/r", "cat", "one", names[5]]
    store.close()


def test_of_siblings_that_are_due_one_is_asked_a_day(tmp_path: Path) -> None:
    """Both were learned on one day; the other waits until its day comes."""
    put_deck(tmp_path, DECK)
    clock = Clock()
    store = open_store(tmp_path, clock)
    for name in ("dog", "dog/r"):
        rate(store, name, [4])
    store.refresh()
    clock.at += timedelta(days=1)
    (first,) = asked(store)[0]
    check(store)
    rate(store, first, [4])
    store.refresh()
    assert asked(store)[0] == []
    check(store)
    clock.at += timedelta(days=1)
    assert asked(store)[0] == [{"dog": "dog/r", "dog/r": "dog"}[first]]
    check(store)
    store.close()


def test_a_repeat_is_never_kept_back(tmp_path: Path) -> None:
    """The card that was answered today itself comes back when it is to be repeated."""
    put_deck(tmp_path, DECK)
    store = open_store(tmp_path)
    rate(store, "dog", [1])
    store.refresh()
    index, today = store.index.connection, store.today.toordinal()
    assert Pool(index, today).again() == ["dog"]
    assert counts.count(index, today).learning == 1
    store.close()


def test_a_setting_lets_siblings_come_together(tmp_path: Path) -> None:
    """With siblings_apart = false every card counts for itself."""
    put_deck(tmp_path, DECK)
    store = open_store(tmp_path, settings=Settings(siblings_apart=False))
    assert len(asked(store)[1]) == 8
    assert counts.count(store.index.connection, store.today.toordinal()).new == 8
    store.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 5), st.integers(0, 9)), max_size=25))
def test_counts_say_what_a_session_asks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    """Whatever was answered when, the counts are those of the cards that are asked."""
    folder = tmp_path_factory.mktemp("siblings")
    put_deck(folder, DECK)
    clock = Clock()
    store = open_store(folder, clock)
    names = [e.card.id for e in reading.entries(store.index.connection)]
    for which, rating, days in steps:
        rate(store, names[which], [rating])
        clock.at += timedelta(days=days)
    store.refresh()
    check(store)
    store.close()
