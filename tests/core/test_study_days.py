"""The study day, around midnight, rollover and changes of the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.date_text import parse_day
from flashcards.core.streak import idle_spans, streak_lengths
from flashcards.core.study_days import study_day

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-01-06T03:59:59+01:00", date(2026, 1, 5)),
        ("2026-01-06T04:00:00+01:00", date(2026, 1, 6)),
        ("2026-01-06T23:59:59-11:00", date(2026, 1, 6)),
        ("2026-01-01T00:30:00+14:00", date(2025, 12, 31)),
    ],
    ids=["before rollover", "at rollover", "far west", "new year far east"],
)
def test_a_day_begins_at_rollover_where_the_person_is(at: str, day: date) -> None:
    """The day is told by the local clock alone, 4 hours after midnight."""
    assert study_day(datetime.fromisoformat(at)) == day


@given(st.sets(st.integers(-30, 0)))
def test_streaks_are_runs_of_days(offsets: set[int]) -> None:
    """The current run ends today or yesterday; the longest is the longest run of all."""
    days = {TODAY + timedelta(days=n) for n in offsets}

    def run(end: date) -> int:
        length = 0
        while end - timedelta(days=length) in days:
            length += 1
        return length

    current = run(TODAY) or run(TODAY - timedelta(days=1))
    assert streak_lengths(days, TODAY) == (current, max(map(run, days), default=0))


def test_days_off_neither_break_a_streak_nor_lengthen_it() -> None:
    """The run goes on after them; without them it would have ended."""
    days = [TODAY - n * timedelta(days=1) for n in (10, 9, 2, 1)]
    off = [(TODAY - timedelta(days=8), TODAY - timedelta(days=2))]
    assert streak_lengths(days, TODAY, off) == (4, 4)
    assert streak_lengths(days, TODAY) == (2, 2)
    away = [(TODAY, TODAY + timedelta(days=3))]
    assert streak_lengths(days, TODAY + timedelta(days=3), away) == (2, 2)
    assert streak_lengths(days, TODAY + timedelta(days=4), away) == (0, 2)


@given(st.lists(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=6), max_size=6))
def test_idle_days_are_those_on_which_no_card_was_due(cards: list[list[tuple[int, int]]]) -> None:
    """Worked out from when cards waited, they are what a look at each card on each day finds."""
    studied, waits, open_since, changes = set[int](), list[tuple[int, int]](), [100], dict[int, int]()
    for n, steps in enumerate(cards):
        day = n
        studied.add(day)
        for interval, late in steps:
            due, day = day + interval, day + interval + late
            waits.append((due, day))
            studied.add(day)
            if late:
                changes[due] = changes.get(due, 0) + 1
                changes[day] = changes.get(day, 0) - 1
        open_since.append(day + 5)
    today = 100
    waits += [(since, today + 1) for since in open_since]
    found = idle_spans(sorted(studied), sorted(changes.items()), min(open_since), today)
    idle = {day for first, until in found for day in range(first, until)}
    rest = set(range(min(studied, default=today + 1), today + 1)) - studied
    assert idle == {day for day in rest if not any(due <= day < end for due, end in waits)}


@pytest.mark.parametrize(
    ("text", "ahead", "back"),
    [
        ("2026-12-24", date(2026, 12, 24), date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24), date(2025, 12, 24)),
        ("Dec 24", date(2026, 12, 24), date(2025, 12, 24)),
        ("december 24, 2030", date(2030, 12, 24), date(2030, 12, 24)),
        ("24december", date(2026, 12, 24), date(2025, 12, 24)),
        ("4-jan", date(2027, 1, 4), date(2026, 1, 4)),
        ("5 Jan", TODAY, TODAY),
        ("1. Sept 2024", date(2024, 9, 1), date(2024, 9, 1)),
        ("29 Feb", date(2028, 2, 29), date(2024, 2, 29)),
        ("mon", TODAY, TODAY),
        ("Friday", date(2026, 1, 9), date(2026, 1, 2)),
        ("thurs", date(2026, 1, 8), date(2026, 1, 1)),
        ("tomorrow", date(2026, 1, 6), date(2026, 1, 6)),
        ("+14", date(2026, 1, 19), date(2026, 1, 19)),
        ("-1", date(2026, 1, 4), date(2026, 1, 4)),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, ahead: date, back: date) -> None:
    """Without a year it is the next such day, or the last where days gone by are meant."""
    assert (parse_day(text, TODAY), parse_day(text, TODAY, past=True)) == (ahead, back)


@pytest.mark.parametrize(
    "text", ["", "x", "fr", "30 Feb", "31 Jun 2026", "24 Dezember", "2026-13-01", "+", "14"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 (each has its own text)
        parse_day(text, TODAY)
