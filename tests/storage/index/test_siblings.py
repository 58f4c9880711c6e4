"""Siblings kept apart: on any day, at most one card of a note, and counts that say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import NOON, Clock, open_store, paths_in, put_deck, rate, review, undo_last
from flashcards.core.cards import CardId, shuffle_key
from flashcards.core.events import Bury, EventId, Reset, Suspend, UndoableEvent, Unsuspend
from flashcards.core.progress import CardState
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import NO_PLAN
from flashcards.storage.index.queries.session_cards import SessionCards
from flashcards.storage.index.siblings import HIDDEN_UNTIL
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import append_imported

DECK = """deck: French
reverse: true
cards:
  - {id: dog, front: le chien, back: the dog}
  - {id: cat, front: le chat, back: the cat}
  - {id: one, front: alone, back: by itself, reverse: false}
  - {id: heart, cloze: "The {{heart}} pumps {{blood}} through {{arteries}}."}
"""
MANY = 10_000
ALIVE = "in_deck AND NOT suspended"
MARKS: dict[str, Callable[..., UndoableEvent]] = {
    "suspend": Suspend,
    "unsuspend": Unsuspend,
    "reset": Reset,
}


def asked(store: Store) -> tuple[list[CardId], list[CardId]]:
    """Return the cards due and new that a session would ask."""
    index, today = store.index.connection, store.today.toordinal()
    pool = SessionCards(index, today)
    return pool.due_cards(MANY, NO_PLAN)[0], pool.new_cards(MANY)


def expected(store: Store) -> tuple[list[CardId], list[CardId]]:
    """Return the same by the rule itself, card after card."""
    today = store.today
    entries = list(queries_cards.card_states(store.index.connection))
    awake = [e for e in entries if not e.progress.is_hidden(today)]
    new = [e for e in awake if e.progress.due is None]
    due = [(e.progress.due, shuffle_key(e.card.id), e) for e in awake if e.progress.due]
    due = sorted((place for place in due if place[0] <= today), key=lambda place: place[:2])
    answered = {e.card.note_id for e in entries if e.progress.last_answered == today}
    waiting_too = answered | {e.card.note_id for *_, e in due}
    asked_due = _first([e for *_, e in due], answered)
    day = today.toordinal() % 999_983 + 1
    order = {e.card.id: (when, key % 1_000_003 * day % 1_000_003, e.card.id) for when, key, e in due}
    return sorted(asked_due, key=order.__getitem__), _first(new, waiting_too)


def _first(entries: list[CardState], taken: set[str]) -> list[CardId]:
    found, notes = [], set(taken)
    for entry in entries:
        if entry.card.note_id not in notes:
            notes.add(entry.card.note_id)
            found.append(entry.card.id)
    return found


def check(store: Store) -> None:
    index = store.index.connection
    wrong = "SELECT id FROM card WHERE note_group IS NOT NULL "
    wrong += f"AND {ALIVE} AND hidden_until <> {HIDDEN_UNTIL}"
    assert not index.execute(wrong).fetchall()
    due, new = asked(store)
    assert (due, new) == expected(store)
    found = counts.count_due(index, store.today.toordinal())
    assert found.due == len(due)
    assert found.new == (0 if found.new_cards_paused else len(new))


def test_the_first_card_of_a_note_keeps_the_others_for_another_day(tmp_path: Path) -> None:
    """New siblings come one a day; an answer today keeps the others out until tomorrow."""
    put_deck(tmp_path, DECK)
    clock = Clock()
    store = open_store(tmp_path, clock)
    names = [e.card.id for e in queries_cards.card_states(store.index.connection)]
    assert len(names) == 8
    assert asked(store) == ([], ["dog", "cat", "one", names[5]])
    rate(store, "dog", [4])
    store.refresh_index()
    assert asked(store) == ([], ["cat", "one", names[5]])
    check(store)
    clock.at += timedelta(days=1)
    assert asked(store) == (["dog"], ["cat", "one", names[5]])
    rate(store, "dog", [4])
    store.refresh_index()
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
    store.refresh_index()
    clock.at += timedelta(days=1)
    (first,) = asked(store)[0]
    check(store)
    rate(store, first, [4])
    store.refresh_index()
    assert asked(store)[0] == []
    check(store)
    clock.at += timedelta(days=1)
    assert asked(store)[0] == [{"dog": "dog/r", "dog/r": "dog"}[first]]
    check(store)
    store.close()


def test_a_card_that_is_buried_lets_its_sibling_go_first(tmp_path: Path) -> None:
    """Its turn is another's for the days that it sleeps; suspended, until it is asked again."""
    put_deck(tmp_path, DECK)
    clock = Clock()
    store = open_store(tmp_path, clock)
    for name in ("dog", "dog/r"):
        rate(store, name, [4])
    store.refresh_index()
    clock.at += timedelta(days=1)
    (first,) = asked(store)[0]
    other = CardId({"dog": "dog/r", "dog/r": "dog"}[first])
    store.append_events(
        [
            Bury(
                EventId(""),
                0,
                store.now(),
                first,
                store.today + timedelta(days=1),
            )
        ]
    )
    for sleeps in (True, False):
        store.refresh_index()
        assert asked(store)[0] == [other if sleeps else first]
        check(store)
        clock.at += timedelta(days=1)
    store.append_events([Suspend(EventId(""), 0, store.now(), first)])
    store.refresh_index()
    assert asked(store)[0] == [other]
    check(store)
    store.close()


