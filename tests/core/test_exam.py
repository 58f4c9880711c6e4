"""A plan for an exam: everything is met in time, seen again at the end, and the load is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.exam import FINAL_PASS_DAYS, ExamPlan
from flashcards.core.scheduling import ForecastCard
from flashcards.core.sm2 import MemoryState

TODAY = date(2026, 11, 24)


def exam(days: int, cards: int = 60, reviews: int = 200) -> ExamPlan:
    return ExamPlan(TODAY + timedelta(days=days), TODAY, cards, reviews)


@given(days=st.integers(0, 60), cards=st.integers(0, 900), reviews=st.integers(0, 300))
def test_every_card_is_met_and_seen_again(days: int, cards: int, reviews: int) -> None:
    """Whoever does each day's share has met every card, and seen it once more, in time."""
    new, unseen = cards, cards
    for day in range(max(1, days)):
        today = ExamPlan(TODAY + timedelta(days=days), TODAY + timedelta(days=day), cards, reviews)
        if today.is_final_pass:
            unseen -= today.final_pass_cards_today(unseen, 0)
        else:
            new -= today.new_cards_today(new, 0)
    assert unseen == 0
    assert new in (0, cards)  # with no day before the last pass, it is there that they are met


@given(st.integers(1, 300), st.integers(0, 299))
def test_a_share_begun_is_the_same_share(new: int, done: int) -> None:
    """A second sitting on the same day asks what the first one left, not a share of the rest."""
    share = exam(10).new_cards_today(new, 0)
    done = min(done, share)
    assert exam(10).new_cards_today(new - done, done) == share - done
    share = exam(2).final_pass_cards_today(new, 0)
    done = min(done, share)
    assert exam(2).final_pass_cards_today(new - done, done) == share - done


def test_the_last_pass_takes_the_days_that_it_needs() -> None:
    """Three days as a rule, more when the day's limit would not hold it."""
    assert exam(10).final_pass_start == TODAY + timedelta(days=10 - FINAL_PASS_DAYS)
    assert not exam(10).is_final_pass
    assert exam(3).is_final_pass
    assert exam(10, cards=1000, reviews=200).final_pass_days == 5
    assert exam(0).days_left == 1


@pytest.mark.parametrize("days", [0, 1, 3, 4, 10, 40])
def test_the_load_covers_every_day(days: int) -> None:
    """There is a figure for each day left, and at the end the pass over all cards."""
    schedules = [(None, ForecastCard(MemoryState()))] * 40 + [
        (TODAY.toordinal() + i, ForecastCard(MemoryState())) for i in range(20)
    ]
    loads = exam(days).daily_loads(schedules)
    assert len(loads) == max(1, days)
    assert sum(loads[-FINAL_PASS_DAYS:]) >= 60
    if days == 10:
        assert loads[0] == 6 + 1
