"""Report sections on reviews: heat map, retention, ratings, time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from flashcards.core.messages import format_count
from flashcards.core.sm2 import MIN_RECALLED_QUALITY
from flashcards.core.stats.compute import Statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.totals import NO_REVIEWS, ReviewTotals
from flashcards.core.stats.values import WeekTotals
from flashcards.html_report.charts import BarInput, Chart, ProportionInput, bar_chart, proportion_chart
from flashcards.html_report.format import (
    NO_VALUE,
    ReportCell,
    count_cell,
    duration_cell,
    format_date,
    format_duration,
    format_percent,
    format_with_range,
    proportion_cell,
)
from flashcards.html_report.heatmap import year_heatmaps
from flashcards.html_report.sections import DataTable, PageSection

MAX_WEEKS = 53
"""Weeks that charts by week show, the latest ones."""
MIN_TESTS = 5
"""Tests from which an hour's retention is drawn; less says nothing."""


def review_sections(stats: Statistics) -> Iterator[PageSection]:
    """Yield the sections."""
    yield _heatmap_section(stats)
    yield _retention_section(stats)
    yield _calibration_section(stats)
    yield _recall_section(stats)
    yield _ratings_section(stats)
    yield _study_time_section(stats)
    yield _hours_section(stats)


def _heatmap_section(stats: Statistics) -> PageSection:
    some = [(day, count) for day, count in stats.heatmap if count]
    most = max(some, key=lambda pair: pair[1], default=(stats.day, 0))
    summary = (
        f"{format_count(sum(count for _, count in some), 'answer')} on "
        f"{format_count(len(some), 'day')} "
        f"of {len(stats.heatmap)}"
    ) + (f"; most in a day: {most[1]:,}, on {format_date(most[0])}." if some else ".")
    rows = [(ReportCell(format_date(day), day.isoformat()), count_cell(count)) for day, count in some[::-1]]
    table = DataTable("Days with an answer, latest first", ("day", "answers"), rows)
    return PageSection(
        "heatmap", "A year of days", year_heatmaps(stats.heatmap, summary), table, width_class="wide"
    )


def _latest_weeks(stats: Statistics) -> list[tuple[date, WeekTotals | None]]:
    """Return the last WEEKS weeks, from the first with an answer on, each with its answers."""
    known = {week.monday: week for week in stats.weekly_totals}
    this = stats.day - timedelta(days=stats.day.weekday())
    mondays = [this - timedelta(days=7 * i) for i in range(MAX_WEEKS - 1, -1, -1)]
    first = min((monday for monday in mondays if monday in known), default=this)
    return [(monday, known.get(monday)) for monday in mondays if monday >= first]


def _month_labels(mondays: Sequence[date]) -> list[str]:
    """Return the name of each second month at the first week that begins in it, else nothing."""
    return [f"{monday:%b}" if monday.day <= 7 and monday.month % 2 else "" for monday in mondays]


def _proportion_point(label: str, proportion: Proportion, subject: str) -> ProportionInput:
    if proportion.value is None or proportion.confidence_interval is None:
        return ProportionInput(label, None)
    low, high = proportion.confidence_interval
    tooltip = f"{subject}: {format_with_range(proportion)} of {format_count(proportion.whole, 'test')}"
    return ProportionInput(label, proportion.value, low, high, tooltip)


def _retention_section(stats: Statistics) -> PageSection:
    kept = stats.all_time
    charts = [
        _retention_chart(
            stats, "young", "Young cards, by week", kept.young_retention, lambda week: week.young_retention
        ),
        _retention_chart(
            stats,
            "mature",
            "Mature cards, by week",
            kept.mature_retention,
            lambda week: week.mature_retention,
        ),
    ]
    rows = [
        (
            ReportCell(format_date(week.monday), week.monday.isoformat()),
            proportion_cell(week.totals.retention, show_range=True),
            proportion_cell(week.totals.young_retention),
            proportion_cell(week.totals.mature_retention),
            count_cell(week.totals.retention.whole),
        )
        for week in reversed(stats.weekly_totals)
        if week.totals.retention.whole
    ]
    header = ("week of", "all (range)", "young", "mature", "tests")
    table = DataTable("True retention by week, latest first", header, rows)
    also = ("range", "weeks")
    return PageSection("retention", "True retention", charts, table, also, width_class="pair")


