"""Cards tab: states, hardest cards, histograms, growth."""

from collections.abc import Callable, Sequence

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.histograms import HistogramBin
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import (
    StatsBlock,
    align_rows,
    dim_text,
    fit_name,
    place_side_by_side,
    state_bar,
    styled_bar,
)
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

MAX_HARDEST = 5  # JSON has more
MIN_SIDE_BY_SIDE_COLUMNS = 66  # columns from which the histograms are side by side
MAX_MONTHS = 24  # the latest months; JSON has all


def card_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    """Return the blocks of the Cards tab."""
    return [
        StatsBlock("Cards by state", state_bar(statistics.card_counts, columns - 2)),
        hardest_block(statistics, columns),
        *_histogram_blocks(statistics, columns),
        StatsBlock("Month by month", _month_rows(statistics, columns)),
    ]


def hardest_block(statistics: Statistics, columns: int) -> StatsBlock:
    """Return the cards forgotten most often, and how to open them."""
    lines = []
    for entry in statistics.hardest_cards[:MAX_HARDEST]:
        card, memory = entry.card, entry.progress.memory
        lapses = "1 lapse  " if memory.lapses == 1 else f"{memory.lapses} lapses"
        summary = f"{lapses}  EF {memory.ease / 100:.2f}  "
        lines.append(Text.assemble(summary, fit_name(card.front, columns - 2 - display_width(summary))))
        ways = [f"{sanitize_line(card.path)}:{card.line}", f"flashcards show {sanitize_line(card.id)}"]
        if display_width("".join(ways)) <= columns - 7:
            ways = ["   ".join(ways)]
        lines += [Text(f"  {truncate(way, columns - 4)}", theme.CHROME) for way in ways]
    return StatsBlock("Hardest cards", lines or [dim_text("No lapses yet.")])


def _histogram_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    three = [
        ("Intervals", _bin_labels(statistics.interval_bins, str)),
        ("Ease factors", _bin_labels(statistics.ease_bins, lambda value: f"{value / 100:.2f}")),
        ("Days since first answer", _bin_labels(statistics.age_bins, str)),
    ]
    if columns < MIN_SIDE_BY_SIDE_COLUMNS:
        return [StatsBlock(title, _histogram_rows(values, min(30, columns - 24))) for title, values in three]
    wide = (columns - 2) // 3
    drawn = [[dim_text(title[: wide - 2]), *_histogram_rows(values, wide - 20)] for title, values in three]
    return [StatsBlock("Cards answered at least once", place_side_by_side(drawn, wide), needs_answers=True)]


def _histogram_rows(values: Sequence[tuple[str, int]], bar_width: int) -> list[Text]:
    most = max((n for _, n in values), default=0)
    return align_rows([[name, f"{n:,}", styled_bar(n, most, bar_width)] for name, n in values], "rrl")


def _bin_labels(bins: Sequence[HistogramBin], show: Callable[[int], str]) -> list[tuple[str, int]]:
    labels = []
    for one in bins:
        name = show(one.low)
        if one.high is None:
            name += "+"
        elif one.high > one.low:
            name += f"–{show(one.high)}"
        labels.append((name, one.cards))
    return labels


def _month_rows(statistics: Statistics, columns: int) -> list[Text]:
    months = statistics.monthly_growth[-MAX_MONTHS:][::-1]
    if not months:
        return [dim_text("No card has been answered yet.")]
    most = max(month.learned_so_far for month in months)
    rows = [
        (
            month.first_day.strftime("%b %Y"),
            f"{month.added:,}",
            f"{month.learned:,}",
            f"{month.learned_so_far:,}",
            styled_bar(month.learned_so_far, most, min(30, columns - 40)),
        )
        for month in months
    ]
    return align_rows(rows, "lrrrl", header=("", "added", "learned", "known", ""))
