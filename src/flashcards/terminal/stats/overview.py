"""Overview tab: today, this week, streak, heat map, totals."""

from rich.text import Text

from flashcards.core.format_count import format_count
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import ReviewTotals
from flashcards.terminal import theme
from flashcards.terminal.stats.cards import hardest_block
from flashcards.terminal.stats.forecast import forecast_blocks
from flashcards.terminal.stats.heatmap import heatmap_lines
from flashcards.terminal.stats.layout import (
    BLOCK_GAP,
    MIN_BLOCK_WIDTH,
    StatsBlock,
    align_rows,
    arrange_blocks,
    block_width,
    dim_text,
    fold_line,
    format_range,
    state_bar,
)
from flashcards.terminal.stats.retention import retention_blocks
from flashcards.terminal.text.format import format_duration, format_percent

DASHBOARD_COLUMNS = 2 * MIN_BLOCK_WIDTH + BLOCK_GAP
"""Columns from which parts of other tabs follow the heat map."""
TWO_LINE_COLUMNS = 64  # columns below which a period takes two lines


def overview_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    """Return the blocks of the Overview tab."""
    if not statistics.all_time.answers and not statistics.card_counts.total:
        return [StatsBlock("", [Text("No cards yet. Import some: flashcards import FILE")])]
    return [
        StatsBlock("", [*_period_rows(statistics, columns), *_streak_lines(statistics, columns)]),
        StatsBlock("", heatmap_lines(statistics.heatmap, columns), needs_answers=True),
        StatsBlock("", _totals_lines(statistics, columns)),
    ]


def dashboard_lines(statistics: Statistics, columns: int) -> list[Text]:
    """Return the overview with parts of other tabs, for wide screens."""
    width = block_width(columns)
    blocks = overview_blocks(statistics, width)
    if len(blocks) == 1:
        return arrange_blocks(blocks, columns)
    more = [
        *retention_blocks(statistics, width)[:3],
        *forecast_blocks(statistics, width, 14),
        hardest_block(statistics, width),
    ]
    return [
        *arrange_blocks([blocks[0], blocks[2]], columns),
        *(Text(), *heatmap_lines(statistics.heatmap, columns), Text()),
        *arrange_blocks(more, columns),
    ]


def _period_rows(statistics: Statistics, columns: int) -> list[Text]:
    today, week = statistics.today, statistics.last_seven_days
    days = sum(1 for _, tally in statistics.daily_totals if tally.answers)
    table = [
        ["Today", *_period_cells(today), ""],
        ["7 days", *_period_cells(week), f"on {statistics.days_with_answers} of 7 days"],
        ["All time", *_period_cells(statistics.all_time), f"on {format_count(days, 'day')}"],
    ]
    if columns < TWO_LINE_COLUMNS:
        folded = [[[row[0], row[1], row[2]], ["", row[3], row[4]]] for row in table]
        return align_rows([line for pair in folded for line in pair], "lrr")
    return align_rows(table, "lrrrrl", 3 if columns > 80 else 2)


def _period_cells(totals: ReviewTotals) -> list[str]:
    first = totals.first_answer_recall
    recall = f"{format_percent(first.part, first.whole)} recalled"
    count = format_count(totals.answers, "review")
    return [count, format_duration(totals.ms), recall, f"{totals.new_answers:,} new"]


def _streak_lines(statistics: Statistics, columns: int) -> list[Text]:
    current, longest = statistics.streak.current, statistics.streak.longest
    line = Text("Streak   ")
    line.append(format_count(current, "day"), theme.HEADING)
    line.append(f", longest {longest:,}", theme.CHROME)
    if hint := _streak_hint(statistics):
        line.append(f"   {hint}", theme.ACCENT)
    return fold_line(line, columns, 9)


def _streak_hint(statistics: Statistics) -> str:
    """Return how today can still extend the streak, else ""."""
    current, longest = statistics.streak.current, statistics.streak.longest
    if statistics.today.answers:
        return "your longest so far" if current == longest > 1 else ""
    if current:
        return f"answer one card today to make it {current + 1:,}"
    return "answer one card today to start a streak" if longest else "answer your first card today"


def _totals_lines(statistics: Statistics, columns: int) -> list[Text]:
    kept = statistics.all_time
    due = [n for _, n in statistics.forecast]
    backlog = f" ({statistics.backlog:,} overdue)" if statistics.backlog else ""
    due_text = f"today {due[0]:,}{backlog}   tomorrow {due[1]:,}"
    due_text += f"   7 days {sum(due[:7]):,}"
    retention = Text("   ").join(
        [_retention_text("young", kept.young_retention), _retention_text("mature", kept.mature_retention)]
    )
    cards = f"{statistics.card_counts.total:,}"
    lines = align_rows([["Retention", retention], ["Due", due_text], ["Cards", cards]], "ll")
    lines = [piece for line in lines for piece in fold_line(line, columns, 11)]
    return [*lines, *state_bar(statistics.card_counts, columns)]


def _retention_text(name: str, proportion: Proportion) -> Text:
    line = Text(f"{name} {format_percent(proportion.part, proportion.whole)}")
    if proportion.whole:
        line.append_text(dim_text(f" ({format_range(proportion)})"))
    return line
