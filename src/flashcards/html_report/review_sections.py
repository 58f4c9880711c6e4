"""The sections of the page that tell of answers: the year, retention, ratings, hours, weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from flashcards.core.sm2 import RECALLED
from flashcards.core.stats.compute import Figures
from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import NOTHING
from flashcards.core.stats.values import Retention, Week
from flashcards.html_report.charts import Chart, Column, Point, bars, shares
from flashcards.html_report.format import (
    Cell,
    count_cell,
    day_of,
    minutes,
    minutes_cell,
    number,
    percent,
    share_cell,
    with_range,
)
from flashcards.html_report.heatmap import year
from flashcards.html_report.sections import Section, Table

WEEKS = 53
"""Weeks that charts by week show, the latest ones."""
TRIED = 5
"""Tests from which an hour's retention is drawn; less says nothing."""


def answers(found: Figures) -> Iterator[Section]:
    """Yield the sections."""
    yield _year(found)
    yield _retention(found)
    yield _calibration(found)
    yield _ratings(found)
    yield _weeks(found)
    yield _hours(found)


def _year(found: Figures) -> Section:
    some = [(day, count) for day, count in found.heatmap if count]
    most = max(some, key=lambda pair: pair[1], default=(found.day, 0))
    summary = (
        f"{number(sum(count for _, count in some), 'answer')} on {number(len(some), 'day')} "
        f"of {len(found.heatmap)}"
    ) + (f"; the most were {most[1]:,}, on {day_of(most[0])}." if some else ".")
    rows = [(Cell(day_of(day), day.isoformat()), count_cell(count)) for day, count in some[::-1]]
    table = Table("Days with an answer, latest first", ("day", "answers"), rows)
    return Section("heatmap", "A year of days", year(found.heatmap, summary), table, size="wide")


def _latest(found: Figures) -> list[tuple[date, Week | None]]:
    """Return the last WEEKS weeks, from the first with an answer on, each with its answers."""
    known = {week.monday: week for week in found.weeks}
    this = found.day - timedelta(days=found.day.weekday())
    mondays = [this - timedelta(days=7 * i) for i in range(WEEKS - 1, -1, -1)]
    first = min((monday for monday in mondays if monday in known), default=this)
    return [(monday, known.get(monday)) for monday in mondays if monday >= first]


def _months(mondays: Sequence[date]) -> list[str]:
    """Return the name of each second month at the first week that begins in it, else nothing."""
    return [f"{monday:%b}" if monday.day <= 7 and monday.month % 2 else "" for monday in mondays]


def _point(label: str, share: Share, what: str) -> Point:
    if share.value is None or share.range is None:
        return Point(label, None)
    low, high = share.range
    told = f"{what}: {with_range(share)} of {number(share.whole, 'test')}"
    return Point(label, share.value, low, high, told)


def _retention(found: Figures) -> Section:
    kept = found.retention
    charts = [
        _kept(found, "young", "Young cards, by week", kept.young, lambda week: week.young),
        _kept(found, "mature", "Mature cards, by week", kept.mature, lambda week: week.mature),
    ]
    rows = [
        (
            Cell(day_of(week.monday), week.monday.isoformat()),
            share_cell(week.retention.all, ranged=True),
            share_cell(week.retention.young),
            share_cell(week.retention.mature),
            count_cell(week.retention.all.whole),
        )
        for week in reversed(found.weeks)
        if week.retention.all.whole
    ]
    header = ("week of", "all (range)", "young", "mature", "tests")
    table = Table("True retention by week, latest first", header, rows)
    also = ("range", "weeks")
    return Section("retention", "Do you remember?", charts, table, also, size="pair")


def _kept(
    found: Figures, name: str, title: str, kept: Share, of: Callable[[Retention], Share]
) -> Chart:
    """Draw the true retention of some cards, week by week, with its range."""
    weeks = _latest(found)
    labels = _months([monday for monday, _ in weeks])
    points = [
        _point(label, of(week.retention) if week else Share(), f"Week of {day_of(monday)}")
        for label, (monday, week) in zip(labels, weeks, strict=True)
    ]
    told = f"In all {with_range(kept)} of {number(kept.whole, 'test')} recalled."
    return shares(name, title, told if kept.whole else "No test yet.", points, joined=True)


