"""The session: what comes next, and what undo brings back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON
from flashcards.core.cards import CardId
from flashcards.core.progress import Progress
from flashcards.core.session import (
    CARDS_BEFORE_REPEAT,
    QueuedCard,
    QueueReason,
    RemainingCounts,
    Session,
    queue_reason,
)
from flashcards.core.sm2 import MemoryState


def session(count: int, source: QueueReason = QueueReason.DUE) -> Session:
    return Session(QueuedCard(CardId(f"c{i}"), source) for i in range(count))


def current_card(found: Session) -> str:
    assert found.current
    return found.current.card


def test_a_forgotten_card_comes_back_after_some_others() -> None:
    """A card rated below 4 is shown again once REPEAT_AFTER others were."""
    found = session(10)
    found.rate(1, 0)
    shown = []
    for _ in range(CARDS_BEFORE_REPEAT):
        shown.append(current_card(found))
        found.rate(4, 0)
    assert shown == [f"c{i}" for i in range(1, CARDS_BEFORE_REPEAT + 1)]
    assert current_card(found) == "c0"
    assert found.current
    assert found.current.reason is QueueReason.AGAIN


def test_the_next_card_is_known_before_the_rating() -> None:
    """So that it can be made ready meanwhile; with the last card nothing is left to come."""
    found = session(3)
    for _ in range(2):
        coming = found.upcoming
        found.rate(4, 0)
        assert current_card(found) == coming
    assert found.upcoming is None


def test_the_last_card_comes_back_at_once() -> None:
    """With nothing else left there is nothing to wait for."""
    found = session(1)
    found.rate(3, 0)
    assert current_card(found) == "c0"
    found.rate(4, 0)
    assert found.current is None


@pytest.mark.parametrize(("below", "again"), [(4, {1, 2, 3}), (3, {1, 2}), (0, set())])
def test_which_ratings_come_back(below: int, again: set[int]) -> None:
    """The setting repeat_below says which ratings are repeated."""
    for rating in range(1, 6):
        found = Session([QueuedCard(CardId("a"), QueueReason.NEW)], below)
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
    assert {given.queued_card.card for given in found.given_ratings} == {f"c{i}" for i in range(count)}


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_undo_brings_the_card_back_and_forgets_the_answer(ratings: list[int]) -> None:
    """An undone rating counts no longer; rated anew, the session is as long as before."""
    found, other = session(4), session(4)
    for rating in ratings:
        if found.current is None:
            break
        card = found.current
        found.rate(rating, 0)
        found.restore_card(card.card, card.reason, undo_rating=True)
        assert current_card(found) == card.card
        found.rate(rating, 0)
        other.rate(rating, 0)
    assert [given.rating for given in found.given_ratings] == [g.rating for g in other.given_ratings]
    assert found.remaining == other.remaining


def test_remaining_counts_the_card_in_hand() -> None:
    """The three counts are what is still to come, by why."""
    slots = [QueuedCard(CardId("a"), QueueReason.NEW), QueuedCard(CardId("b"), QueueReason.DUE)]
    found = Session(slots)
    assert found.remaining == RemainingCounts(1, 0, 1)
    found.rate(2, 0)
    assert found.remaining == RemainingCounts(0, 1, 1)


def test_the_summary_counts_first_answers_only_as_recalled() -> None:
    """Repeats stand apart: cards, recall and ratings are all of the first answers."""
    found = session(2)
    found.rate(1, 1000)
    found.rate(5, 2000)
    found.rate(4, 3000)
    summary = found.compute_results()
    assert (summary.cards, summary.repeats, summary.recalled, summary.ms) == (2, 1, 1, 6000)
    assert dict(summary.ratings) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 1}


@given(st.lists(st.integers(1, 5), max_size=60), st.integers(0, 3))
def test_the_goal_of_a_session_does_not_move(ratings: list[int], repeats: int) -> None:
    """Answered and still to answer are as many cards at each step, whatever comes back; undo too."""
    again = [QueuedCard(CardId(f"r{i}"), QueueReason.AGAIN) for i in range(repeats)]
    slots = [QueuedCard(CardId(f"c{i}"), QueueReason.DUE) for i in range(9)]
    found = Session([*again, *slots])
    for rating in ratings:
        if found.current is None:
            break
        card = found.current.card
        found.rate(rating, 0)
        if rating == 2:
            found.restore_card(card, QueueReason.AGAIN, undo_rating=True)
        left = found.remaining
        assert found.answered + left.new + left.due == 9


def test_a_review_is_of_the_card_in_hand() -> None:
    """The event to keep names the card, the rating and the time."""
    event = session(1).make_review(4, NOON, 1200)
    assert (event.card, event.rating, event.at, event.ms) == ("c0", 4, NOON, 1200)


def test_nothing_can_be_done_without_a_card() -> None:
    """After the last card a rating is a fault of the caller."""
    with pytest.raises(ValueError, match="over"):
        session(0).rate(4, 0)


def test_why_a_card_is_asked() -> None:
    """New before its first answer, again while it waits for a repeat, else due."""
    today = NOON.date()
    assert queue_reason(Progress(), today) is QueueReason.NEW
    waiting = Progress(MemoryState(interval=1), due=today, last_answered=today, last_rating=2)
    assert queue_reason(waiting, today) is QueueReason.AGAIN
    assert queue_reason(Progress(due=today), today) is QueueReason.DUE
