"""Compute all statistics from the counted input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flashcards.core.days import ONE_DAY, streak_lengths
from flashcards.core.progress import CardState
from flashcards.core.stats.recall import Calibration, RecallInput, compute_calibration
from flashcards.core.stats.totals import (
    NO_REVIEWS,
    CardCounts,
    CardGroup,
    ReviewTotals,
    StatsInput,
    sum_totals,
)
from flashcards.core.stats.values import (
    AveragePace,
    DailyGrowth,
    HistogramBin,
    MonthlyGrowth,
    Streak,
    WeekTotals,
)

FORECAST_DAYS = 30
HEATMAP_DAYS = 365
MAX_HARDEST_CARDS = 10
INTERVAL_BIN_EDGES = (1, 2, 7, 21, 60, 180, 365, 730)
"""Where the bars of intervals begin, in days."""
EASE_BIN_EDGES = tuple(range(130, 320, 20))
"""Where the bars of ease factors begin, in hundredths."""
AGE_BIN_EDGES = (0, 7, 30, 90, 180, 365, 730, 1825)
"""Where the bars of ages begin, in days."""
MAX_HISTORY = 36_525 * ONE_DAY
"""How far back series of days go: a wrong clock must not make rows of centuries."""


class Statistics(NamedTuple):
    """All that `stats` tells; MEANINGS says what each figure is."""

    day: date
    """The study day on which they hold."""
    card_counts: CardCounts
    all_time: ReviewTotals
    """All answers; `reviews`, `minutes`, `ratings` and `calibration` are in it."""
    today: ReviewTotals
    last_seven_days: ReviewTotals
    days_with_answers: int
    """Of the last seven study days, those with an answer."""
    streak: Streak
    weekly_totals: Sequence[WeekTotals]
    """Oldest first; only those with an answer."""
    heatmap: Sequence[tuple[date, int]]
    """(study day, answers), each day of the last year once, today last."""
    hourly_totals: Mapping[int, ReviewTotals]
    """0 to 23, each of them."""
    pace: AveragePace
    forecast: Sequence[tuple[date, int]]
    """(study day, cards due), today first with the backlog in it."""
    backlog: int
    interval_bins: Sequence[HistogramBin]
    ease_bins: Sequence[HistogramBin]
    """By hundredths."""
    age_bins: Sequence[HistogramBin]
    daily_growth: Sequence[DailyGrowth]
    """Oldest first; only days on which a card came."""
    monthly_growth: Sequence[MonthlyGrowth]
    """Oldest first, from the first in which a card came to this one, without a gap."""
    hardest_cards: Sequence[CardState]
    deck_groups: Sequence[CardGroup]
    tag_groups: Sequence[CardGroup]
    """Each one's `deck` is the tag's name."""
    daily_totals: Sequence[tuple[date, ReviewTotals]]
    """Each study day from the first answer to today."""
    calibration: Calibration
    """Of FSRS: predicted against recalled."""
    recall: RecallInput

    def predicted_after(self, rating: int) -> float | None:
        """Return the mean chance that FSRS gave to tests of cards rated so the time before."""
        total, tests = self.recall.predicted_after.get(rating, (0.0, 0))
        return total / tests if tests else None


def compute_statistics(stats_input: StatsInput, today: date) -> Statistics:
    """Return all figures, as seen on the study day `today`."""
    days = stats_input.totals_by_day
    all_time = sum_totals(days.values())
    came = daily_growth(days, stats_input.cards_by_added_day)
    last_seven = [days[day] for day in _consecutive_days(today - 6 * ONE_DAY, 7) if day in days]
    return Statistics(
        day=today,
        card_counts=sum((group.cards for group in stats_input.groups), CardCounts()),
        all_time=all_time,
        today=days.get(today, NO_REVIEWS),
        last_seven_days=sum_totals(last_seven),
        days_with_answers=sum(1 for tally in last_seven if tally.answers),
        streak=Streak(*streak_lengths(days, today, stats_input.pauses)),
        weekly_totals=weekly_totals(days),
        heatmap=heatmap_days(days, today),
        hourly_totals={hour: stats_input.totals_by_hour.get(hour, NO_REVIEWS) for hour in range(24)},
        pace=AveragePace(all_time.ms, all_time.answers, stats_input.answered_cards),
        forecast=forecast_due_cards(stats_input.cards_by_due_day, today),
        backlog=count_backlog(stats_input.cards_by_due_day, today),
        interval_bins=histogram_bins(stats_input.cards_by_interval, INTERVAL_BIN_EDGES),
        ease_bins=histogram_bins(stats_input.cards_by_ease, EASE_BIN_EDGES),
        age_bins=histogram_bins(card_ages(stats_input.cards_by_first_answer, today), AGE_BIN_EDGES),
        daily_growth=came,
        monthly_growth=monthly_growth(came, today),
        hardest_cards=stats_input.hardest_cards,
        deck_groups=group_by_deck(stats_input.groups),
        tag_groups=group_by_tag(stats_input.groups),
        daily_totals=daily_totals(days, today),
        calibration=compute_calibration(stats_input.recall.groups),
        recall=stats_input.recall,
    )


def _consecutive_days(first: date, count: int) -> list[date]:
    return [first + i * ONE_DAY for i in range(count)]


def weekly_totals(days: Mapping[date, ReviewTotals]) -> list[WeekTotals]:
    """Return the answers of each week that had any, oldest first."""
    found: defaultdict[date, list[ReviewTotals]] = defaultdict(list)
    for day, totals in days.items():
        found[day - day.weekday() * ONE_DAY].append(totals)
    return [WeekTotals(monday, sum_totals(found[monday])) for monday in sorted(found)]


def heatmap_days(days: Mapping[date, ReviewTotals], today: date) -> list[tuple[date, int]]:
    """Return (day, answers) of each day of the last year, today last."""
    first = today - (HEATMAP_DAYS - 1) * ONE_DAY
    return [(day, days.get(day, NO_REVIEWS).answers) for day in _consecutive_days(first, HEATMAP_DAYS)]


def forecast_due_cards(waiting: Mapping[date, int], today: date) -> list[tuple[date, int]]:
    """Return (day, cards due) of the days to come, today first with all that are overdue."""
    due = dict(waiting)
    due[today] = due.get(today, 0) + count_backlog(waiting, today)
    return [(day, due.get(day, 0)) for day in _consecutive_days(today, FORECAST_DAYS)]


def count_backlog(waiting: Mapping[date, int], today: date) -> int:
    """Return how many cards were due before today."""
    return sum(cards for day, cards in waiting.items() if day < today)


def card_ages(began: Mapping[date, int], today: date) -> dict[int, int]:
    """Return cards by the days since their first answer; a clock set back makes none negative."""
    found: defaultdict[int, int] = defaultdict(int)
    for day, cards in began.items():
        found[max(0, (today - day).days)] += cards
    return dict(found)


def histogram_bins(values: Mapping[int, int], edges: Sequence[int]) -> list[HistogramBin]:
    """Return cards by ranges of values; what is below the first edge counts in the first bar."""
    counts = [0] * len(edges)
    for value, cards in values.items():
        counts[max(0, sum(1 for edge in edges if edge <= value) - 1)] += cards
    highs = [*(edge - 1 for edge in edges[1:]), None]
    return [HistogramBin(*bar) for bar in zip(edges, highs, counts, strict=True)]


def daily_growth(days: Mapping[date, ReviewTotals], added: Mapping[date, int]) -> list[DailyGrowth]:
    """Return the days on which cards were added or learned."""
    growth_by_day = (
        DailyGrowth(day, added.get(day, 0), days.get(day, NO_REVIEWS).new_answers)
        for day in sorted(days.keys() | added.keys())
    )
    return [growth for growth in growth_by_day if growth.added or growth.learned]


def monthly_growth(came: Sequence[DailyGrowth], today: date) -> list[MonthlyGrowth]:
    """Return the growth month by month, without a gap, to this month.

    What a wrong clock put behind the horizon or ahead of today counts in the month next to it.
    """
    added: defaultdict[date, int] = defaultdict(int)
    learned: defaultdict[date, int] = defaultdict(int)
    for growth in came:
        month = min(max(growth.day, today - MAX_HISTORY), today).replace(day=1)
        added[month] += growth.added
        learned[month] += growth.learned
    found, known = list[MonthlyGrowth](), 0
    month = min(added, default=today)
    while month <= today and added:
        known += learned[month]
        found.append(MonthlyGrowth(month, added[month], learned[month], known))
        month = (month + 31 * ONE_DAY).replace(day=1)
    return found


def group_by_deck(groups: Iterable[CardGroup]) -> list[CardGroup]:
    """Return one row a deck that has cards, in the library's order."""
    return _merge_groups((group.name, group) for group in groups)


def group_by_tag(groups: Iterable[CardGroup]) -> list[CardGroup]:
    """Return one row a tag, the largest first; a card with two tags is in both."""
    rows = _merge_groups((tag, group) for group in groups for tag in group.tags)
    return sorted(rows, key=lambda row: (-row.cards.total, row.name))


def _merge_groups(named: Iterable[tuple[str, CardGroup]]) -> list[CardGroup]:
    rows: dict[str, CardGroup] = {}
    for name, group in named:
        rows[name] = _add_groups(rows[name], group) if name in rows else group._replace(name=name)
    return [row for row in rows.values() if row.cards.total]


def _add_groups(first: CardGroup, second: CardGroup) -> CardGroup:
    return CardGroup(
        first.name,
        (),
        first.cards + second.cards,
        first.reviews + second.reviews,
        first.ms + second.ms,
        first.retention + second.retention,
    )


def daily_totals(days: Mapping[date, ReviewTotals], today: date) -> list[tuple[date, ReviewTotals]]:
    """Return each study day from the first answer to today, those without an answer too."""
    first = max(min(days, default=today), today - MAX_HISTORY)
    return [
        (day, days.get(day, NO_REVIEWS)) for day in _consecutive_days(first, max(1, (today - first).days + 1))
    ]
