"""The load of a backlog in shares: nothing is lost, no share is exceeded, days off are empty."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from factories import NOON
from flashcards.core.catch_up_plan import cards_per_day, simulate_plan, spread_options
from flashcards.core.events import CatchUpPlan, EventId
from flashcards.core.scheduling import ForecastCard
from flashcards.core.sm2 import MemoryState

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def plan(first: int, until: int, per_day: int) -> CatchUpPlan:
    return CatchUpPlan(EventId(""), 0, NOON, TODAY + first * DAY, TODAY + until * DAY, per_day)


@given(st.lists(st.integers(-40, 10), max_size=60), st.integers(1, 20))
def test_every_old_card_comes_in_its_share(dues: list[int], per_day: int) -> None:
    """Each day has at most its share of old cards, and all of them come in the days foretold."""
    schedules = [(TODAY.toordinal() + due, ForecastCard(MemoryState(250, 6, 2))) for due in dues]
    old = sum(due < 0 for due in dues)
    days = cards_per_day(old, per_day)
    found = simulate_plan(schedules, TODAY, plan(0, 0, per_day), days + 2)
    assert sum(load.backlog_cards for load in found) == old
    assert all(load.backlog_cards == per_day for load in found[: max(0, days - 1)])
    assert all(load.backlog_cards == 0 for load in found[days:])
    assert found[0].due == dues.count(0)


@given(st.lists(st.integers(-3, 30), max_size=60), st.integers(0, 9), st.integers(1, 9))
def test_days_off_hold_nothing(dues: list[int], first: int, length: int) -> None:
    """What falls due on days off comes afterwards, in shares, and nothing is asked on them."""
    schedules = [(TODAY.toordinal() + due, ForecastCard(MemoryState(250, 60, 5))) for due in dues]
    found = simulate_plan(schedules, TODAY, plan(first, first + length, 2), first + length + 40)
    assert all(load.due + load.backlog_cards == 0 for load in found[first : first + length])
    missed = sum(first <= max(due, 0) < first + length for due in dues)
    assert sum(load.backlog_cards for load in found) == missed
    assert all(load.backlog_cards <= 2 for load in found)


@given(st.integers(1, 5000), st.integers(0, 400))
def test_offers_are_real_choices(cards: int, usual: int) -> None:
    """A few ways, each with the days that it takes; slower ones ask less a day."""
    found, best = spread_options(cards, usual)
    assert 1 <= len(found) <= 3
    assert all(days == cards_per_day(cards, per_day) for per_day, days in found)
    assert [per_day for per_day, _ in found] == sorted({p for p, _ in found}, reverse=True)
    assert found[best][0] <= max(40, usual) or found[best] == found[-1]
    assert best == 0 or found[best - 1][0] > max(40, usual)


def test_nothing_is_nothing_to_offer() -> None:
    """Without a backlog there is no way to spread it."""
    assert spread_options(0, 40)[0] == []
