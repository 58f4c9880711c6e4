"""Compute all statistics from the counted input."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from flashcards.core.progress import CardState
from flashcards.core.stats.fsrs_calibration import NO_RECALL, Calibration, RecallInput, compute_calibration
from flashcards.core.stats.growth import MAX_HISTORY, DailyGrowth, MonthlyGrowth, daily_growth, monthly_growth
from flashcards.core.stats.histograms import (
    AGE_BIN_EDGES,
    EASE_BIN_EDGES,
    INTERVAL_BIN_EDGES,
    HistogramBin,
    card_ages,
    histogram_bins,
)
from flashcards.core.stats.review_totals import NO_REVIEWS, CardCounts, CardGroup, ReviewTotals, sum_totals
from flashcards.core.streak import Streak, streak_lengths
from flashcards.core.study_days import ONE_DAY

FORECAST_DAYS = 30
HEATMAP_DAYS = 365
MAX_HARDEST_CARDS = 10


@dataclass(frozen=True, slots=True)
class StatsInput:
    """What the index counts, as of a study day."""

    totals_by_day: Mapping[date, ReviewTotals] = field(default_factory=dict)
    pauses: Sequence[tuple[date, date]] = ()  # days off or without due cards, as (first, until)
    totals_by_hour: Mapping[int, ReviewTotals] = field(default_factory=dict)  # local, 0 to 23
    groups: Sequence[CardGroup] = ()  # in the library's order
    cards_by_due_day: Mapping[date, int] = field(default_factory=dict)  # without suspended cards
    answered_cards: int = 0  # includes deleted ones
    cards_by_interval: Mapping[int, int] = field(default_factory=dict)  # in days; without new cards
    cards_by_ease: Mapping[int, int] = field(default_factory=dict)  # in hundredths; without new cards
    cards_by_first_answer: Mapping[date, int] = field(default_factory=dict)
    cards_by_added_day: Mapping[date, int] = field(default_factory=dict)  # first day in the journal
    hardest_cards: Sequence[CardState] = ()  # most lapses first, then lowest ease, then id
    recall: RecallInput = NO_RECALL


class Statistics(NamedTuple):
    """All statistics; DEFINITIONS explains each."""

    day: date
    card_counts: CardCounts
    all_time: ReviewTotals  # contains `reviews`, `minutes`, `ratings` and `calibration`
    today: ReviewTotals
    last_seven_days: ReviewTotals
    days_with_answers: int  # of the last seven study days
    streak: Streak
    weekly_totals: Sequence[tuple[date, ReviewTotals]]  # by Monday, oldest first; only those with an answer
    heatmap: Sequence[tuple[date, int]]  # answers on each day of the last year, today last
    hourly_totals: Mapping[int, ReviewTotals]  # all hours, 0 to 23
    answered_cards: int  # includes deleted ones
    forecast: Sequence[tuple[date, int]]  # cards due, today first with the backlog in it
    backlog: int
    interval_bins: Sequence[HistogramBin]
    ease_bins: Sequence[HistogramBin]  # in hundredths
    age_bins: Sequence[HistogramBin]
    daily_growth: Sequence[DailyGrowth]  # oldest first; only days with growth
    monthly_growth: Sequence[MonthlyGrowth]  # oldest first, up to this month, without a gap
    hardest_cards: Sequence[CardState]
    deck_groups: Sequence[CardGroup]
    tag_groups: Sequence[CardGroup]  # with the tag as name
    daily_totals: Sequence[tuple[date, ReviewTotals]]  # each study day from the first answer to today
    calibration: Calibration  # of FSRS
    recall: RecallInput

    @property
    def minutes_per_card(self) -> float | None:
        """The mean total time of an answered card; None before the first."""
        return self.all_time.ms / self.answered_cards / 60_000 if self.answered_cards else None

    def predicted_after(self, rating: int) -> float | None:
        """Return the mean predicted chance of tests after a rating."""
        total, tests = self.recall.predicted_after.get(rating, (0.0, 0))
        return total / tests if tests else None


def compute_statistics(stats_input: StatsInput, today: date) -> Statistics:
    """Return all statistics, as of the study day `today`."""
    days = stats_input.totals_by_day
    all_time = sum_totals(days.values())
    came = daily_growth(days, stats_input.cards_by_added_day)
    tags = _merge_groups((tag, group) for group in stats_input.groups for tag in group.tags)
    last_seven = [days[day] for day in _consecutive_days(today - 6 * ONE_DAY, 7) if day in days]
    return Statistics(
        day=today,
        card_counts=sum((group.cards for group in stats_input.groups), CardCounts()),
        all_time=all_time,
        today=days.get(today, NO_REVIEWS),
        last_seven_days=sum_totals(last_seven),
        days_with_answers=sum(1 for tally in last_seven if tally.answers),
        streak=streak_lengths(days, today, stats_input.pauses),
        weekly_totals=weekly_totals(days),
        heatmap=heatmap_days(days, today),
        hourly_totals={hour: stats_input.totals_by_hour.get(hour, NO_REVIEWS) for hour in range(24)},
        answered_cards=stats_input.answered_cards,
        forecast=forecast_due_cards(stats_input.cards_by_due_day, today),
        backlog=count_backlog(stats_input.cards_by_due_day, today),
        interval_bins=histogram_bins(stats_input.cards_by_interval, INTERVAL_BIN_EDGES),
        ease_bins=histogram_bins(stats_input.cards_by_ease, EASE_BIN_EDGES),
        age_bins=histogram_bins(card_ages(stats_input.cards_by_first_answer, today), AGE_BIN_EDGES),
        daily_growth=came,
        monthly_growth=monthly_growth(came, today),
        hardest_cards=stats_input.hardest_cards,
        deck_groups=_merge_groups((group.name, group) for group in stats_input.groups),
        tag_groups=sorted(tags, key=lambda group: (-group.cards.total, group.name)),
        daily_totals=daily_totals(days, today),
        calibration=compute_calibration(stats_input.recall.groups),
        recall=stats_input.recall,
    )


def _consecutive_days(first: date, count: int) -> list[date]:
    return [first + i * ONE_DAY for i in range(count)]


def weekly_totals(days: Mapping[date, ReviewTotals]) -> list[tuple[date, ReviewTotals]]:
    """Return the totals of each week with answers, oldest first."""
    totals_by_week: defaultdict[date, list[ReviewTotals]] = defaultdict(list)
    for day, totals in days.items():
        totals_by_week[day - day.weekday() * ONE_DAY].append(totals)
    return [(monday, sum_totals(totals_by_week[monday])) for monday in sorted(totals_by_week)]


def heatmap_days(days: Mapping[date, ReviewTotals], today: date) -> list[tuple[date, int]]:
    """Return (day, answers) of each day of the last year."""
    first = today - (HEATMAP_DAYS - 1) * ONE_DAY
    return [(day, days.get(day, NO_REVIEWS).answers) for day in _consecutive_days(first, HEATMAP_DAYS)]


def forecast_due_cards(waiting: Mapping[date, int], today: date) -> list[tuple[date, int]]:
    """Return (day, cards due) of the coming days, the backlog on today."""
    due = dict(waiting)
    due[today] = due.get(today, 0) + count_backlog(waiting, today)
    return [(day, due.get(day, 0)) for day in _consecutive_days(today, FORECAST_DAYS)]


def count_backlog(waiting: Mapping[date, int], today: date) -> int:
    """Return how many cards were due before today."""
    return sum(cards for day, cards in waiting.items() if day < today)


def _merge_groups(named: Iterable[tuple[str, CardGroup]]) -> list[CardGroup]:
    """Return one row for each name with cards; a card with two tags is in both."""
    rows: dict[str, CardGroup] = {}
    for name, group in named:
        row = rows.get(name, CardGroup(name))
        sums = row.reviews + group.reviews, row.ms + group.ms, row.retention + group.retention
        rows[name] = CardGroup(name, (), row.cards + group.cards, *sums)
    return [row for row in rows.values() if row.cards.total]


def daily_totals(days: Mapping[date, ReviewTotals], today: date) -> list[tuple[date, ReviewTotals]]:
    """Return each study day from the first answer to today."""
    first = max(min(days, default=today), today - MAX_HISTORY)
    return [
        (day, days.get(day, NO_REVIEWS)) for day in _consecutive_days(first, max(1, (today - first).days + 1))
    ]
