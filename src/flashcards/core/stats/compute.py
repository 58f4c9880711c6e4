"""Figures: counts turned into what `stats` tells, on screen, in JSON, in CSV and on the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flashcards.core.days import streaks
from flashcards.core.progress import Entry
from flashcards.core.stats.totals import NOTHING, Cards, Counted, Group, Tally, total
from flashcards.core.stats.values import (
    Bar,
    Growth,
    Month,
    Pace,
    Retention,
    Streak,
    Week,
    retention,
)

FORECAST_DAYS = 30
HEATMAP_DAYS = 365
HARDEST = 10
INTERVALS = (1, 2, 7, 21, 60, 180, 365, 730)
"""Where the bars of intervals begin, in days."""
EASES = tuple(range(130, 320, 20))
"""Where the bars of ease factors begin, in hundredths."""
AGES = (0, 7, 30, 90, 180, 365, 730, 1825)
"""Where the bars of ages begin, in days."""
DAY = timedelta(days=1)
HORIZON = 36_525 * DAY
"""How far back series of days go: a wrong clock must not make rows of centuries."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All that `stats` tells; MEANINGS says what each figure is."""

    day: date
    """The study day on which they hold."""
    cards: Cards
    all_time: Tally
    """All answers; `reviews`, `minutes`, `ratings` and `calibration` are in it."""
    today: Tally
    week: Tally
    week_days: int
    """Of the last seven study days, those with an answer."""
    streak: Streak
    retention: Retention
    weeks: Sequence[Week]
    """Oldest first; only those with an answer."""
    heatmap: Sequence[tuple[date, int]]
    """(study day, answers), each day of the last year once, today last."""
    hours: Mapping[int, Tally]
    """0 to 23, each of them."""
    pace: Pace
    forecast: Sequence[tuple[date, int]]
    """(study day, cards due), today first with the backlog in it."""
    backlog: int
    intervals: Sequence[Bar]
    eases: Sequence[Bar]
    """By hundredths."""
    ages: Sequence[Bar]
    growth: Sequence[Growth]
    """Oldest first; only days on which a card came."""
    months: Sequence[Month]
    """Oldest first, from the first in which a card came to this one, without a gap."""
    hardest: Sequence[Entry]
    decks: Sequence[Group]
    tags: Sequence[Group]
    """Each one's `deck` is the tag's name."""
    days: Sequence[tuple[date, Tally]]
    """Each study day from the first answer to today."""


def figures(counted: Counted, today: date) -> Figures:
    """Return all figures, as seen on the study day `today`."""
    days = counted.days
    everything = total(days.values())
    came = growth(days, counted.added)
    last_seven = [days[day] for day in _days(today - 6 * DAY, 7) if day in days]
    return Figures(
        day=today,
        cards=sum((group.cards for group in counted.groups), Cards()),
        all_time=everything,
        today=days.get(today, NOTHING),
        week=total(last_seven),
        week_days=sum(1 for tally in last_seven if tally.answers),
        streak=Streak(*streaks(days, today, counted.off)),
        retention=retention(everything),
        weeks=weeks(days),
        heatmap=heatmap(days, today),
        hours={hour: counted.hours.get(hour, NOTHING) for hour in range(24)},
        pace=Pace(everything.ms, everything.answers, counted.answered),
        forecast=forecast(counted.waiting, today),
        backlog=backlog(counted.waiting, today),
        intervals=bars(counted.intervals, INTERVALS),
        eases=bars(counted.eases, EASES),
        ages=bars(ages(counted.began, today), AGES),
        growth=came,
        months=months(came, today),
        hardest=counted.hardest,
        decks=by_deck(counted.groups),
        tags=by_tag(counted.groups),
        days=every_day(days, today),
    )


def _days(first: date, count: int) -> list[date]:
    return [first + i * DAY for i in range(count)]


def weeks(days: Mapping[date, Tally]) -> list[Week]:
    """Return the answers of each week that had any, oldest first."""
    found: defaultdict[date, list[Tally]] = defaultdict(list)
    for day, tally in days.items():
        found[day - day.weekday() * DAY].append(tally)
    return [Week(monday, total(found[monday])) for monday in sorted(found)]