def _retention_chart(
    stats: Statistics, name: str, title: str, overall: Proportion, of: Callable[[ReviewTotals], Proportion]
) -> Chart:
    """Draw the true retention of some cards, week by week, with its range."""
    weeks = _latest_weeks(stats)
    labels = _month_labels([monday for monday, _ in weeks])
    points = [
        _proportion_point(label, of(week.totals) if week else Proportion(), f"Week of {format_date(monday)}")
        for label, (monday, week) in zip(labels, weeks, strict=True)
    ]
    summary = f"In all {format_with_range(overall)} of {format_count(overall.whole, 'test')} recalled."
    return proportion_chart(name, title, summary if overall.whole else "No test yet.", points, connected=True)


def _calibration_section(stats: Statistics) -> PageSection:
    known = stats.all_time.calibration
    points = [
        _proportion_point(f"{rating}: {format_percent(share.value)}", share, f"Previously rated {rating}")
        for rating, share in known.items()
    ]
    summary = ", ".join(f"{format_percent(s.value)} after a {rating}" for rating, s in known.items())
    chart = proportion_chart(
        "after", "Recalled the next time, by rating", f"Recalled: {summary}.", points, connected=False
    )
    rows = [
        (
            ReportCell(f"rated {rating}", str(rating)),
            proportion_cell(s, show_range=True),
            _share_cell(stats.predicted_after(rating)),
            count_cell(s.whole),
        )
        for rating, s in known.items()
    ]
    table = DataTable("Recalled next time", ("previous rating", "recalled", "predicted", "tests"), rows)
    return PageSection("calibration", "How accurate are your ratings?", [chart], table, ("predicted",))


def _share_cell(value: float | None) -> ReportCell:
    return ReportCell(NO_VALUE) if value is None else ReportCell(format_percent(value), str(round(value, 4)))


def _recall_section(stats: Statistics) -> PageSection:
    found, recall = stats.calibration, stats.recall
    points = [
        _proportion_point(f"{one.low * 100:.0f}", one.recalled, f"Predicted {format_percent(one.predicted)}")
        for one in found.bins
    ]
    summary = (
        f"Predicted {format_percent(found.predicted)}, recalled {format_percent(found.recalled.value)}; "
        f"known today: {recall.known:,.0f} of {format_count(recall.cards, 'card')}."
        if found.bins
        else "No test yet."
    )
    chart = proportion_chart(
        "recall", "Recalled, by the predicted chance in percent", summary, points, connected=False
    )
    rows = [
        (
            ReportCell(f"{one.low * 100:.0f} to {one.high * 100:.0f} %", str(one.low)),
            proportion_cell(one.recalled, show_range=True),
            _share_cell(one.predicted),
            count_cell(one.recalled.whole),
        )
        for one in found.bins
    ]
    header = ("predicted", "recalled", "mean predicted", "tests")
    table = DataTable("Predicted against recalled", header, rows)
    columns = [
        BarInput(f"{day:%b}", round(known), f"{format_date(day)}: {format_count(round(known), 'card')}")
        for day, known in recall.known_over_time
    ]
    known_chart = bar_chart(
        "known", "Known cards, month by month", "The sum of the chances of recall.", columns
    )
    charts = [chart, known_chart] if columns else [chart]
    return PageSection("recall", "Does FSRS know your memory?", charts, table, width_class="pair")


