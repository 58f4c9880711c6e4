"""Query for the overview of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from sqlite3 import Connection

from flashcards.core.days import streak_lengths
from flashcards.core.today import (
    FORECAST_DAYS,
    MAX_ANSWER_MS,
    DoneToday,
    DueToday,
    StudyPace,
    TimeSpent,
    TodaySummary,
    UpcomingWeek,
    estimate_pace,
)
from flashcards.storage.index.conditions import NEW_LIMIT_SETTING, REVIEW_LIMIT_SETTING, index_settings
from flashcards.storage.index.queries import counts

PACE_ANSWER_COUNT = 1000
"""Answers that a pace is told from."""

COUNT_BECOMING_DUE = """SELECT max(due, buried) AS day, count(*) FROM card
WHERE in_deck AND due IS NOT NULL AND due <= :last AND NOT suspended
AND max(due, buried) BETWEEN :first AND :last GROUP BY day"""
SELECT_NEXT_DUE = """SELECT min(max(due, buried)) FROM card
WHERE in_deck AND due IS NOT NULL AND NOT suspended AND max(due, buried) > ?"""
SELECT_STUDY_DAYS = "SELECT DISTINCT day FROM hourly_total"
SELECT_TIME_SPENT = f"""SELECT max(is_new), sum(1), sum(ms) FROM (
    SELECT card, day, is_new, min(ms, {MAX_ANSWER_MS}) AS ms FROM answer
    WHERE ms > 0 ORDER BY day DESC LIMIT {PACE_ANSWER_COUNT}
) GROUP BY card, day"""
SUM_DONE_TODAY = "SELECT coalesce(sum(answers), 0), coalesce(sum(ms), 0) FROM hourly_total WHERE day = ?"
COUNT_NEW_CARDS = """SELECT count(*) FROM (SELECT 1 FROM card
WHERE in_deck AND due IS NULL AND NOT suspended AND buried <= ? LIMIT ?)"""


def load_today(index: Connection, day: date) -> TodaySummary:
    """Return what waits on a study day, what was done on it, and what lies ahead."""
    today, limits = day.toordinal(), index_settings(index)
    due_today = load_due_today(index, today, limits)
    answers, ms = index.execute(SUM_DONE_TODAY, (today,)).fetchone()
    day_of = date.fromordinal
    off = [(day_of(first), day_of(until)) for first, until in counts.list_days_off(index)]
    done = DoneToday(answers, ms, *streak_lengths(load_study_days(index), day, off))
    return TodaySummary(
        day, due_today, done, load_upcoming_week(index, today, limits, due_today), load_usual_pace(index)
    )


def load_due_today(index: Connection, today: int, limits: dict[str, int]) -> DueToday:
    """Return what can be studied on the ordinal day `today`."""
    found = counts.count_due(index, today)
    _, reviews_done = counts.count_done(index, today)
    unseen = index.execute(COUNT_NEW_CARDS, (today, found.new + limits[NEW_LIMIT_SETTING])).fetchone()[0]
    return DueToday(
        due=found.due,
        new=found.new,
        learning=found.learning,
        remaining_reviews=max(0, limits[REVIEW_LIMIT_SETTING] - reviews_done),
        review_limit=limits[REVIEW_LIMIT_SETTING],
        new_cards_paused=found.new_cards_paused,
        decks=found.counts_by_deck,
        new_over_limit=unseen - found.new,
        postponed=found.postponed,
        off_until=date.fromordinal(found.off_until) if found.off_until else None,
    )


def load_upcoming_week(
    index: Connection, today: int, limits: dict[str, int], due_today: DueToday
) -> UpcomingWeek:
    """Return the days after the ordinal day `today`, once what waits on it is done."""
    days = range(today + 1, today + 1 + FORECAST_DAYS)
    due = dict(index.execute(COUNT_BECOMING_DUE, {"first": days[0], "last": days[-1]}))
    week, later = _plan_week(index, {day: due.get(day, 0) for day in days}, due_today.postponed)
    paused = bool(later) or due_today.due_over_limit + week[0] > limits[REVIEW_LIMIT_SETTING]
    next_due = min(due, default=None)
    if next_due is None:  # only then is a look at every card worth its time
        (next_due,) = index.execute(SELECT_NEXT_DUE, (today,)).fetchone()
    return UpcomingWeek(
        week,
        0 if paused else min(due_today.new_over_limit, limits[NEW_LIMIT_SETTING]),
        next_due and date.fromordinal(next_due),
    )


def _plan_week(index: Connection, due: dict[int, int], left_over: int) -> tuple[tuple[int, ...], int]:
    """Return what each day asks under the plans in force, and how many cards tomorrow keeps back.

    `kept` cards of a backlog are left after today.
    """
    if not index.execute("SELECT 1 FROM plan LIMIT 1").fetchone():
        return tuple(due.values()), 0
    week, after = [], []
    for day, own in due.items():
        share = counts.load_plan_share(index, day)
        asked_cards = (
            0 if share.off_until else own + min(left_over, share.remaining if share.since_day else left_over)
        )
        left_over += own - asked_cards
        week.append(asked_cards)
        after.append(left_over)
    return tuple(week), after[0]


def load_study_days(index: Connection) -> Sequence[date]:
    """Return the days on which anything was answered."""
    return [date.fromordinal(day) for (day,) in index.execute(SELECT_STUDY_DAYS)]


def load_usual_pace(index: Connection) -> StudyPace:
    """Return how long this person takes for a card, by their last thousand answers."""
    days = index.execute(SELECT_TIME_SPENT).fetchall()
    kinds = [[ms for fresh, _, ms in days if fresh == kind] for kind in (1, 0)]
    new, due = (TimeSpent(len(kind), sum(kind)) for kind in kinds)
    return estimate_pace(new, due, TimeSpent(sum(answers for _, answers, _ in days), new.ms + due.ms))


def count_problems(index: Connection) -> int:
    """Return how many faults the deck files have."""
    return int(index.execute("SELECT count(*) FROM problem").fetchone()[0])
