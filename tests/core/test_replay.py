"""Replay: the same progress from the same events, however they arrive."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, link, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import (
    CardEvent,
    Event,
    EventId,
    Reset,
    Suspend,
)
from flashcards.core.progress import AnswerKind, Progress
from flashcards.core.replay import card_histories, replay_card
from replay_oracle import replay_all_cards

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "sm2_vectors.json").read_text())
KINDS = {"graded": AnswerKind.GRADED, "repeat": AnswerKind.REPEAT, "practice": AnswerKind.EARLY}
A, B, C = CardId("a"), CardId("b"), CardId("c")


@pytest.mark.parametrize("vector", VECTORS["session_vectors"], ids=lambda v: v["name"])
def test_every_dated_session_worked_out_by_hand(vector: dict[str, Any]) -> None:
    """Each answer is of the kind, and leads to the schedule and the repeats, of the table."""
    events = [
        review("a", step["rating"], datetime.fromisoformat(step["at"]).replace(tzinfo=UTC))
        for step in vector["events"]
    ]
    history = replay_card(events, timedelta(hours=vector["rollover_hour"]))
    for step, expected in zip(history.steps, vector["events"], strict=True):
        after = Progress.from_numbers(step.after)
        memory = after.memory
        assert step.answer_kind is KINDS[expected["kind"]]
        assert (memory.repetitions, memory.ease) == (expected["n"], round(expected["EF"] * 100))
        assert memory.interval == expected["interval"]
        assert after.due == date.fromisoformat(expected["due"])
        if step.answer_kind is not AnswerKind.EARLY:
            answered = after.last_answered
            assert answered
            assert after.needs_repeat(answered) is expected["repeat_pending"]


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Some reviews of three cards over some days, with undos and links among them."""
    found: list[Event] = []
    for i in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(["review"] * 5 + ["undo", "link", "suspend", "reset"]))
        name, other = draw(st.sampled_from("abc")), draw(st.sampled_from("abc"))
        hlc = draw(st.integers(0, 40))
        at = NOON + timedelta(days=hlc // 4)
        if kind == "review":
            found.append(review(name, draw(st.integers(1, 5)), at, ident=f"e{i}", hlc=hlc))
        elif kind == "undo" and found:
            of = draw(st.sampled_from(found))
            found.append(undo(of.id, max(hlc, of.hlc + 1), ident=f"e{i}"))
        elif kind == "link":
            found.append(link(name, other, hlc, ident=f"e{i}"))
        elif kind == "suspend":
            found.append(Suspend(EventId(f"e{i}"), hlc, at, CardId(name)))
        else:
            found.append(Reset(EventId(f"e{i}"), hlc, at, CardId(name)))
    return found


@given(events(), st.randoms())
def test_order_and_copies_change_nothing(found: list[Event], random: Any) -> None:
    """Any order of arrival, and any number of copies, give the same progress."""
    copies = found + random.sample(found, len(found) // 2)
    random.shuffle(copies)
    assert replay_all_cards(copies) == replay_all_cards(found)


@given(events())
def test_an_undo_of_an_undo_undoes_it(found: list[Event]) -> None:
    """Undoing the undo of the last event leads back to where one was."""
    effective = [e for e in found if isinstance(e, CardEvent)]
    if not effective:
        return
    last = max(effective, key=lambda e: (e.hlc, e.id))
    one = undo(last.id, 1000, ident="u1")
    two = undo("u1", 1001, ident="u2")
    if all(getattr(e, "undone_event", None) != last.id for e in found):
        assert replay_all_cards([*found, one, two]) == replay_all_cards(found)


@given(events(), events())
def test_a_prefix_never_depends_on_what_follows(first: list[Event], more: list[Event]) -> None:
    """The steps of a card's first answers stay as they were when later ones come."""
    reviews = [e for e in first if isinstance(e, CardEvent)]
    later = [e for e in more if isinstance(e, CardEvent)]
    assert replay_card(reviews + later).steps[: len(replay_card(reviews).steps)] == replay_card(reviews).steps


def test_undone_reviews_do_not_count() -> None:
    """After an undo the card is as before the review."""
    first, second = review("a", 4, NOON), review("a", 5, NOON + timedelta(days=1))
    assert replay_all_cards([first, second, undo(second.id, 2**50)]) == replay_all_cards([first])


def test_a_link_hands_the_history_over() -> None:
    """The new card has what the old one had, and the old one has nothing."""
    seen = review("a", 4)
    found = replay_all_cards([seen, link("a", "b", 2**50)])
    assert found == {B: replay_all_cards([seen])[A]}


def test_a_link_also_takes_what_comes_later_on_the_old_id() -> None:
    """A device that had not heard of the link writes to the old card; the new one gets it."""
    late = review("a", 4, hlc=2**51)
    assert set(card_histories([link("a", "b", 2**50), late])) == {B}


def test_links_there_and_back() -> None:
    """A card reworded and reworded back has its own history again."""
    seen = review("a", 4)
    found = card_histories([seen, link("a", "b", 2**50), link("b", "a", 2**50 + 1)])
    assert found == {A: [seen]}


def test_a_chain_of_links() -> None:
    """A history follows its card through several rewordings, with what was added on the way."""
    one, two = review("a", 4), review("b", 5, hlc=2**50 + 1)
    chain: list[Event] = [one, link("a", "b", 2**50), two, link("b", "c", 2**50 + 2)]
    assert card_histories(chain) == {C: [one, two]}


def test_a_link_to_itself_ends_an_earlier_one() -> None:
    """From then on the old card has a history of its own."""
    later = review("a", 4, hlc=2**51)
    found = card_histories([link("a", "b", 2**50), link("a", "a", 2**50 + 1), later])
    assert found == {A: [later]}


def test_undoing_a_link_parts_the_histories() -> None:
    """After the undo each card has what was done to it."""
    one, two = review("a", 4), review("b", 5, NOON + timedelta(days=1))
    joined = link("a", "b", 2**50)
    assert card_histories([one, joined, two, undo(joined.id, 2**51)]) == {A: [one], B: [two]}
