"""Draw the heat map of the last year."""

from collections.abc import Sequence
from datetime import date, timedelta

from flashcards.core.format_count import format_count
from flashcards.core.stats.shades import shade_index, shade_thresholds
from flashcards.html_report.charts import Chart, ChartBox, ChartLabel
from flashcards.html_report.format import format_date

DAY_SIZE, DAY_STEP, LEFT_MARGIN, HEADER_HEIGHT = 12, 14, 30, 16
ONE_WEEK = timedelta(days=7)


def year_heatmaps(days: Sequence[tuple[date, int]], summary: str) -> tuple[Chart, Chart]:
    """Return the drawings for a wide and for a narrow page."""
    first = days[0][0] - timedelta(days=days[0][0].weekday())
    weeks = (days[-1][0] - first).days // 7 + 1
    chart = Chart("year", "Answers by day", summary)
    narrow = chart._replace(name="half")
    return _heatmap(chart, days, first, weeks, 1), _heatmap(narrow, days, first, -(-weeks // 2), 2)


def _heatmap(
    chart: Chart, days: Sequence[tuple[date, int]], first: date, weeks: int, row_count: int
) -> Chart:
    """Return a chart with its days in rows of `weeks`, and a legend."""
    thresholds = shade_thresholds([count for _, count in days])
    boxes, words = [], []
    for day, count in days:
        week, weekday = divmod((day - first).days, 7)
        row, column = divmod(week, weeks)
        x, y = LEFT_MARGIN + column * DAY_STEP, _row_top(row) + weekday * DAY_STEP
        tooltip = f"{format_date(day)}: {format_count(count, 'answer')}"
        boxes.append(ChartBox(x, y, DAY_SIZE, DAY_SIZE, f"day d{shade_index(count, thresholds)}", tooltip))
    for row in range(row_count):
        words += _month_labels(first + row * weeks * ONE_WEEK, weeks, _row_top(row))
        words += [
            ChartLabel(LEFT_MARGIN - 6, _row_top(row) + i * DAY_STEP + 10, name, "end", "tick")
            for i, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))
        ]
    foot = _row_top(row_count) - HEADER_HEIGHT + 4
    for i, edge in enumerate((0, *thresholds)):
        x, shade = LEFT_MARGIN + i * 52, f"day d{shade_index(edge, thresholds)}"
        boxes.append(ChartBox(x, foot, DAY_SIZE, DAY_SIZE, shade, f"From {edge:,}" if i else "None"))
        words.append(ChartLabel(x + 16, foot + 10, f"{edge:,}+" if i else "none", "start", "tick"))
    width, height = LEFT_MARGIN + weeks * DAY_STEP, foot + DAY_SIZE + 2
    return chart._replace(width=width, height=height, boxes=boxes, labels=words)


def _row_top(row: int) -> int:
    return HEADER_HEIGHT + row * (HEADER_HEIGHT + 7 * DAY_STEP + 10)


def _month_labels(start: date, weeks: int, top: int) -> list[ChartLabel]:
    """Return month names above the weeks in which they begin, with room."""
    words: list[ChartLabel] = []
    last, seen = -3, 0
    for i in range(weeks):
        sunday = start + i * ONE_WEEK + timedelta(days=6)
        if sunday.month != seen and i - last >= 3 and i < weeks - 1:
            words.append(ChartLabel(LEFT_MARGIN + i * DAY_STEP, top - 5, f"{sunday:%b}", "start", "tick"))
            last = i
        seen = sunday.month
    return words
