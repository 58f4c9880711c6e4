"""Render the statistics as one HTML page."""

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from flashcards.core.format_count import format_count
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.html_report.card_sections import card_sections, forecast_section
from flashcards.html_report.elements import PageSection, StatTile, stat_definitions
from flashcards.html_report.format import (
    NO_VALUE,
    count_cell,
    display_text,
    format_date,
    format_duration,
    format_percent,
    format_with_range,
    proportion_cell,
)
from flashcards.html_report.review_sections import review_sections

GENERATOR_META = 'name="generator" content="flashcards'
"""Near the beginning of every page: identifies it as ours."""
TILE_DEFINITIONS = ("cards", "today", "week", "streak", "reviews", "day")  # explained in the head of the page


def render_page(stats: Statistics, created_at: datetime, version: str, subject: str = "") -> str:
    """Return the page as HTML; `subject` is the search it is limited to.

    The template escapes all text.
    """
    return _load_template().render(
        day=format_date(stats.day),
        created_at=created_at,
        version=version,
        subject=display_text(subject),
        tiles=page_tiles(stats),
        definitions=stat_definitions(*TILE_DEFINITIONS),
        sections=page_sections(stats),
    )


def page_sections(stats: Statistics) -> list[PageSection]:
    """Return the sections in the order of the page."""
    heatmap, retention, *others = review_sections(stats)
    return [heatmap, retention, forecast_section(stats), *others, *card_sections(stats)]


def page_tiles(stats: Statistics) -> list[StatTile]:
    """Return the figures in large letters."""
    today, week, streak = stats.today, stats.last_seven_days, stats.streak
    stock, all_time = stats.card_counts, stats.all_time
    given = f"{'answer' if today.answers == 1 else 'answers'} in {format_duration(today.ms)}"
    given += f", {format_percent(today.first_answer_recall.value)} recalled"
    studied = f"answers on {format_count(stats.days_with_answers, 'day')}"
    studied += f", {format_percent(week.first_answer_recall.value)} recalled"
    retention = f"young {format_with_range(all_time.young_retention)}"
    retention += f", mature {format_with_range(all_time.mature_retention)}"
    states = [(getattr(stock, name), name) for name in ("new", "young", "mature", "suspended")]
    longest = f"{'day' if streak.current == 1 else 'days'}; the longest was {streak.longest}"
    return [
        StatTile("Today", count_cell(today.answers), given if today.answers else "no answer yet"),
        StatTile("Seven days", count_cell(week.answers), studied if week.answers else NO_VALUE),
        StatTile("Streak", count_cell(streak.current), longest),
        StatTile("Retention", proportion_cell(all_time.retention), retention),
        StatTile("Cards", count_cell(stock.total), ", ".join(f"{n:,} {state}" for n, state in states)),
        StatTile("All time", count_cell(all_time.answers), f"answers in {format_duration(all_time.ms)}"),
    ]


def _load_template() -> Template:
    environment = Environment(
        loader=PackageLoader("flashcards.html_report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