def _calibration(found: Figures) -> Section:
    known = found.all_time.calibration
    points = [
        _point(f"{rating}: {percent(share.value)}", share, f"Rated {rating} the time before")
        for rating, share in known.items()
    ]
    told = ", ".join(f"{percent(s.value)} after a {rating}" for rating, s in known.items())
    chart = shares(
        "after", "Recalled the next time, by rating", f"Recalled: {told}.", points, joined=False
    )
    rows = [
        (Cell(f"rated {rating}", str(rating)), share_cell(s, ranged=True), count_cell(s.whole))
        for rating, s in known.items()
    ]
    table = Table("Recalled the next time", ("the time before", "recalled", "tests"), rows)
    return Section("calibration", "Do your ratings tell?", [chart], table)


def _ratings(found: Figures) -> Section:
    given = found.all_time.ratings
    whole = sum(given.values())
    columns = [
        Column(
            str(rating),
            count,
            f"Rated {rating}: {number(count, 'answer')}, {percent(Share(count, whole).value)}",
            "bar" if rating >= RECALLED else "bar warm",
            percent(Share(count, whole).value) if count else "",
        )
        for rating, count in given.items()
    ]
    summary = f"{number(whole, 'answer')}; 1 and 2 mean forgot, 3 to 5 recalled."
    rows = [
        (Cell(str(rating), str(rating)), count_cell(count), share_cell(Share(count, whole)))
        for rating, count in given.items()
    ]
    table = Table("Answers by rating", ("rating", "answers", "share"), rows)
    chart = bars("rated", "Answers by rating", summary, columns)
    return Section("ratings", "How you rated", [chart], table)


def _weeks(found: Figures) -> Section:
    weeks = _latest(found)
    labels = _months([monday for monday, _ in weeks])
    columns = []
    for label, (monday, week) in zip(labels, weeks, strict=True):
        tally = week.tally if week else NOTHING
        told = f"Week of {day_of(monday)}: {minutes(tally.ms)}, {number(tally.answers, 'answer')}"
        columns.append(Column(label, round(tally.ms / 60_000, 1), told))
    pace = found.pace
    each = f"{pace.seconds_an_answer:.1f} s an answer" if pace.seconds_an_answer else "no time yet"
    card = f", {pace.minutes_a_card:.1f} min a card" if pace.minutes_a_card else ""
    chart = bars("spent", "Minutes by week", f"{minutes(found.all_time.ms)} in all; {each}{card}.",
                 columns)  # fmt: skip
    rows = [
        (
            Cell(day_of(week.monday), week.monday.isoformat()),
            minutes_cell(week.tally.ms),
            count_cell(week.tally.answers),
            count_cell(week.tally.new),
        )
        for week in reversed(found.weeks)
    ]
    table = Table("Weeks, latest first", ("week of", "time", "answers", "new"), rows)
    return Section("minutes", "Time you gave", [chart], table, ("pace",))


def _hours(found: Figures) -> Section:
    labels = [str(hour) if hour % 6 == 0 else "" for hour in found.hours]
    columns = [
        Column(label, tally.answers, f"{hour}:00 to {hour}:59: {number(tally.answers, 'answer')}")
        for label, (hour, tally) in zip(labels, found.hours.items(), strict=True)
    ]
    points = [
        _point(label, t.retention if t.retention.whole >= TRIED else Share(), f"{hour}:00")
        for label, (hour, t) in zip(labels, found.hours.items(), strict=True)
    ]
    busiest = max(found.hours, key=lambda hour: found.hours[hour].answers)
    some = found.hours[busiest].answers
    summary = f"Most answers come from {busiest}:00 to {busiest}:59." if some else "No answer yet."
    rows = [
        (
            Cell(f"{hour}:00", str(hour)),
            count_cell(tally.answers),
            share_cell(tally.retention, ranged=True),
        )
        for hour, tally in found.hours.items()
        if tally.answers
    ]
    table = Table("By hour", ("hour", "answers", "retention"), rows)
    charts: list[Chart] = [bars("clock", "Answers by hour of the day", summary, columns)]
    if any(point.value is not None for point in points):
        told = f"Hours with {TRIED} tests or more."
        charts.append(
            shares("hourly", "True retention by hour of the day", told, points, joined=False)
        )
    return Section("hours", "Time of day", charts, table, size="pair")
