"""A plan for an exam: everything is met in time, seen again at the end, and the load is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.exam import PASS_DAYS, Exam
from flashcards.core.sm2 import Memory

TODAY = date(2026, 11, 24)


def exam(days: int, cards: int = 60, reviews: int = 200) -> Exam:
    return Exam(TODAY + timedelta(days=days), TODAY, cards, reviews)


@given(days=st.integers(0, 60), cards=st.integers(0, 900), reviews=st.integers(0, 300))
def test_every_card_is_met_and_seen_again(days: int, cards: int, reviews: int) -> None:
    """Whoever does each day's share has met every card, and seen it once more, in time."""
    new, unseen = cards, cards
    for day in range(max(1, days)):
        today = Exam(TODAY + timedelta(days=days), TODAY + timedelta(days=day), cards, reviews)
        if today.passing:
            unseen -= today.pass_today(unseen, 0)
        else:
            new -= today.new_today(new, 0)
    assert unseen == 0
    assert new in (0, cards)  # with no day before the last pass, it is there that they are met


@given(st.integers(1, 300), st.integers(0, 299))
def test_a_share_begun_is_the_same_share(new: int, done: int) -> None:
    """A second sitting on the same day asks what the first one left, not a share of the rest."""
    share = exam(10).new_today(new, 0)
    done = min(done, share)
    assert exam(10).new_today(new - done, done) == share - done
    share = exam(2).pass_today(new, 0)
    done = min(done, share)
    assert exam(2).pass_today(new - done, done) == share - done


def test_the_last_pass_takes_the_days_that_it_needs() -> None:
    """Three days as a rule, more when the day's limit would not hold it."""
    assert exam(10).pass_begins == TODAY + timedelta(days=10 - PASS_DAYS)
    assert not exam(10).passing
    assert exam(3).passing
    assert exam(10, cards=1000, reviews=200).pass_days == 5
    assert exam(0).days_left == 1


@pytest.mark.parametrize("days", [0, 1, 3, 4, 10, 40])
def test_the_load_covers_every_day(days: int) -> None:
    """There is a figure for each day left, and at the end the pass over all cards."""
    schedules = [(None, Memory())] * 40 + [(TODAY.toordinal() + i, Memory()) for i in range(20)]
    loads = exam(days).loads(schedules)
    assert len(loads) == max(1, days)
    assert sum(loads[-PASS_DAYS:]) >= 60
    if days == 10:
        assert loads[0] == 6 + 1
