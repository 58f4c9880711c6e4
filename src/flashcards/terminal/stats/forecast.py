"""Forecast tab: the backlog and cards due by day."""

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import StatsBlock, align_rows, dim_text, fold_line, styled_bar
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
    words = f"{due[0]:,} today   {sum(due[:7]):,} in 7 days   "
    return Text(f"{words}{sum(due):,} in {len(due)} days   {per_day:.0f} per day after today")


def _forecast_rows(statistics: Statistics, columns: int, day_count: int) -> list[Text]:
    backlog, days = statistics.backlog, statistics.forecast[:day_count]
    counts = [days[0][1] - backlog, *(n for _, n in days[1:])]
    names = ["today", "tomorrow", *(f"{day:%a %d %b}" for day, _ in days[2:])]
    most, wide = max(backlog, *counts), min(50, columns - 24)
    late = styled_bar(backlog, most, wide)
    late.stylize(theme.WARNING)
    table = [("overdue", f"{backlog:,}", late)] if backlog else []
    table += [(name, f"{n:,}", styled_bar(n, most, wide)) for name, n in zip(names, counts, strict=True)]
    return align_rows(table, "lrl")
