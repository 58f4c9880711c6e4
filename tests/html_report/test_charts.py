"""The drawings of the page: what is higher stands higher, and nothing leaves its frame."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.core.stats.compute_statistics import StatsInput, compute_statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.shades import shade_index, shade_thresholds
from flashcards.html_report.charts import (
    CHART_HEIGHT,
    CHART_WIDTH,
    BarInput,
    ProportionInput,
    bar_chart,
    proportion_chart,
    round_up_scale,
)
from flashcards.html_report.format import format_short_number
from flashcards.html_report.heatmap import year_heatmaps
from flashcards.html_report.page import page_sections

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("most", "top", "step"),
    [(0, 1, 1), (1, 1, 1), (6, 6, 2), (7, 8, 2), (55, 60, 20), (430, 600, 200), (3005, 4000, 1000)],
)
def test_scales_end_at_round_numbers(most: float, top: float, step: float) -> None:
    """Few lines, each at a number that reads well, the last above everything."""
    found, size = round_up_scale(most)
    assert found >= most
    assert found / size <= 4
    assert (found, size) == (top, step)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.text("Jan 123", max_size=9))
def test_labels_do_not_run_into_each_other(values: list[int], label: str) -> None:
    """Labels at one height keep a space between them; axes of counts have whole numbers."""
    bars = [BarInput(f"{label}{i}", value, "", value_label=f"{value:,}") for i, value in enumerate(values)]
    chart = bar_chart("b", "t", "s", bars)
    for kind in ("value", "tick"):
        words = [word for word in chart.labels if word.css_class == kind and word.anchor == "middle"]
        assert words or len(values) > 1
        for one, two in pairwise(words):
            apart = two.x - one.x - (len(one.text) + len(two.text)) * 4
            assert apart > 0 or abs(one.y - two.y) >= 15
    axis = [word.text for word in chart.labels if word.anchor == "end"]
    assert not [text for text in axis if "." in text and text[-1].isdigit()]


def test_ranges_are_drawn_whole() -> None:
    """The scale of shares begins below the lowest range, not below the lowest share."""
    points = [ProportionInput("a", Proportion(3, 4), ""), ProportionInput("b", Proportion(80, 100), "")]
    chart = proportion_chart("s", "t", "s", points, connected=False)
    lowest = max(dot.y_low for dot in chart.dots)
    assert lowest < max(chart.grid_lines)
    assert next(word.text for word in chart.labels if word.anchor == "end") == "20%"


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_bars_stand_as_high_as_their_values(values: list[int]) -> None:
    """Heights are in order and in the frame; one of a million is still a mark."""
    chart = bar_chart("b", "t", "s", [BarInput("", value, "") for value in values])
    heights = [box.height for box in chart.boxes]
    for one, two in zip(sorted(values), sorted(values)[1:], strict=False):
        assert heights[values.index(one)] <= heights[values.index(two)]
    for box, value in zip(chart.boxes, values, strict=True):
        assert 0 <= box.x <= box.x + box.width <= CHART_WIDTH
        assert 0 <= box.y <= box.y + box.height <= CHART_HEIGHT
        assert (box.height > 0) == (value > 0)


SHARES = st.builds(lambda part, rest: Proportion(part, part + rest), st.integers(0, 99), st.integers(0, 99))


@given(values=st.lists(st.just(Proportion()) | SHARES, max_size=60), joined=st.booleans())
def test_shares_stay_in_their_frame(values: list[Proportion], *, joined: bool) -> None:
    """Whatever the ranges, each dot lies between its ends, and lines break where nothing is."""
    points = [ProportionInput("", value, "") for value in values]
    chart = proportion_chart("s", "t", "s", points, connected=joined)
    assert len(chart.dots) == sum(value.whole > 0 for value in values)
    for dot in chart.dots:
        assert 0 <= dot.y_high <= dot.y <= dot.y_low <= CHART_HEIGHT
    drawn = sum(len(line.split()) for line in chart.lines)
    assert drawn <= len(chart.dots) if joined else drawn == 0


@settings(max_examples=15)
@given(st.lists(st.integers(0, 1000), min_size=365, max_size=365))
def test_a_year_has_each_day_once(counts: list[int]) -> None:
    """Both drawings have the same days, darker where more was done."""
    days = [(TODAY - timedelta(days=364 - i), count) for i, count in enumerate(counts)]
    edges = shade_thresholds(counts)
    for chart in year_heatmaps(days, "s"):
        boxes = chart.boxes[:365]
        assert len({(box.x, box.y) for box in boxes}) == 365
        assert [box.css_class for box in boxes] == [f"day d{shade_index(count, edges)}" for count in counts]
        assert max(box.x + box.width for box in chart.boxes) <= chart.width
        assert max(box.y + box.height for box in chart.boxes) <= chart.height
    assert [shade_index(n, [1, 5, 9, 20]) for n in (0, 1, 4, 5, 19, 20, 99)] == [
        0,
        1,
        1,
        2,
        3,
        4,
        4,
    ]


def test_a_backlog_stands_apart_and_dwarfs_nothing() -> None:
    """What is overdue has a bar of its own, cut where it would flatten the days to come."""
    waiting = {TODAY - timedelta(days=9): 900, TODAY: 4, TODAY + timedelta(days=1): 8}
    found = compute_statistics(StatsInput(cards_by_due_day=waiting), TODAY)
    (forecast,) = (section for section in page_sections(found) if section.name == "forecast")
    chart = forecast.charts[0]
    late, gap, today, tomorrow = chart.boxes[:4]
    assert (late.css_class, late.tooltip) == ("bar warm", "Backlog: 900 cards due before today")
    assert gap.height == 0
    assert today.tooltip == "Tue 24 Nov 2026: 4 due"
    assert tomorrow.height < late.height < 2 * tomorrow.height
    assert "900 ↑" in [word.text for word in chart.labels]
    assert chart.summary == "12 cards in 30 days, and a backlog of 900."


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0"),
        (2.5, "2.5"),
        (9_999, "9,999"),
        (12_500, "12.5k"),
        (38_500, "38.5k"),
        (1.5e6, "1.5M"),
    ],
)
def test_long_numbers_are_said_briefly(count: float, told: str) -> None:
    """In drawings there is room for five letters."""
    assert format_short_number(count) == told