def heatmap(days: Mapping[date, Tally], today: date) -> list[tuple[date, int]]:
    """Return (day, answers) of each day of the last year, today last."""
    first = today - (HEATMAP_DAYS - 1) * DAY
    return [(day, days.get(day, NOTHING).answers) for day in _days(first, HEATMAP_DAYS)]


def forecast(waiting: Mapping[date, int], today: date) -> list[tuple[date, int]]:
    """Return (day, cards due) of the days to come, today first with all that are overdue."""
    due = dict(waiting)
    due[today] = due.get(today, 0) + backlog(waiting, today)
    return [(day, due.get(day, 0)) for day in _days(today, FORECAST_DAYS)]


def backlog(waiting: Mapping[date, int], today: date) -> int:
    """Return how many cards were due before today."""
    return sum(cards for day, cards in waiting.items() if day < today)


def ages(began: Mapping[date, int], today: date) -> dict[int, int]:
    """Return cards by the days since their first answer; a clock set back makes none negative."""
    found: defaultdict[int, int] = defaultdict(int)
    for day, cards in began.items():
        found[max(0, (today - day).days)] += cards
    return dict(found)


def bars(values: Mapping[int, int], edges: Sequence[int]) -> list[Bar]:
    """Return cards by ranges of values; what is below the first edge counts in the first bar."""
    counts = [0] * len(edges)
    for value, cards in values.items():
        counts[max(0, sum(1 for edge in edges if edge <= value) - 1)] += cards
    highs = [*(edge - 1 for edge in edges[1:]), None]
    return [Bar(*bar) for bar in zip(edges, highs, counts, strict=True)]


def growth(days: Mapping[date, Tally], added: Mapping[date, int]) -> list[Growth]:
    """Return the days on which cards were added or learned."""
    told = (
        Growth(day, added.get(day, 0), days.get(day, NOTHING).new)
        for day in sorted(days.keys() | added.keys())
    )
    return [growth for growth in told if growth.added or growth.learned]


def months(came: Sequence[Growth], today: date) -> list[Month]:
    """Return the growth month by month, without a gap, to this month.

    What a wrong clock put behind the horizon or ahead of today counts in the month next to it.
    """
    added: defaultdict[date, int] = defaultdict(int)
    learned: defaultdict[date, int] = defaultdict(int)
    for growth in came:
        month = min(max(growth.day, today - HORIZON), today).replace(day=1)
        added[month] += growth.added
        learned[month] += growth.learned
    found, known = list[Month](), 0
    month = min(added, default=today)
    while month <= today and added:
        known += learned[month]
        found.append(Month(month, added[month], learned[month], known))
        month = (month + 31 * DAY).replace(day=1)
    return found


def by_deck(groups: Iterable[Group]) -> list[Group]:
    """Return one row a deck that has cards, in the library's order."""
    return _rows((group.deck, group) for group in groups)


def by_tag(groups: Iterable[Group]) -> list[Group]:
    """Return one row a tag, the largest first; a card with two tags is in both."""
    rows = _rows((tag, group) for group in groups for tag in group.tags)
    return sorted(rows, key=lambda row: (-row.cards.total, row.deck))


def _rows(named: Iterable[tuple[str, Group]]) -> list[Group]:
    rows: dict[str, Group] = {}
    for name, group in named:
        rows[name] = _joined(rows[name], group) if name in rows else replace(group, deck=name)
    return [row for row in rows.values() if row.cards.total]


def _joined(one: Group, two: Group) -> Group:
    return Group(
        one.deck,
        (),
        one.cards + two.cards,
        one.reviews + two.reviews,
        one.ms + two.ms,
        one.retention + two.retention,
    )


def every_day(days: Mapping[date, Tally], today: date) -> list[tuple[date, Tally]]:
    """Return each study day from the first answer to today, those without an answer too."""
    first = max(min(days, default=today), today - HORIZON)
    return [(day, days.get(day, NOTHING)) for day in _days(first, max(1, (today - first).days + 1))]
