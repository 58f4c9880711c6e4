"""Time tab: pace, hours and weeks."""

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.terminal.stats.layout import (
    StatsBlock,
    align_rows,
    dim_text,
    fold_line,
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
    seconds, minutes = statistics.all_time.seconds_per_answer, statistics.minutes_per_card
    if seconds is None or minutes is None:
        return [dim_text("No answers yet.")]
    return [
        Text(f"{seconds:.1f} seconds per answer"),
        Text(
            f"{minutes:.1f} minutes per card so far: "
            f"{statistics.answered_cards:,} cards in {format_duration(statistics.all_time.ms)}"
        ),
    ]


def _hour_rows(statistics: Statistics, columns: int) -> list[Text]:
    studied = [hour for hour, tally in statistics.hourly_totals.items() if tally.answers]
    if not studied:
        return [dim_text("No answers yet.")]
    most = max(tally.answers for tally in statistics.hourly_totals.values())
    wide = min(30, columns - 42)
    table = []
    for hour in studied:
        tally = statistics.hourly_totals[hour]
        kept = tally.retention
        share = format_percent(kept.part, kept.whole) if kept.whole else ""
        drawn = styled_bar(tally.answers, most, max(4, wide))
        table.append((f"{hour:02}:00", f"{tally.answers:,}", drawn, share, dim_text(format_range(kept))))
    heads = ("", "answers", "", "retention", "range")
    shown = 4 if columns < MIN_RANGE_COLUMNS else 5
    return align_rows([row[:shown] for row in table], "lrlrr"[:shown], header=heads[:shown])


def _week_rows(statistics: Statistics, columns: int) -> list[Text]:
    weeks = statistics.weekly_totals[-MAX_WEEKS:][::-1]
    if not weeks:
        return [dim_text("No answers yet.")]
    max_ms = max(totals.ms for _, totals in weeks)
    rows = [
        (
            monday.strftime("%d %b"),
            f"{totals.answers:,}",
            f"{totals.new_answers:,}",
            format_duration(totals.ms),
            styled_bar(totals.ms, max_ms, min(30, columns - 46)),
        )
        for monday, totals in weeks
    ]
    return align_rows(rows, "lrrrl", header=("", "answers", "new", "time", ""))
