"""The sections of the page that tell of cards: what is coming, how far they are, the hardest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flashcards.core.progress import Entry
from flashcards.core.stats.compute import Figures
from flashcards.core.stats.totals import Group
from flashcards.core.stats.values import Bar
from flashcards.html_report.charts import Column, bars
from flashcards.html_report.format import (
    Cell,
    brief,
    count_cell,
    day_of,
    minutes_cell,
    number,
    share_cell,
    shown,
)
from flashcards.html_report.sections import Section, Table

MONTHS = 24
"""Months that the chart of growth shows, the latest ones."""
MANY = 60
"""Decks or tags up to which all are shown at once; more are behind a click."""
TALL = 1.5
"""How much higher than the highest day a backlog is drawn, at most."""
SHELF = ("cards", "new", "young", "mature", "due", "retention", "answers", "time")


def cards(found: Figures) -> Iterator[Section]:
    """Yield the sections."""
    yield _forecast(found)
    yield _histogram("intervals", "Intervals", found.intervals, DAYS)
    yield _histogram("eases", "Ease factors", found.eases, EASE)
    yield _histogram("ages", "Ages", found.ages, DAYS)
    yield _growth(found)
    yield _hardest(found.hardest)
    yield _groups("decks", "Decks", "deck", found.decks)
    if found.tags:
        yield _groups("tags", "Tags", "tag", found.tags)


def _forecast(found: Figures) -> Section:
    """Draw the backlog apart: it stands before today, and is cut where it would dwarf the days."""
    days = [(day, due - found.backlog if day == found.day else due) for day, due in found.forecast]
    highest = max((due for _, due in days), default=0)
    columns = [
        Column(
            "today" if day == found.day else f"{day.day} {day:%b}" if day.weekday() == 0 else "",
            due,
            f"{day_of(day)}: {due:,} due",
        )
        for day, due in days
    ]
    if found.backlog:
        told = f"Backlog: {number(found.backlog, 'card')} due before today"
        tall = min(found.backlog, max(1, highest) * TALL)
        beyond = " ↑" if tall < found.backlog else ""
        late = Column("", tall, told, "bar warm", f"{found.backlog:,}{beyond}")
        columns = [late, Column("", 0, ""), *columns]
    summary = f"{number(sum(due for _, due in days), 'card')} in {len(days)} days" + (
        f", and a backlog of {found.backlog:,}." if found.backlog else "; no backlog."
    )
    rows = [(Cell(day_of(day), day.isoformat()), count_cell(due)) for day, due in found.forecast]
    table = Table("Cards due, today's with the backlog", ("day", "due"), rows)
    chart = bars("coming", "Cards due by day", summary, columns)
    return Section("forecast", "What is coming", [chart], table, ("backlog",))


def _days(days: int) -> str:
    if days < 30:
        return str(days)
    return f"{days // 30} mo" if days < 365 else f"{days // 365} y"


@dataclass(frozen=True, slots=True)
class Unit:
    """How the values of a histogram are said."""

    name: str
    says: str
    """A span in words, with {} for it."""
    whole: int
    """How many of what is counted make one."""
    digits: int
    brief: Callable[[int], str]
    """What stands below a bar."""

    def spell(self, value: int) -> str:
        """Return a value as a number."""
        return f"{value / self.whole:.{self.digits}f}"


DAYS = Unit("days", "{} days", 1, 0, _days)
EASE = Unit("EF", "an EF of {}", 100, 2, lambda ease: f"{ease / 100:.1f}")


def _histogram(name: str, heading: str, found: Sequence[Bar], unit: Unit) -> Section:
    columns, rows = [], []
    for bar in found:
        low = unit.spell(bar.low)
        span = f"{low} or more" if bar.high is None else f"{low} to {unit.spell(bar.high)}"
        told = f"{unit.says.format(span)}: {number(bar.cards, 'card')}"
        above = brief(bar.cards) if bar.cards else ""
        columns.append(Column(unit.brief(bar.low), bar.cards, told, told=above))
        rows.append((Cell(span, f"{bar.low / unit.whole:g}"), count_cell(bar.cards)))
    whole = sum(bar.cards for bar in found)
    most = max(zip(found, rows, strict=True), key=lambda pair: pair[0].cards)[1][0].text
    summary = f"{number(whole, 'card')}; the most have {unit.says.format(most)}."
    chart = bars(
        f"{name}-bars", f"Cards by {unit.name}", summary if whole else "No card yet.", columns
    )
    table = Table(heading, (unit.name, "cards"), rows)
    return Section(name, heading, [chart], table, size="small")


def _growth(found: Figures) -> Section:
    latest = found.months[-MONTHS:]
    known, came = [], []
    for month in latest:
        label = f"{month.first:%b}" if month.first.month % 3 == 1 else ""
        when = f"{month.first:%B %Y}"
        known.append(Column(label, month.known, f"{when}: {month.known:,} known at its end"))
        came.append(Column(label, month.added, f"{when}: {month.added:,} added", "bar soft"))
        came.append(Column("", month.learned, f"{when}: {month.learned:,} learned"))
    stock = found.months[-1].known if found.months else 0
    sums = [
        sum(counts) for counts in zip(*((m.added, m.learned) for m in found.months), strict=True)
    ]
    added, learned = sums or (0, 0)
    summaries = (
        f"{number(stock, 'card')} learned so far.",
        f"Light: {added:,} added. Dark: {learned:,} learned.",
    )
    charts = [
        bars("grown", "Cards learned, by the end of each month", summaries[0], known),
        bars("came", "Cards added and learned, month by month", summaries[1], came),
    ]
    rows = [
        (
            Cell(f"{month.first:%b %Y}", month.first.isoformat()[:7]),
            count_cell(month.added),
            count_cell(month.learned),
            count_cell(month.known),
        )
        for month in reversed(found.months)
    ]
    table = Table("By month, latest first", ("month", "added", "learned", "known"), rows)
    return Section("growth", "How it grows", charts, table, ("months",), size="pair")


def _hardest(found: Sequence[Entry]) -> Section:
    rows = [
        (
            Cell(shown(entry.card.front)),
            count_cell(entry.progress.memory.lapses),
            Cell(
                f"{entry.progress.memory.ease / 100:.2f}", f"{entry.progress.memory.ease / 100:g}"
            ),
            Cell(shown(entry.card.deck)),
            Cell(shown(f"{entry.card.path}:{entry.card.line}"), code=True),
            Cell(shown(f"flashcards show {entry.card.id}"), code=True),
        )
        for entry in found
    ]
    header = ("card", "lapses", "EF", "deck", "where it stands", "to see it")
    table = Table("The hardest cards", header, rows, stacked=True)
    return Section("hardest", "The hardest cards", table=table, size="wide", plain=True)


def _groups(name: str, heading: str, what: str, groups: Sequence[Group]) -> Section:
    rows = [
        (
            Cell(shown(group.deck)),
            count_cell(group.cards.total),
            count_cell(group.cards.new),
            count_cell(group.cards.young),
            count_cell(group.cards.mature),
            count_cell(group.cards.due),
            share_cell(group.retention, ranged=True),
            count_cell(group.reviews),
            minutes_cell(group.ms),
        )
        for group in groups
    ]
    table = Table(heading, (what, *SHELF), rows, stacked=True)
    return Section(name, heading, table=table, size="wide", plain=len(rows) <= MANY)