def test_notes_that_come_later_take_turns_too(tmp_path: Path) -> None:
    """Written into a library that is known already, or moved about in it."""
    put_deck(tmp_path, DECK)
    store = open_store(tmp_path)
    more = DECK + "  - {id: owl, front: la chouette, back: the owl}\n"
    head, *notes = more.splitlines(keepends=True)[2:]
    turned = "".join([*more.splitlines(keepends=True)[:2], head, *reversed(notes)])
    made = store.paths.index_file.stat().st_ino
    for text in (more, turned, turned.replace("blood}} through {{arteries", "arteries}} {{blood")):
        put_deck(tmp_path, text)
        store.refresh_index()
        assert store.paths.index_file.stat().st_ino == made, "the index was not made anew"
        assert "owl" in asked(store)[1]
        assert "owl/r" not in asked(store)[1]
        check(store)
    store.close()


def test_a_repeat_is_never_kept_back(tmp_path: Path) -> None:
    """The card that was answered today itself comes back when it is to be repeated."""
    put_deck(tmp_path, DECK)
    store = open_store(tmp_path)
    rate(store, "dog", [1])
    store.refresh_index()
    index, today = store.index.connection, store.today.toordinal()
    assert SessionCards(index, today).cards_to_repeat() == ["dog"]
    assert counts.count_due(index, today).learning == 1
    store.close()


def test_a_setting_lets_siblings_come_together(tmp_path: Path) -> None:
    """With siblings_apart = false every card counts for itself."""
    put_deck(tmp_path, DECK)
    store = open_store(tmp_path, settings=Settings(siblings_apart=False))
    assert len(asked(store)[1]) == 8
    assert counts.count_due(store.index.connection, store.today.toordinal()).new == 8
    store.close()


STEPS = st.tuples(
    st.integers(0, 7),
    st.sampled_from(["1", "3", "4", "5", "suspend", "unsuspend", "bury", "reset", "undo", "edit"]),
    st.integers(0, 9),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=25))
def test_counts_say_what_a_session_asks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]]
) -> None:
    """Whatever was done when, the counts are those of the cards that are asked."""
    folder = tmp_path_factory.mktemp("siblings")
    put_deck(folder, DECK)
    clock = Clock()
    store = open_store(folder, clock)
    names = [e.card.id for e in queries_cards.card_states(store.index.connection)]
    reverse, made = True, store.paths.index_file.stat().st_ino
    for which, what, days in steps:
        common = EventId(""), 0, store.now(), names[which]
        if what == "undo":
            undo_last(store)
        elif what == "edit":
            reverse = not reverse
            put_deck(folder, DECK if reverse else DECK.replace("reverse: true\n", ""))
        elif what == "bury":
            store.append_events([Bury(*common, store.today + timedelta(days=2))])
        elif what in MARKS:
            store.append_events([MARKS[what](*common)])
        else:
            rate(store, names[which], [int(what)])
        store.refresh_index()
        check(store)
        clock.at += timedelta(days=days)
    check(store)
    assert store.paths.index_file.stat().st_ino == made, "the index was not made anew"
    store.close()


def test_turns_are_the_same_worked_out_at_once(tmp_path: Path) -> None:
    """After much at once, and in an index made anew, as when each card came by itself."""
    put_deck(tmp_path, DECK)
    cards = "".join(f"  - {{id: n{i}, front: f{i}, back: b}}\n" for i in range(3_000))
    put_deck(tmp_path, f"deck: Many\nreverse: true\ncards:\n{cards}", "many.yaml")
    store = open_store(tmp_path)
    at = NOON - timedelta(days=9)
    names = [f"n{i}{way}" for i in range(3_000) for way in ("", "/r")]
    append_imported(store, [review(name, 3 + i % 3, at) for i, name in enumerate(names)])
    store.refresh_index()
    told = []
    for _ in range(2):
        check(store)
        told.append(asked(store))
        store.close()
        paths_in(tmp_path).index_file.unlink()
        store = open_store(tmp_path)
    assert told[0] == told[1]
    assert len(told[0][0]) == 3_000
    rate(store, "n0", [4])
    store.refresh_index()
    check(store)
    store.close()
