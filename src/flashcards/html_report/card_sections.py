"""Report sections on cards: forecast, intervals, growth, decks."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from flashcards.core.format_count import format_count
from flashcards.core.progress import CardState
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.histograms import HistogramBin
from flashcards.core.stats.review_totals import CardGroup
from flashcards.html_report.charts import BarInput, bar_chart
from flashcards.html_report.elements import DataTable, PageSection
from flashcards.html_report.format import (
    ReportCell,
    count_cell,
    date_cell,
    display_text,
    duration_cell,
    format_date,
    format_short_number,
    proportion_cell,
)

MAX_MONTHS = 24  # the latest ones, in the growth chart
MAX_OPEN_ROWS = 60  # larger tables of decks or tags are collapsed
MAX_BACKLOG_RATIO = 1.5  # a taller backlog is cut, so that it does not dwarf the days
CARD_STATES = ("total", "new", "young", "mature", "due")
GROUP_COLUMNS = ("cards", "new", "young", "mature", "due", "retention", "answers", "time")


def card_sections(stats: Statistics) -> Iterator[PageSection]:
    """Yield the sections but the forecast, in the order of the page."""
    yield _growth_section(stats)
    yield _histogram_section("intervals", "Intervals", stats.interval_bins, DAYS_UNIT)
    yield _histogram_section("eases", "Ease factors", stats.ease_bins, EASE_UNIT)
    yield _histogram_section("ages", "Ages", stats.age_bins, DAYS_UNIT)
    yield _hardest_section(stats.hardest_cards)
    yield _groups_section("decks", "Decks", "deck", stats.deck_groups)
    if stats.tag_groups:
        yield _groups_section("tags", "Tags", "tag", stats.tag_groups)


def forecast_section(stats: Statistics) -> PageSection:
    """Return the forecast, with the backlog as a bar of its own before today."""
    days = [(day, due - stats.backlog if day == stats.day else due) for day, due in stats.forecast]
    highest = max((due for _, due in days), default=0)
    columns = []
    for day, due in days:
        label = "today" if day == stats.day else f"{day.day} {day:%b}" if day.weekday() == 0 else ""
        columns.append(BarInput(label, due, f"{format_date(day)}: {due:,} due"))
    if stats.backlog:
        tooltip = f"Backlog: {format_count(stats.backlog, 'card')} due before today"
        tall = min(stats.backlog, max(1, highest) * MAX_BACKLOG_RATIO)
        cut_marker = " ↑" if tall < stats.backlog else ""
        late = BarInput("", tall, tooltip, "bar warm", f"{stats.backlog:,}{cut_marker}")
        columns = [late, BarInput("", 0, ""), *columns]
    summary = f"{format_count(sum(due for _, due in days), 'card')} in {len(days)} days" + (
        f", and a backlog of {stats.backlog:,}." if stats.backlog else "; no backlog."
    )
    rows = [(date_cell(day), count_cell(due)) for day, due in stats.forecast]
    table = DataTable("Cards due by day (today includes the backlog)", ("day", "due"), rows)
    chart = bar_chart("coming", "Cards due by day", summary, columns)
    return PageSection("forecast", "Forecast", [chart], table, ("backlog",))


def _short_days(days: int) -> str:
    if days < 30:
        return str(days)
    return f"{days // 30} mo" if days < 365 else f"{days // 365} y"


class HistogramUnit(NamedTuple):
    """How the values of a histogram are formatted."""

    name: str
    phrase: str  # with {} for the range
    parts_per_unit: int  # divides the raw values
    format_value: Callable[[int], str]
    bar_label: Callable[[int], str]


DAYS_UNIT = HistogramUnit("days", "{} days", 1, str, _short_days)
EASE_UNIT = HistogramUnit(
    "EF", "an EF of {}", 100, lambda ease: f"{ease / 100:.2f}", lambda ease: f"{ease / 100:.1f}"
)


def _histogram_section(
    name: str, heading: str, bins: Sequence[HistogramBin], unit: HistogramUnit
) -> PageSection:
    columns, rows = [], []
    for bar in bins:
        low = unit.format_value(bar.low)
        span = f"{low} or more" if bar.high is None else f"{low} to {unit.format_value(bar.high)}"
        tooltip = f"{unit.phrase.format(span)}: {format_count(bar.cards, 'card')}"
        above = format_short_number(bar.cards) if bar.cards else ""
        columns.append(BarInput(unit.bar_label(bar.low), bar.cards, tooltip, value_label=above))
        rows.append((ReportCell(span, f"{bar.low / unit.parts_per_unit:g}"), count_cell(bar.cards)))
    total = sum(bar.cards for bar in bins)
    most = max(zip(bins, rows, strict=True), key=lambda pair: pair[0].cards)[1][0].text
    summary = f"{format_count(total, 'card')}; most have {unit.phrase.format(most)}."
    chart = bar_chart(f"{name}-bars", f"Cards by {unit.name}", summary if total else "No card yet.", columns)
    table = DataTable(heading, (unit.name, "cards"), rows)
    return PageSection(name, heading, [chart], table, width_class="small")


def _growth_section(stats: Statistics) -> PageSection:
    latest = stats.monthly_growth[-MAX_MONTHS:]
    stock_bars, growth_bars = [], []
    for month in latest:
        label = f"{month.first_day:%b}" if month.first_day.month % 3 == 1 else ""
        when = f"{month.first_day:%B %Y}"
        tooltip = f"{when}: {month.learned_so_far:,} learned by the end of the month"
        stock_bars.append(BarInput(label, month.learned_so_far, tooltip))
        growth_bars.append(BarInput(label, month.added, f"{when}: {month.added:,} added", "bar soft"))
        growth_bars.append(BarInput("", month.learned, f"{when}: {month.learned:,} learned"))
    stock = stats.monthly_growth[-1].learned_so_far if stats.monthly_growth else 0
    sums = [sum(counts) for counts in zip(*((m.added, m.learned) for m in stats.monthly_growth), strict=True)]
    added, learned = sums or (0, 0)
    summary = f"{format_count(stock, 'card')} learned so far."
    legend = f"Light: {added:,} added. Dark: {learned:,} learned."
    charts = [
        bar_chart("grown", "Cards learned, by the end of each month", summary, stock_bars),
        bar_chart("came", "Cards added and learned, month by month", legend, growth_bars),
    ]
    rows = [
        (
            ReportCell(f"{month.first_day:%b %Y}", month.first_day.isoformat()[:7]),
            count_cell(month.added),
            count_cell(month.learned),
            count_cell(month.learned_so_far),
        )
        for month in reversed(stats.monthly_growth)
    ]
    table = DataTable("By month, latest first", ("month", "added", "learned", "known"), rows)
    return PageSection("growth", "Collection growth", charts, table, ("months",), width_class="pair")


def _hardest_section(cards: Sequence[CardState]) -> PageSection:
    rows = [
        (
            ReportCell(display_text(state.card.front)),
            count_cell(state.progress.memory.lapses),
            ReportCell(f"{state.progress.memory.ease / 100:.2f}", f"{state.progress.memory.ease / 100:g}"),
            ReportCell(display_text(state.card.deck)),
            ReportCell(display_text(f"{state.card.path}:{state.card.line}"), is_code=True),
            ReportCell(display_text(f"flashcards show {state.card.id}"), is_code=True),
        )
        for state in cards
    ]
    header = ("card", "lapses", "EF", "deck", "file", "command")
    table = DataTable("The hardest cards", header, rows, stacked=True)
    return PageSection("hardest", "The hardest cards", table=table, width_class="wide", is_table_only=True)


def _groups_section(name: str, heading: str, what: str, groups: Sequence[CardGroup]) -> PageSection:
    rows = [
        (
            ReportCell(display_text(group.name)),
            *(count_cell(getattr(group.cards, state)) for state in CARD_STATES),
            proportion_cell(group.retention, show_range=True),
            count_cell(group.reviews),
            duration_cell(group.ms),
        )
        for group in groups
    ]
    table = DataTable(heading, (what, *GROUP_COLUMNS), rows, stacked=True)
    return PageSection(
        name, heading, table=table, width_class="wide", is_table_only=len(rows) <= MAX_OPEN_ROWS
    )
