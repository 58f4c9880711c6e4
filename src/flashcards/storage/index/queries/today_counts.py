"""Queries for the overview of today."""

from collections.abc import Sequence
from datetime import date
from sqlite3 import Connection

from flashcards.core.streak import idle_spans, streak_lengths
from flashcards.core.today_summary import (
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
from flashcards.storage.index.due_conditions import NEW_LIMIT_SETTING, REVIEW_LIMIT_SETTING, index_settings
from flashcards.storage.index.queries import counts

PACE_ANSWER_COUNT = 1000  # that the pace is computed from

# A buried card waits from the day of `buried`. `due <= :last` is implied, but lets SQLite use card_due.
COUNT_BECOMING_DUE = """SELECT max(due, buried) AS day, count(*) FROM card
WHERE in_deck AND due IS NOT NULL AND due <= :last AND NOT suspended
AND max(due, buried) BETWEEN :first AND :last GROUP BY day"""
SELECT_NEXT_DUE = """SELECT min(max(due, buried)) FROM card
WHERE in_deck AND due IS NOT NULL AND NOT suspended AND max(due, buried) > ?"""
SELECT_STUDY_DAYS = "SELECT DISTINCT day FROM hourly_total ORDER BY day"
# The latest answers only: an old pace says little, and the index by day makes this a short read.
SELECT_TIME_SPENT = f"""SELECT max(is_new), count(*), sum(ms) FROM (
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
LONG_BREAK_DAYS = 7  # a card that waits longer indicates a break


def load_today(index: Connection, day: date) -> TodaySummary:
    """Return what waits, what was done and what lies ahead on a study day."""
    today = day.toordinal()
    due_today = load_due_today(index, today)
    answers, ms = index.execute(SUM_DONE_TODAY, (today,)).fetchone()
    studied = map(date.fromordinal, load_study_days(index))
    done = DoneToday(answers, ms, *streak_lengths(studied, day, load_pauses(index, today)))
    week = load_upcoming_week(index, today, due_today)
    return TodaySummary(day, due_today, done, week, load_usual_pace(index))


def load_due_today(index: Connection, today: int) -> DueToday:
    """Return what can be studied on an ordinal day."""
    due_counts = counts.count_due(index, today)
    _, reviews_done = counts.count_done(index, today)
    new_at_will = counts.count_new_by_deck(index, today, due_counts.new + 1, at_will=True)
    overdue, oldest = index.execute(COUNT_OVERDUE, {"today": today}).fetchone()
    has_plan = bool(counts.load_plan_share(index, today).since_day)
    review_limit = index_settings(index)[REVIEW_LIMIT_SETTING]
    remaining = max(0, review_limit - reviews_done)
    return due_counts._replace(
        remaining_reviews=remaining,
        review_limit=review_limit,
        has_more_new=sum(new_at_will.values()) > due_counts.new,
        has_backlog=not has_plan and is_backlog(overdue, oldest, due_counts.due, remaining, today),
        overdue=0 if has_plan else overdue,
    )


def is_backlog(overdue: int, oldest: int | None, due: int, reviews: int, today: int) -> bool:
    """Tell if overdue cards exceed the limit of `reviews`, or are many after a long break."""
    if oldest is None:
        return False
    has_long_break = today - oldest >= LONG_BREAK_DAYS
    return due > reviews or (has_long_break and overdue > COMFORTABLE_EXTRA)


def load_upcoming_week(index: Connection, today: int, due_today: DueToday) -> UpcomingWeek:
    """Return the coming days, once what waits on an ordinal day is done.

    When nothing is left for today, tomorrow is counted exactly as it will be then.
    """
    tomorrow = today + 1
    days = range(tomorrow, tomorrow + FORECAST_DAYS)
    becoming_due = dict(index.execute(COUNT_BECOMING_DUE, {"first": days[0], "last": days[-1]}))
    next_due = min(becoming_due, default=None)
    if next_due is None:  # reads every card, so only if needed
        (next_due,) = index.execute(SELECT_NEXT_DUE, (today,)).fetchone()
    week = _plan_week(index, {day: becoming_due.get(day, 0) for day in days}, due_today)
    share = counts.load_plan_share(index, tomorrow)
    if not due_today.reviews_today:
        week[0] = sum(counts.count_due_by_deck(index, tomorrow, share).values())
    new, limit = 0, index_settings(index)[NEW_LIMIT_SETTING]
    has_backlog = share.since_day > 0 and due_today.postponed > 0
    if not (share.off_until or has_backlog) and week[0] <= due_today.review_limit:
        new_by_deck = counts.count_new_by_deck(index, tomorrow, limit + due_today.new)
        new = min(limit, max(0, sum(new_by_deck.values()) - due_today.new))
    return UpcomingWeek(tuple(week), new, date.fromordinal(next_due) if next_due else None)


def _plan_week(index: Connection, becoming_due: dict[int, int], due_today: DueToday) -> list[int]:
    """Return the cards of each day, with what the review limit and plans leave for it."""
    over_limit, postponed, week = due_today.due_over_limit, due_today.postponed, []
    has_plans = index.execute("SELECT 1 FROM plan LIMIT 1").fetchone()
    for day, cards in becoming_due.items():
        share = counts.load_plan_share(index, day) if has_plans else counts.NO_PLAN
        waiting = over_limit + cards
        if share.off_until:
            waiting, postponed = 0, postponed + waiting
        else:
            from_backlog = min(postponed, share.remaining) if share.since_day else postponed
            waiting, postponed = waiting + from_backlog, postponed - from_backlog
        over_limit = max(0, waiting - due_today.review_limit)
        week.append(waiting)
    return week


def load_study_days(index: Connection) -> Sequence[int]:
    """Return the ordinal days with answers, in order."""
    return [day for (day,) in index.execute(SELECT_STUDY_DAYS)]


def load_pauses(index: Connection, today: int) -> list[tuple[date, date]]:
    """Return (first, until) of days off and of days without due cards."""
    (first_waiting,) = index.execute(SELECT_FIRST_WAITING, (today,)).fetchone()
    changes = index.execute(SELECT_WAITING_CHANGES).fetchall()
    idle = idle_spans(load_study_days(index), changes, first_waiting or today, today)
    spans = (*counts.list_days_off(index), *idle)
    return [(date.fromordinal(first), date.fromordinal(until)) for first, until in spans]


def load_usual_pace(index: Connection) -> StudyPace:
    """Return this user's time for a card, by the latest answers."""
    card_days = index.execute(SELECT_TIME_SPENT).fetchall()
    new_ms = [ms for is_new, _, ms in card_days if is_new]
    due_ms = [ms for is_new, _, ms in card_days if not is_new]
    new, due = TimeSpent(len(new_ms), sum(new_ms)), TimeSpent(len(due_ms), sum(due_ms))
    return estimate_pace(new, due, sum(answers for _, answers, _ in card_days))


def count_learned(index: Connection) -> dict[str, tuple[int, int]]:
    """Return (learned, all) cards of each deck."""
    return {deck: (learned, cards) for deck, learned, cards in index.execute(COUNT_LEARNED)}


def count_problems(index: Connection) -> int:
    """Return the number of problems in the deck files."""
    return int(index.execute("SELECT count(*) FROM problem").fetchone()[0])
