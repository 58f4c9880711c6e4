"""Figures against a slow and obvious reading of their definitions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.stats.compute_statistics import StatsInput, compute_statistics
from flashcards.core.stats.histograms import histogram_bins
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import CardCounts, CardGroup, ReviewTotals

TODAY = date(2026, 1, 5)
DAYS = st.integers(-400, 1).map(lambda n: TODAY + timedelta(days=n))
TALLIES = st.builds(
    ReviewTotals,
    answers=st.integers(1, 40),
    ms=st.integers(0, 90_000),
    new_answers=st.integers(0, 5),
    young_tests=st.integers(3, 9),
    young_recalled=st.integers(0, 3),
    mature_tests=st.integers(3, 9),
    mature_recalled=st.integers(0, 3),
)


@given(st.dictionaries(DAYS, TALLIES, max_size=30))
def test_answers_are_told_as_they_are_defined(days: dict[date, ReviewTotals]) -> None:
    """Each figure is what a plain reading of its definition gives."""
    found = compute_statistics(StatsInput(totals_by_day=days), TODAY)
    assert found.all_time.answers == sum(t.answers for t in days.values())
    assert found.today == days.get(TODAY, ReviewTotals())
    last = {day: t for day, t in days.items() if -7 < (day - TODAY).days <= 0}
    assert (found.last_seven_days.answers, found.days_with_answers) == (
        sum(t.answers for t in last.values()),
        len(last),
    )
    year = {TODAY - timedelta(days=i): 0 for i in range(365)}
    year |= {day: t.answers for day, t in days.items() if day in year}
    assert dict(found.heatmap) == year
    assert found.heatmap[-1][0] == TODAY
    tests = sum(t.young_tests + t.mature_tests for t in days.values())
    assert found.all_time.retention.whole == tests
    assert sum(week.retention.whole for _, week in found.weekly_totals) == tests
    for monday, week in found.weekly_totals:
        inside = [t for day, t in days.items() if 0 <= (day - monday).days < 7]
        assert week.young_retention.part == sum(t.young_recalled for t in inside)
        assert monday.weekday() == 0
    assert [monday for monday, _ in found.weekly_totals] == sorted(
        {day - timedelta(days=day.weekday()) for day in days}
    )
    assert [m.first_day for m in found.monthly_growth][-1:] in ([], [TODAY.replace(day=1)])
    assert sum(m.learned for m in found.monthly_growth) == sum(t.new_answers for t in days.values())
    assert dict(found.daily_totals).items() >= {d: t for d, t in days.items() if d <= TODAY}.items()
    assert found.daily_totals[-1][0] == max(TODAY, min(days, default=TODAY))


@pytest.mark.parametrize("wrong", [date(1, 1, 2), date(9999, 12, 31)])
def test_a_wrong_clock_makes_no_endless_series(wrong: date) -> None:
    """An answer of the year 1 or 9999 counts, in as many rows as people have days."""
    found = compute_statistics(
        StatsInput(
            totals_by_day={wrong: ReviewTotals(answers=3, new_answers=1)},
            cards_by_added_day={wrong: 1},
        ),
        TODAY,
    )
    assert found.all_time.answers == 3
    assert sum(month.learned for month in found.monthly_growth) == 1
    assert len(found.daily_totals) <= 36_526
    assert len(found.monthly_growth) <= 1_201


@given(st.dictionaries(DAYS, st.integers(1, 9), max_size=20))
def test_the_forecast_has_the_backlog_in_its_first_day(waiting: dict[date, int]) -> None:
    """Whatever was due before today waits today."""
    found = compute_statistics(StatsInput(cards_by_due_day=waiting), TODAY)
    assert found.backlog == sum(n for day, n in waiting.items() if day < TODAY)
    assert found.forecast[0] == (TODAY, found.backlog + waiting.get(TODAY, 0))
    assert found.forecast[1] == (TODAY + timedelta(days=1), waiting.get(TODAY + timedelta(1), 0))
    assert len(found.forecast) == 30


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 9)))
def test_every_card_is_in_one_bar(values: dict[int, int]) -> None:
    """Bars join without a gap, and hold every card once."""
    found = histogram_bins(values, (1, 2, 7, 21))
    assert [(b.low, b.high) for b in found] == [(1, 1), (2, 6), (7, 20), (21, None)]
    for bar in found[1:]:
        inside = [n for v, n in values.items() if bar.low <= v and (not bar.high or v <= bar.high)]
        assert bar.cards == sum(inside)
    assert sum(bar.cards for bar in found) == sum(values.values())


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(85, 100, 0.767, 0.907), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 2, 0.095, 0.905)],
)
def test_the_range_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    """The bounds are those of published tables, and hold the share."""
    found = Proportion(part, whole).confidence_interval
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.0006)
    assert Proportion().confidence_interval is None


def test_decks_and_tags_add_up() -> None:
    """A deck is one row whatever its cards' tags; a card with two tags is in two rows."""
    groups = [
        CardGroup("A", ("x", "y"), CardCounts(total=2, new=1), 5, 100, Proportion(3, 4)),
        CardGroup("A", ("x",), CardCounts(total=1), 1, 10, Proportion(0, 1)),
        CardGroup("B", (), CardCounts(total=4)),
        CardGroup("A", (), CardCounts(), 7, 70, Proportion(7, 7)),
        CardGroup("gone", (), CardCounts(), 3, 30, Proportion(1, 1)),
    ]
    found = compute_statistics(StatsInput(groups=groups), TODAY)
    assert [(g.name, g.cards.total, g.reviews, g.retention) for g in found.deck_groups] == [
        ("A", 3, 13, Proportion(10, 12)),
        ("B", 4, 0, Proportion()),
    ]
    assert [(g.name, g.cards.total) for g in found.tag_groups] == [("x", 3), ("y", 2)]
    assert found.card_counts.total == 7
