"""Query for the overview of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from sqlite3 import Connection

from flashcards.core.days import idle_spans, streak_lengths
from flashcards.core.today import (
    COMFORTABLE_EXTRA,
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
SELECT_STUDY_DAYS = "SELECT DISTINCT day FROM hourly_total ORDER BY day"
# The last answers only: a pace of years ago says little, and the index by day reads few rows for it.
SELECT_TIME_SPENT = f"""SELECT max(is_new), sum(1), sum(ms) FROM (
    SELECT card, day, is_new, min(ms, {MAX_ANSWER_MS}) AS ms FROM answer
    WHERE ms > 0 ORDER BY day DESC LIMIT {PACE_ANSWER_COUNT}
) GROUP BY card, day"""
SUM_DONE_TODAY = "SELECT coalesce(sum(answers), 0), coalesce(sum(ms), 0) FROM hourly_total WHERE day = ?"
SELECT_WAITING_CHANGES = "SELECT day, cards FROM waiting_change ORDER BY day"
SELECT_FIRST_WAITING = """SELECT min(max(due, buried)) FROM card
WHERE in_deck AND due IS NOT NULL AND due <= ? AND NOT suspended"""
COUNT_OVERDUE = """SELECT count(*), min(due) FROM card
WHERE in_deck AND due IS NOT NULL AND due < :today AND NOT suspended AND buried <= :today"""
COUNT_LEARNED = "SELECT deck, count(due), count(*) FROM card WHERE in_deck GROUP BY deck"
LONG_BREAK_DAYS = 7
"""Days after which cards that still wait tell of a break."""


def load_today(index: Connection, day: date) -> TodaySummary:
    """Return what waits on a study day, what was done on it, and what lies ahead."""
    today, limits = day.toordinal(), index_settings(index)
    due_today = load_due_today(index, today, limits)
    answers, ms = index.execute(SUM_DONE_TODAY, (today,)).fetchone()
    studied = map(date.fromordinal, load_study_days(index))
    done = DoneToday(answers, ms, *streak_lengths(studied, day, load_pauses(index, today)))
    return TodaySummary(
        day, due_today, done, load_upcoming_week(index, today, limits, due_today), load_usual_pace(index)
    )


def load_due_today(index: Connection, today: int, limits: dict[str, int]) -> DueToday:
    """Return what can be studied on the ordinal day `today`."""
    found = counts.count_due(index, today)
    _, reviews_done = counts.count_done(index, today)
    more_new = sum(counts.count_new_by_deck(index, today, found.new + 1, at_will=True).values()) > found.new
    overdue, oldest = index.execute(COUNT_OVERDUE, {"today": today}).fetchone()
    has_plan = bool(counts.load_plan_share(index, today).since_day)
    remaining = max(0, limits[REVIEW_LIMIT_SETTING] - reviews_done)
    return found._replace(
        remaining_reviews=remaining,
        review_limit=limits[REVIEW_LIMIT_SETTING],
        has_more_new=more_new,
        has_backlog=not has_plan and is_backlog(overdue, oldest, found.due, remaining, today),
        overdue=0 if has_plan else overdue,
    )


def is_backlog(overdue: int, oldest: int | None, due: int, reviews: int, today: int) -> bool:
    """Tell whether old cards are worth a plan: more than the day takes, or many after a break."""
    long_ago = oldest is not None and today - oldest >= LONG_BREAK_DAYS
    return overdue > 0 and (due > reviews or (long_ago and overdue > COMFORTABLE_EXTRA))


def load_upcoming_week(
    index: Connection, today: int, limits: dict[str, int], due_today: DueToday
) -> UpcomingWeek:
    """Return the days after the ordinal day `today`, once what waits on it is done.

    What tomorrow asks is counted as it will be then, as soon as nothing is left for today.
    """
    days = range(today + 1, today + 1 + FORECAST_DAYS)
    due = dict(index.execute(COUNT_BECOMING_DUE, {"first": days[0], "last": days[-1]}))
    next_due = min(due, default=None)
    if next_due is None:  # only then is a look at every card worth its time
        (next_due,) = index.execute(SELECT_NEXT_DUE, (today,)).fetchone()
    week = _plan_week(index, {day: due.get(day, 0) for day in days}, due_today)
    share = counts.load_plan_share(index, days[0])
    if not due_today.reviews_today:
        week = (sum(counts.count_due_by_deck(index, days[0], share).values()), *week[1:])
    new, limit = 0, limits[NEW_LIMIT_SETTING]
    paused = share.off_until or (share.since_day and due_today.postponed)
    if not paused and week[0] <= limits[REVIEW_LIMIT_SETTING]:
        waiting = counts.count_new_by_deck(index, days[0], limit + due_today.new)
        new = min(limit, max(0, sum(waiting.values()) - due_today.new))
    return UpcomingWeek(week, new, next_due and date.fromordinal(next_due))


def _plan_week(index: Connection, due: dict[int, int], due_today: DueToday) -> tuple[int, ...]:
    """Return what is due each day under limits and plans."""
    over, postponed, week = due_today.due_over_limit, due_today.postponed, []
    has_plans = index.execute("SELECT 1 FROM plan LIMIT 1").fetchone()
    for day, own in due.items():
        share = counts.load_plan_share(index, day) if has_plans else counts.NO_PLAN
        if share.off_until:
            cards, postponed = 0, postponed + over + own
        else:
            old = min(postponed, share.remaining) if share.since_day else postponed
            cards, postponed = over + own + old, postponed - old
        over = max(0, cards - due_today.review_limit)
        week.append(cards)
    return tuple(week)


def load_study_days(index: Connection) -> Sequence[int]:
    """Return the days (ordinals) on which anything was answered, the first first."""
    return [day for (day,) in index.execute(SELECT_STUDY_DAYS)]


def load_pauses(index: Connection, today: int) -> list[tuple[date, date]]:
    """Return days off, and days on which nothing was due: each as (first, the day after the last)."""
    (first_waiting,) = index.execute(SELECT_FIRST_WAITING, (today,)).fetchone()
    changes = index.execute(SELECT_WAITING_CHANGES).fetchall()
    idle = idle_spans(load_study_days(index), changes, first_waiting or today, today)
    return [
        (date.fromordinal(first), date.fromordinal(until))
        for first, until in (*counts.list_days_off(index), *idle)
    ]


def load_usual_pace(index: Connection) -> StudyPace:
    """Return how long this user takes for a card, by their last thousand answers."""
    days = index.execute(SELECT_TIME_SPENT).fetchall()
    kinds = [[ms for fresh, _, ms in days if fresh == kind] for kind in (1, 0)]
    new, due = (TimeSpent(len(kind), sum(kind)) for kind in kinds)
    return estimate_pace(new, due, TimeSpent(sum(answers for _, answers, _ in days), new.ms + due.ms))


def count_learned(index: Connection) -> dict[str, tuple[int, int]]:
    """Return (learned, all) of each deck's cards."""
    return {deck: (learned, cards) for deck, learned, cards in index.execute(COUNT_LEARNED)}


def count_problems(index: Connection) -> int:
    """Return how many faults the deck files have."""
    return int(index.execute("SELECT count(*) FROM problem").fetchone()[0])
