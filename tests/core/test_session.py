"""The session: what comes next, and what undo brings back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON
from flashcards.core.cards import CardId
from flashcards.core.progress import Progress
from flashcards.core.session import REPEAT_AFTER, Remaining, Session, Slot, Source, source_of
from flashcards.core.sm2 import Memory


def session(count: int, source: Source = Source.DUE) -> Session:
    return Session(Slot(CardId(f"c{i}"), source) for i in range(count))


def in_hand(found: Session) -> str:
    assert found.current
    return found.current.card


def test_a_forgotten_card_comes_back_after_some_others() -> None:
    """A card rated below 4 is shown again once REPEAT_AFTER others were."""
    found = session(10)
    found.rate(1, 0)
    shown = []
    for _ in range(REPEAT_AFTER):
        shown.append(in_hand(found))
        found.rate(4, 0)
    assert shown == [f"c{i}" for i in range(1, REPEAT_AFTER + 1)]
    assert in_hand(found) == "c0"
    assert found.current
    assert found.current.source is Source.AGAIN


def test_the_last_card_comes_back_at_once() -> None:
    """With nothing else left there is nothing to wait for."""
    found = session(1)
    found.rate(3, 0)
    assert in_hand(found) == "c0"
    found.rate(4, 0)
    assert found.current is None


@pytest.mark.parametrize(("below", "again"), [(4, {1, 2, 3}), (3, {1, 2}), (0, set())])
def test_which_ratings_come_back(below: int, again: set[int]) -> None:
    """The setting repeat_below says which ratings are repeated."""
    for rating in range(1, 6):
        found = Session([Slot(CardId("a"), Source.NEW)], below)
        found.rate(rating, 0)
        assert (found.current is not None) == (rating in again)


@given(st.lists(st.integers(1, 5), max_size=80), st.integers(1, 9))
def test_every_session_ends(ratings: list[int], count: int) -> None:
    """With good answers at the end, each card is asked and then none is left."""
    found = session(count)
    for rating in ratings:
        if found.current:
            found.rate(rating, 0)
    for _ in range(count + len(ratings)):
        if found.current:
            found.rate(5, 0)
    assert found.current is None
    assert {given.slot.card for given in found.answers} == {f"c{i}" for i in range(count)}


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_undo_brings_the_card_back_and_forgets_the_answer(ratings: list[int]) -> None:
    """An undone rating counts no longer; rated anew, the session is as long as before."""
    found, other = session(4), session(4)
    for rating in ratings:
        if found.current is None:
            break
        card = found.current
        found.rate(rating, 0)
        found.bring_back(card.card, card.source, answered=True)
        assert in_hand(found) == card.card
        found.rate(rating, 0)
        other.rate(rating, 0)
    assert [given.rating for given in found.answers] == [g.rating for g in other.answers]
    assert found.remaining == other.remaining


def test_remaining_counts_the_card_in_hand() -> None:
    """The three counts are what is still to come, by why."""
    slots = [Slot(CardId("a"), Source.NEW), Slot(CardId("b"), Source.DUE)]
    found = Session(slots)
    assert found.remaining == Remaining(1, 0, 1)
    found.rate(2, 0)
    assert found.remaining == Remaining(0, 1, 1)


def test_the_summary_counts_first_answers_only_as_recalled() -> None:
    """Repeats count as cards and ratings, not as recall."""
    found = session(2)
    found.rate(1, 1000)
    found.rate(5, 2000)
    found.rate(4, 3000)
    summary = found.summary()
    assert (summary.cards, summary.first_answers, summary.recalled, summary.ms) == (2, 2, 1, 6000)
    assert dict(summary.ratings) == {1: 1, 2: 0, 3: 0, 4: 1, 5: 1}


def test_a_review_is_of_the_card_in_hand() -> None:
    """The event to keep names the card, the rating and the time."""
    event = session(1).answer(4, NOON, 1200)
    assert (event.card, event.rating, event.at, event.ms) == ("c0", 4, NOON, 1200)


def test_nothing_can_be_done_without_a_card() -> None:
    """After the last card a rating is a fault of the caller."""
    with pytest.raises(ValueError, match="over"):
        session(0).rate(4, 0)


def test_why_a_card_is_asked() -> None:
    """New before its first answer, again while it waits for a repeat, else due."""
    today = NOON.date()
    assert source_of(Progress(), today) is Source.NEW
    waiting = Progress(Memory(interval=1), due=today, answered=today, rating=2)
    assert source_of(waiting, today) is Source.AGAIN
    assert source_of(Progress(due=today), today) is Source.DUE
