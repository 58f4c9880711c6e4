"""A year of days as two drawings: one line of weeks for wide pages, two for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from flashcards.html_report.charts import Box, Chart, Word
from flashcards.html_report.format import day_of, number

SIZE, STEP, EDGE, HEAD = 12, 14, 30, 16
"""A day's side, the distance between days, and the room for weekdays and months."""
LEVELS = 4
WEEK = timedelta(days=7)
Days = Sequence[tuple[date, int]]
Marks = tuple[list[Box], list[Word]]


def levels(counts: Sequence[int]) -> list[int]:
    """Return the least count of each shade: quarters of the days with an answer."""
    some = sorted(count for count in counts if count)
    if not some:
        return [1] * LEVELS
    return [some[len(some) * i // LEVELS] for i in range(LEVELS)]


def shade(count: int, edges: Sequence[int]) -> int:
    """Return the shade of a day: 0 for none, up to LEVELS."""
    return max(1, sum(count >= edge for edge in edges)) if count else 0


def year(days: Days, summary: str) -> tuple[Chart, Chart]:
    """Return the drawings for a wide and for a narrow page."""
    edges = levels([count for _, count in days])
    first = days[0][0] - timedelta(days=days[0][0].weekday())
    weeks = (days[-1][0] - first).days // 7 + 1
    half = -(-weeks // 2)
    title = "Answers by day"
    wide = _rows(days, edges, first, weeks, 1)
    narrow = _rows(days, edges, first, half, 2)
    return (
        _drawn(Chart("year", title, summary, EDGE + weeks * STEP, _top(1)), wide, edges),
        _drawn(Chart("half", title, summary, EDGE + half * STEP, _top(2)), narrow, edges),
    )


def _drawn(chart: Chart, marks: Marks, edges: Sequence[int]) -> Chart:
    """Return a chart with its days, and at its foot what the shades mean."""
    boxes, words = marks
    top = chart.height - HEAD + 4
    for i, edge in enumerate((0, *edges)):
        x = EDGE + i * 52
        boxes.append(Box(x, top, SIZE, SIZE, f"day d{i}", f"From {edge:,}" if i else "None"))
        words.append(Word(x + 16, top + 10, f"{edge:,}+" if i else "none", "start", "tick"))
    return replace(chart, height=top + SIZE + 2, boxes=boxes, words=words)


def _rows(days: Days, edges: Sequence[int], first: date, weeks: int, rows: int) -> Marks:
    """Return the days and what is written beside them, so many weeks in each of the rows."""
    boxes, words = [], []
    for day, count in days:
        week, weekday = divmod((day - first).days, 7)
        row, column = divmod(week, weeks)
        x, y = EDGE + column * STEP, _top(row) + weekday * STEP
        told = f"{day_of(day)}: {number(count, 'answer')}"
        boxes.append(Box(x, y, SIZE, SIZE, f"day d{shade(count, edges)}", told))
    for row in range(rows):
        start = first + row * weeks * WEEK
        words += _months(start, weeks, _top(row))
        words += [
            Word(EDGE - 6, _top(row) + i * STEP + 10, name, "end", "tick")
            for i, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))
        ]
    return boxes, words


def _top(row: int) -> int:
    return HEAD + row * (HEAD + 7 * STEP + 10)


def _months(start: date, weeks: int, top: int) -> list[Word]:
    """Return the names of months above the weeks in which they begin, where there is room."""
    words: list[Word] = []
    last, seen = -3, 0
    for i in range(weeks):
        sunday = start + i * WEEK + timedelta(days=6)
        if sunday.month != seen and i - last >= 3 and i < weeks - 1:
            words.append(Word(EDGE + i * STEP, top - 5, f"{sunday:%b}", "start", "tick"))
            last = i
        seen = sunday.month
    return words
