"""Report sections on reviews: heat map, retention, ratings, time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from operator import attrgetter

from flashcards.core.format_count import format_count
from flashcards.core.sm2 import MIN_RECALLED_QUALITY
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import NO_REVIEWS, ReviewTotals
from flashcards.html_report.charts import BarInput, Chart, ProportionInput, bar_chart, proportion_chart
from flashcards.html_report.elements import DataTable, PageSection
from flashcards.html_report.format import (
    ReportCell,
    count_cell,
    date_cell,
    duration_cell,
    format_date,
    format_duration,
    format_percent,
    format_with_range,
    proportion_cell,
    share_cell,
)
from flashcards.html_report.heatmap import year_heatmaps

MAX_WEEKS = 53  # the latest ones, in charts by week
MIN_TESTS = 5  # for an hour's retention; fewer say nothing


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
        f"{format_count(len(some), 'day')} of {len(stats.heatmap)}"
    ) + (f"; most in a day: {most[1]:,}, on {format_date(most[0])}." if some else ".")
    rows = [(date_cell(day), count_cell(count)) for day, count in some[::-1]]
    table = DataTable("Days with an answer, latest first", ("day", "answers"), rows)
    return PageSection(
        "heatmap", "A year of days", year_heatmaps(stats.heatmap, summary), table, width_class="wide"
    )


def _latest_weeks(stats: Statistics) -> Iterator[tuple[str, str, ReviewTotals]]:
    """Yield label, name and totals of each week; every second month has its label at its first week."""
    known = dict(stats.weekly_totals)
    this = stats.day - timedelta(days=stats.day.weekday())
    mondays = [this - timedelta(days=7 * i) for i in range(MAX_WEEKS - 1, -1, -1)]
    first = min((monday for monday in mondays if monday in known), default=this)
    for monday in mondays:
        if monday >= first:
            label = f"{monday:%b}" if monday.day <= 7 and monday.month % 2 else ""
            yield label, f"Week of {format_date(monday)}", known.get(monday, NO_REVIEWS)


def _retention_section(stats: Statistics) -> PageSection:
    charts = [_retention_chart(stats, kind) for kind in ("young", "mature")]
    rows = []
    for monday, totals in reversed(stats.weekly_totals):
        if tests := totals.retention.whole:
            young, mature = proportion_cell(totals.young_retention), proportion_cell(totals.mature_retention)
            both = proportion_cell(totals.retention, show_range=True)
            rows.append((date_cell(monday), both, young, mature, count_cell(tests)))
    header = ("week of", "all (range)", "young", "mature", "tests")
    table = DataTable("True retention by week, latest first", header, rows)
    also = ("range", "weeks")
    return PageSection("retention", "True retention", charts, table, also, width_class="pair")


def _retention_chart(stats: Statistics, kind: str) -> Chart:
    retention: Callable[[ReviewTotals], Proportion] = attrgetter(f"{kind}_retention")
    overall = retention(stats.all_time)
    points = [ProportionInput(label, retention(totals), week) for label, week, totals in _latest_weeks(stats)]
    summary = f"In all {format_with_range(overall)} of {format_count(overall.whole, 'test')} recalled."
    title = f"{kind.capitalize()} cards, by week"
    return proportion_chart(kind, title, summary if overall.whole else "No test yet.", points, connected=True)


def _calibration_section(stats: Statistics) -> PageSection:
    points, parts, rows = [], [], []
    for rating, share in stats.all_time.calibration.items():
        percent = format_percent(share.value)
        points.append(ProportionInput(f"{rating}: {percent}", share, f"Previously rated {rating}"))
        parts.append(f"{percent} after a {rating}")
        cells = proportion_cell(share, show_range=True), share_cell(stats.predicted_after(rating))
        rows.append((ReportCell(f"rated {rating}", str(rating)), *cells, count_cell(share.whole)))
    summary = f"Recalled: {', '.join(parts)}."
    chart = proportion_chart("after", "Recalled the next time, by rating", summary, points, connected=False)
    table = DataTable("Recalled next time", ("previous rating", "recalled", "predicted", "tests"), rows)
    return PageSection("calibration", "How accurate are your ratings?", [chart], table, ("predicted",))


def _recall_section(stats: Statistics) -> PageSection:
    calibration, recall = stats.calibration, stats.recall
    points, rows = [], []
    for bar in calibration.bins:
        subject = f"Predicted {format_percent(bar.predicted)}"
        points.append(ProportionInput(f"{bar.low * 100:.0f}", bar.recalled, subject))
        bounds = ReportCell(f"{bar.low * 100:.0f} to {bar.high * 100:.0f} %", str(bar.low))
        cells = proportion_cell(bar.recalled, show_range=True), share_cell(bar.predicted)
        rows.append((bounds, *cells, count_cell(bar.recalled.whole)))
    recalled = format_percent(calibration.recalled.value)
    summary = (
        f"Predicted {format_percent(calibration.predicted)}, recalled {recalled}; "
        f"known today: {recall.known:,.0f} of {format_count(recall.cards, 'card')}."
        if calibration.bins
        else "No test yet."
    )
    chart = proportion_chart(
        "recall", "Recalled, by the predicted chance in percent", summary, points, connected=False
    )
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
    columns, rows = [], []
    for rating, count in given.items():
        share = proportion_cell(Proportion(count, total))
        tooltip = f"Rated {rating}: {format_count(count, 'answer')}, {share.text}"
        style = "bar" if rating >= MIN_RECALLED_QUALITY else "bar warm"
        columns.append(BarInput(str(rating), count, tooltip, style, share.text if count else ""))
        rows.append((ReportCell(str(rating), str(rating)), count_cell(count), share))
    summary = f"{format_count(total, 'answer')}; 1 and 2 mean forgot, 3 to 5 recalled."
    table = DataTable("Answers by rating", ("rating", "answers", "share"), rows)
    chart = bar_chart("rated", "Answers by rating", summary, columns)
    return PageSection("ratings", "Your ratings", [chart], table)


def _study_time_section(stats: Statistics) -> PageSection:
    columns = []
    for label, week, totals in _latest_weeks(stats):
        tooltip = f"{week}: {format_duration(totals.ms)}, {format_count(totals.answers, 'answer')}"
        columns.append(BarInput(label, round(totals.ms / 60_000, 1), tooltip))
    seconds = stats.all_time.seconds_per_answer
    each = f"{seconds:.1f} s per answer" if seconds else "no time yet"
    card = f", {stats.minutes_per_card:.1f} min per card" if stats.minutes_per_card else ""
    total = f"{format_duration(stats.all_time.ms)} total; {each}{card}."
    chart = bar_chart("spent", "Minutes by week", total, columns)
    rows = []
    for monday, totals in reversed(stats.weekly_totals):
        counts = count_cell(totals.answers), count_cell(totals.new_answers)
        rows.append((date_cell(monday), duration_cell(totals.ms), *counts))
    table = DataTable("Weeks, latest first", ("week of", "time", "answers", "new"), rows)
    return PageSection("minutes", "Study time", [chart], table, ("pace",))


def _hours_section(stats: Statistics) -> PageSection:
    columns, points, rows = [], [], []
    for hour, totals in stats.hourly_totals.items():
        label = str(hour) if hour % 6 == 0 else ""
        tooltip = f"{hour}:00 to {hour}:59: {format_count(totals.answers, 'answer')}"
        columns.append(BarInput(label, totals.answers, tooltip))
        share = totals.retention if totals.retention.whole >= MIN_TESTS else Proportion()
        points.append(ProportionInput(label, share, f"{hour}:00"))
        if totals.answers:
            retention = proportion_cell(totals.retention, show_range=True)
            rows.append((ReportCell(f"{hour}:00", str(hour)), count_cell(totals.answers), retention))
    busiest = max(stats.hourly_totals, key=lambda hour: stats.hourly_totals[hour].answers)
    some = stats.hourly_totals[busiest].answers
    summary = f"Most answers come from {busiest}:00 to {busiest}:59." if some else "No answer yet."
    table = DataTable("By hour", ("hour", "answers", "retention"), rows)
    charts: list[Chart] = [bar_chart("clock", "Answers by hour of the day", summary, columns)]
    if any(point.proportion.whole for point in points):
        title, hint = "True retention by hour of the day", f"Only hours with at least {MIN_TESTS} tests."
        charts.append(proportion_chart("hourly", title, hint, points, connected=False))
    return PageSection("hours", "Time of day", charts, table, width_class="pair")
