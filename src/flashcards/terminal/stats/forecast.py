"""Forecast tab: the backlog and cards due by day."""

from __future__ import annotations

from datetime import date

from rich.text import Text

from flashcards.core.stats.compute import Statistics
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import (
    StatsBlock,
    TableCell,
    align_rows,
    dim_text,
    fold_line,
    format_number,
    styled_bar,
)
from flashcards.terminal.text.line_breaking import wrap_text


def forecast_blocks(statistics: Statistics, columns: int, days: int = 30) -> list[StatsBlock]:
    """Return the blocks of the Forecast tab."""
    if not any(n for _, n in statistics.forecast):
        line = dim_text(f"Nothing is due in the next {len(statistics.forecast)} days.")
        return [StatsBlock("Cards that come due", wrap_text(line, columns - 2))]
    totals = fold_line(_forecast_totals(statistics), columns - 2)
    rows = _forecast_rows(statistics, columns - 2, days)
    return [StatsBlock("Cards due, if nothing is answered before", [*totals, Text(), *rows])]


def _forecast_totals(statistics: Statistics) -> Text:
    due = [n for _, n in statistics.forecast]
    per_day = sum(due[1:]) / max(1, len(due) - 1)
    words = f"{format_number(due[0])} today   {format_number(sum(due[:7]))} in 7 days   "
    return Text(f"{words}{format_number(sum(due))} in {len(due)} days   {per_day:.0f} per day after today")


def _forecast_rows(statistics: Statistics, columns: int, day_count: int) -> list[Text]:
    today = statistics.forecast[0][1] - statistics.backlog
    days = [(_day_label(day, statistics.day), n) for day, n in statistics.forecast[:day_count]]
    days[0] = ("today", today)
    most = max(statistics.backlog, *(n for _, n in days))
    wide = min(50, columns - 24)
    late = styled_bar(statistics.backlog, most, wide)
    late.stylize(theme.WARNING)
    table: list[list[TableCell]] = []
    if statistics.backlog:
        table.append(["overdue", format_number(statistics.backlog), late])
    table += [[name, format_number(n), styled_bar(n, most, wide)] for name, n in days]
    return align_rows(table, "lrl")


def _day_label(day: date, today: date) -> str:
    near = {0: "today", 1: "tomorrow"}
    return near.get((day - today).days) or day.strftime("%a %d %b")
