"""Time tab: pace, hours and weeks."""

from __future__ import annotations

from rich.text import Text

from flashcards.core.stats.compute import Statistics
from flashcards.terminal.stats.layout import (
    StatsBlock,
    TableCell,
    align_rows,
    dim_text,
    fold_line,
    format_number,
    format_range,
    styled_bar,
)
from flashcards.terminal.text.format import format_duration, format_percent

MIN_RANGE_COLUMNS = 50  # columns below which ranges are left out
MAX_WEEKS = 26  # the latest weeks; JSON has all


def time_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    """Return the blocks of the Time tab."""
    pace = [piece for line in _pace_lines(statistics) for piece in fold_line(line, columns - 2)]
    return [
        StatsBlock("Pace", pace),
        StatsBlock("Time of day", _hour_rows(statistics, columns)),
        StatsBlock("By week (starting Monday)", _week_rows(statistics, columns)),
    ]


def _pace_lines(statistics: Statistics) -> list[Text]:
    pace = statistics.pace
    if pace.seconds_per_answer is None or pace.minutes_per_card is None:
        return [dim_text("No answers yet.")]
    return [
        Text(f"{pace.seconds_per_answer:.1f} seconds per answer"),
        Text(
            f"{pace.minutes_per_card:.1f} minutes per card so far: "
            f"{format_number(pace.answered_cards)} cards in {format_duration(pace.ms)}"
        ),
    ]


def _hour_rows(statistics: Statistics, columns: int) -> list[Text]:
    studied = [hour for hour, tally in statistics.hourly_totals.items() if tally.answers]
    if not studied:
        return [dim_text("No answers yet.")]
    most = max(tally.answers for tally in statistics.hourly_totals.values())
    wide = min(30, columns - 42)
    heads = ("", "answers", "", "retention", "range")
    table: list[list[TableCell]] = [[dim_text(heading) for heading in heads]]
    for hour in studied:
        tally = statistics.hourly_totals[hour]
        kept = tally.retention
        share = format_percent(kept.part, kept.whole) if kept.whole else ""
        drawn = styled_bar(tally.answers, most, max(4, wide))
        table.append(
            [f"{hour:02}:00", format_number(tally.answers), drawn, share, dim_text(format_range(kept))]
        )
    shown = 4 if columns < MIN_RANGE_COLUMNS else 5
    return align_rows([row[:shown] for row in table], "lrlrr"[:shown])


def _week_rows(statistics: Statistics, columns: int) -> list[Text]:
    weeks = statistics.weekly_totals[-MAX_WEEKS:][::-1]
    max_ms = max((week.totals.ms for week in weeks), default=0)
    wide = min(30, columns - 46)
    table: list[list[TableCell]] = [
        [
            week.monday.strftime("%d %b"),
            format_number(week.totals.answers),
            format_number(week.totals.new_answers),
            format_duration(week.totals.ms),
            styled_bar(week.totals.ms, max_ms, wide),
        ]
        for week in weeks
    ]
    head = [dim_text(heading) for heading in ("", "answers", "new", "time", "")]
    return align_rows([[*head], *table], "lrrrl") if table else [dim_text("No answers yet.")]
