"""The figures as one page that anyone can open: no script, no font, nothing from anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flashcards.core.stats.compute import Figures
from flashcards.html_report.card_sections import cards
from flashcards.html_report.format import (
    NONE,
    count_cell,
    day_of,
    minutes,
    number,
    percent,
    share_cell,
    shown,
    with_range,
)
from flashcards.html_report.review_sections import answers
from flashcards.html_report.sections import Section, Tile, meanings

if TYPE_CHECKING:
    from jinja2 import Template

GENERATOR = 'name="generator" content="flashcards'
"""What every page has near its beginning: by it a page is known as ours."""
TILES = ("cards", "today", "week", "streak", "reviews", "day")
"""Figures that the head of the page shows, by their names in MEANINGS."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the page says of itself."""

    at: datetime
    version: str
    of: str = ""
    """Which cards and answers it is about; "" for all."""


def page(found: Figures, made: Made) -> str:
    """Return the page as HTML. All text passes the template, which escapes it."""
    return _template().render(
        day=day_of(found.day),
        made=made,
        of=shown(made.of),
        tiles=tiles(found),
        meanings=meanings(*TILES),
        sections=sections(found),
    )


def sections(found: Figures) -> list[Section]:
    """Return the sections in the order of the page."""
    told = {section.name: section for section in (*answers(found), *cards(found))}
    return [told[name] for name in ORDER if name in told]


ORDER = (
    "heatmap", "retention", "forecast", "calibration", "ratings", "minutes", "hours", "growth",
    "intervals", "eases", "ages", "hardest", "decks", "tags",
)  # fmt: skip


def tiles(found: Figures) -> list[Tile]:
    """Return the figures in large letters."""
    return [*_lately(found), *_so_far(found)]


def _lately(found: Figures) -> list[Tile]:
    today, week, streak = found.today, found.week, found.streak
    return [
        Tile(
            "Today",
            count_cell(today.answers),
            f"{'answer' if today.answers == 1 else 'answers'} in {minutes(today.ms)}, "
            f"{percent(today.recall.value)} recalled"
            if today.answers
            else "no answer yet",
        ),
        Tile(
            "Seven days",
            count_cell(week.answers),
            f"answers on {number(found.week_days, 'day')}, {percent(week.recall.value)} recalled"
            if week.answers
            else NONE,
        ),
        Tile(
            "Streak",
            count_cell(streak.current),
            f"{'day' if streak.current == 1 else 'days'}; the longest was {streak.longest}",
        ),
    ]


def _so_far(found: Figures) -> list[Tile]:
    kept, stock, given = found.retention, found.cards, found.all_time
    return [
        Tile(
            "Retention",
            share_cell(kept.all),
            f"young {with_range(kept.young)}, mature {with_range(kept.mature)}",
        ),
        Tile(
            "Cards",
            count_cell(stock.total),
            f"{stock.new:,} new, {stock.young:,} young, {stock.mature:,} mature, "
            f"{stock.suspended:,} suspended",
        ),
        Tile(
            "In all",
            count_cell(given.answers),
            f"answers in {minutes(given.ms)}",
        ),
    ]


def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("flashcards.html_report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
