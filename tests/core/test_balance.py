"""Balanced days: as many reviews, more evenly, for a learner that a seed makes up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.balance import balanced, window
from simulated_learners import Learner, Scheduler, by_fsrs, by_sm2, irregular, steady

INTERVALS = st.one_of(st.integers(1, 60), st.integers(1, 36_500))


def falling(days: range) -> list[int]:
    """Return loads that fall by two cards a day."""
    return [100_000 - 2 * day for day in days]


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [(1, 1, 1), (2, 2, 2), (3, 2, 4), (7, 5, 9), (10, 8, 12), (20, 17, 23), (100, 93, 107),
     (36_500, 34_673, 36_500)],
)  # fmt: skip
def test_the_window_of_an_interval(interval: int, low: int, high: int) -> None:
    """The range grows with the interval as Anki's does, and never ends after 36,500 days."""
    assert (window(interval)[0], window(interval)[-1]) == (low, high)


def test_far_days_hold_fewer_cards_and_are_not_taken_for_that() -> None:
    """On loads that fall evenly no day lies under the trend, and the interval stays."""
    assert [balanced(i, falling) for i in range(1, 60)] == list(range(1, 60))


def test_the_day_furthest_below_the_trend_is_taken() -> None:
    """Of two days with as few cards, the one where the trend is higher is taken."""

    def load(days: range) -> list[int]:
        return [10 if day in {9, 11} else 100 - 2 * day for day in days]

    assert balanced(10, load) == 9


def test_of_equal_days_the_nearest_then_the_earlier() -> None:
    """Days that lie equally low are told apart by nearness to the interval, then by date."""
    assert balanced(10, lambda days: [0 if day in {8, 9, 11, 12} else 5 for day in days]) == 9


def test_a_day_off_is_taken_only_when_there_is_no_other() -> None:
    """A day off counts as full, and keeps the interval when every day of the window is off."""
    empty_day = [0 if day == 10 else 5 for day in range(100)]
    assert balanced(10, lambda days: [empty_day[day] for day in days]) == 10
    assert balanced(10, lambda days: [empty_day[day] for day in days], {10}) in window(10)
    assert balanced(10, lambda days: [empty_day[day] for day in days], {10}) != 10
    assert balanced(10, falling, {8, 9, 10, 11}) == 12
    assert balanced(10, falling, range(60)) == 10


@given(INTERVALS, st.integers(0, 2**32))
def test_the_chosen_day_lies_in_the_window(interval: int, seed: int) -> None:
    """Whatever the loads, the day is one of the window, and the same one every time."""

    def load(days: range) -> list[int]:
        return [hash((seed, day)) % 50 for day in days]

    assert balanced(interval, load) in window(interval)
    assert balanced(interval, load) == balanced(interval, load)


WORLDS = [
    pytest.param(by_sm2, steady, 0.6, id="sm2, steady"),
    pytest.param(by_fsrs, steady, 0.6, id="fsrs, steady"),
    pytest.param(by_sm2, irregular, 0.8, id="sm2, irregular"),
    pytest.param(by_fsrs, irregular, 0.7, id="fsrs, irregular"),
]


def compare(
    schedule: Scheduler, new_cards: Callable[[int], int], bar: float, days: int, chance: float
) -> None:
    """Compare a learner with balance and the same one without, from the first third on."""
    begin = days // 3
    plain = Learner(schedule, new_cards).study(days)
    even = Learner(schedule, new_cards, balance=True).study(days)
    assert even.unevenness(begin) <= bar * plain.unevenness(begin)
    assert sum(even.reviews[begin:]) == pytest.approx(sum(plain.reviews[begin:]), rel=chance)
    assert even.retention(begin) == pytest.approx(plain.retention(begin), abs=0.005)
    assert even.known(days) == pytest.approx(plain.known(days), rel=0.01)


@pytest.mark.parametrize(("schedule", "new_cards", "bar"), WORLDS)
def test_days_are_evener_and_nothing_else_changes(
    schedule: Scheduler, new_cards: Callable[[int], int], bar: float
) -> None:
    """Days vary less by the bar; reviews, retention and what is known stay as they were.

    Over so short a time chance alone moves the reviews by a hundredth.
    """
    compare(schedule, new_cards, bar, 330, 0.03)


@pytest.mark.full
@pytest.mark.parametrize(("schedule", "new_cards", "bar"), WORLDS)
def test_days_are_evener_over_years(schedule: Scheduler, new_cards: Callable[[int], int], bar: float) -> None:
    """Over two years and a half, the same holds."""
    compare(schedule, new_cards, bar, 900, 0.02)