def _ratings_section(stats: Statistics) -> PageSection:
    given = stats.all_time.ratings
    total = sum(given.values())
    columns = [
        BarInput(
            str(rating),
            count,
            f"Rated {rating}: {format_count(count, 'answer')}, "
            f"{format_percent(Proportion(count, total).value)}",
            "bar" if rating >= MIN_RECALLED_QUALITY else "bar warm",
            format_percent(Proportion(count, total).value) if count else "",
        )
        for rating, count in given.items()
    ]
    summary = f"{format_count(total, 'answer')}; 1 and 2 mean forgot, 3 to 5 recalled."
    rows = [
        (ReportCell(str(rating), str(rating)), count_cell(count), proportion_cell(Proportion(count, total)))
        for rating, count in given.items()
    ]
    table = DataTable("Answers by rating", ("rating", "answers", "share"), rows)
    chart = bar_chart("rated", "Answers by rating", summary, columns)
    return PageSection("ratings", "Your ratings", [chart], table)


def _study_time_section(stats: Statistics) -> PageSection:
    weeks = _latest_weeks(stats)
    labels = _month_labels([monday for monday, _ in weeks])
    columns = []
    for label, (monday, week) in zip(labels, weeks, strict=True):
        totals = week.totals if week else NO_REVIEWS
        answers = format_count(totals.answers, "answer")
        tooltip = f"Week of {format_date(monday)}: {format_duration(totals.ms)}, {answers}"
        columns.append(BarInput(label, round(totals.ms / 60_000, 1), tooltip))
    pace = stats.pace
    each = f"{pace.seconds_per_answer:.1f} s per answer" if pace.seconds_per_answer else "no time yet"
    card = f", {pace.minutes_per_card:.1f} min per card" if pace.minutes_per_card else ""
    chart = bar_chart("spent", "Minutes by week",
    f"{format_duration(stats.all_time.ms)} total; {each}{card}.",
                 columns)  # fmt: skip
    rows = [
        (
            ReportCell(format_date(week.monday), week.monday.isoformat()),
            duration_cell(week.totals.ms),
            count_cell(week.totals.answers),
            count_cell(week.totals.new_answers),
        )
        for week in reversed(stats.weekly_totals)
    ]
    table = DataTable("Weeks, latest first", ("week of", "time", "answers", "new"), rows)
    return PageSection("minutes", "Study time", [chart], table, ("pace",))


def _hours_section(stats: Statistics) -> PageSection:
    labels = [str(hour) if hour % 6 == 0 else "" for hour in stats.hourly_totals]
    columns = [
        BarInput(label, tally.answers, f"{hour}:00 to {hour}:59: {format_count(tally.answers, 'answer')}")
        for label, (hour, tally) in zip(labels, stats.hourly_totals.items(), strict=True)
    ]
    points = [
        _proportion_point(
            label, t.retention if t.retention.whole >= MIN_TESTS else Proportion(), f"{hour}:00"
        )
        for label, (hour, t) in zip(labels, stats.hourly_totals.items(), strict=True)
    ]
    busiest = max(stats.hourly_totals, key=lambda hour: stats.hourly_totals[hour].answers)
    some = stats.hourly_totals[busiest].answers
    summary = f"Most answers come from {busiest}:00 to {busiest}:59." if some else "No answer yet."
    rows = [
        (
            ReportCell(f"{hour}:00", str(hour)),
            count_cell(tally.answers),
            proportion_cell(tally.retention, show_range=True),
        )
        for hour, tally in stats.hourly_totals.items()
        if tally.answers
    ]
    table = DataTable("By hour", ("hour", "answers", "retention"), rows)
    charts: list[Chart] = [bar_chart("clock", "Answers by hour of the day", summary, columns)]
    if any(point.value is not None for point in points):
        summary_of_tests = f"Only hours with at least {MIN_TESTS} tests."
        charts.append(
            proportion_chart(
                "hourly", "True retention by hour of the day", summary_of_tests, points, connected=False
            )
        )
    return PageSection("hours", "Time of day", charts, table, width_class="pair")
