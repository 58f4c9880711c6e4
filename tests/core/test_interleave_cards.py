"""The day's queue and its limits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON
from flashcards.core.cards import CardId
from flashcards.core.daily_limits import remaining_today
from flashcards.core.interleave_cards import interleave_cards
from flashcards.core.progress import AnswerKind, Progress
from flashcards.core.scheduling import preview_ratings


@given(st.integers(0, 40), st.integers(0, 40))
def test_mixing_keeps_both_orders_and_spreads_the_new(due: int, new: int) -> None:
    """Every card is there once, in order, and between two new ones lie about equally many."""
    old = [CardId(f"d{i}") for i in range(due)]
    fresh = [CardId(f"n{i}") for i in range(new)]
    found = interleave_cards(old, fresh)
    assert [c for c in found if c in set(old)] == old
    assert [c for c in found if c in set(fresh)] == fresh
    places = [i for i, c in enumerate(found) if c in set(fresh)]
    gaps = {b - a for a, b in pairwise(places)}
    assert not gaps or max(gaps) - min(gaps) <= 1


@pytest.mark.parametrize(
    ("due", "new_done", "reviews_done", "expected"),
    [
        (0, 0, 0, (20, 200, False)),
        (200, 5, 0, (15, 200, False)),
        (201, 0, 0, (0, 200, True)),
        (0, 25, 10, (0, 190, False)),
        (1, 0, 200, (0, 0, True)),
    ],
    ids=["nothing done", "full day", "backlog", "more than allowed", "limit reached"],
)
def test_what_a_day_still_allows(
    due: int, new_done: int, reviews_done: int, expected: tuple[int, int, bool]
) -> None:
    """The limits go down as one studies; more due than they hold pauses new cards."""
    assert remaining_today(20, 200, due, new_done, reviews_done) == expected


def test_choices_show_every_rating() -> None:
    """A new card offers tomorrow for each rating, and the low ones come back today first."""
    found = preview_ratings(Progress(), NOON.date())
    assert [choice.repeats_today for choice in found.values()] == [True, True, True, False, False]
    assert {choice.answer_kind for choice in found.values()} == {AnswerKind.GRADED}
