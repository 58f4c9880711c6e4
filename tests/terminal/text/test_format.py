"""Columns, days and bars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flashcards.terminal.text.format import (
    format_days,
    format_duration,
    format_percent,
    relative_day,
    sparkline,
    text_bar,
)
from flashcards.terminal.text.width import display_width, truncate

TODAY = date(2026, 1, 5)


def test_a_long_cell_is_cut() -> None:
    """No cell takes more than its columns, wide signs counted."""
    assert truncate("漢" * 10, 7) == "漢漢漢…"
    assert display_width(truncate("abc" * 40, 60)) == 60


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (6, "in 6 days"), (-3, "3 days ago")],
)
def test_days_as_people_say_them(days: int, told: str) -> None:
    """Near days have names."""
    assert relative_day(TODAY + timedelta(days=days), TODAY) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [(1, "1 day"), (6, "6 days"), (30, "4 weeks"), (90, "3 months"), (900, "2.5 years")],
)
def test_spans_in_few_letters(days: int, told: str) -> None:
    """A span has one figure and one unit."""
    assert format_days(days) == told


@pytest.mark.parametrize(
    ("ms", "told"),
    [(0, "0 s"), (40_000, "40 s"), (580_000, "9 min 40 s"), (7_500_000, "2 h 5 min")],
)
def test_durations(ms: int, told: str) -> None:
    """A time has at most two units."""
    assert format_duration(ms) == told


def test_bars_show_something_for_something() -> None:
    """One of a thousand is still a mark; none is none."""
    assert text_bar(1, 1000, 10) == "█"
    assert text_bar(0, 1000, 10) == ""
    assert sparkline([0, 1, 700]) == "▁▂█"
    assert format_percent(0, 0) == "–"
