"""Today at a glance, straight from the index; few imports, so that it is there at once."""

from __future__ import annotations

from datetime import date

from flashcards.core.days import streaks
from flashcards.core.today import DAYS_AHEAD, Ahead, Done, Pace, Spent, Today, Waiting, pace
from flashcards.storage.index.conditions import NEW_LIMIT, REVIEW_LIMIT, settings
from flashcards.storage.index.queries import counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

LONGEST_MS = 60_000
"""An answer that took longer counts as this much: the person was elsewhere."""
LAST = 1000
"""Answers that a pace is told from."""

BECOME_DUE = """SELECT max(due, buried) AS day, count(*) FROM card
WHERE in_deck AND due IS NOT NULL AND due <= :last AND NOT suspended
AND max(due, buried) BETWEEN :first AND :last GROUP BY day"""
NEXT_DUE = """SELECT min(max(due, buried)) FROM card
WHERE in_deck AND due IS NOT NULL AND NOT suspended AND max(due, buried) > ?"""
STUDY_DAYS = "SELECT DISTINCT day FROM hourly_total"
SPENT = f"""SELECT max(is_new), sum(1), sum(ms) FROM (
    SELECT card, day, is_new, min(ms, {LONGEST_MS}) AS ms FROM answer
    WHERE ms > 0 ORDER BY day DESC LIMIT {LAST}
) GROUP BY card, day"""
DONE = "SELECT coalesce(sum(answers), 0), coalesce(sum(ms), 0) FROM hourly_total WHERE day = ?"
NEW_CARDS = """SELECT count(*) FROM (SELECT 1 FROM card
WHERE in_deck AND due IS NULL AND NOT suspended AND buried <= ? LIMIT ?)"""


def look(index: Connection, day: date) -> Today:
    """Return what waits on a study day, what was done on it, and what lies ahead."""
    today, limits = day.toordinal(), settings(index)
    found = waiting(index, today, limits)
    answers, ms = index.execute(DONE, (today,)).fetchone()
    day_of = date.fromordinal
    off = [(day_of(first), day_of(until)) for first, until in counts.days_off(index)]
    done = Done(answers, ms, *streaks(study_days(index), day, off))
    return Today(day, found, done, ahead(index, today, limits, found), usual_pace(index))


def waiting(index: Connection, today: int, limits: dict[str, int]) -> Waiting:
    """Return what can be studied on the ordinal day `today`."""
    found = counts.count(index, today)
    _, reviews_done = counts.done(index, today)
    unseen = index.execute(NEW_CARDS, (today, found.new + limits[NEW_LIMIT])).fetchone()[0]
    return Waiting(
        due=found.due,
        new=found.new,
        learning=found.learning,
        allowed=max(0, limits[REVIEW_LIMIT] - reviews_done),
        limit=limits[REVIEW_LIMIT],
        paused=found.paused,
        decks=found.decks,
        more_new=unseen - found.new,
        later=found.later,
        off_until=date.fromordinal(found.off_until) if found.off_until else None,
    )


def ahead(index: Connection, today: int, limits: dict[str, int], found: Waiting) -> Ahead:
    """Return the days after the ordinal day `today`, once what waits on it is done."""
    days = range(today + 1, today + 1 + DAYS_AHEAD)
    due = dict(index.execute(BECOME_DUE, {"first": days[0], "last": days[-1]}))
    week, later = _planned(index, {day: due.get(day, 0) for day in days}, found.later)
    paused = bool(later) or found.left_over + week[0] > limits[REVIEW_LIMIT]
    next_due = min(due, default=None)
    if next_due is None:  # only then is a look at every card worth its time
        (next_due,) = index.execute(NEXT_DUE, (today,)).fetchone()
    return Ahead(
        week,
        0 if paused else min(found.more_new, limits[NEW_LIMIT]),
        next_due and date.fromordinal(next_due),
    )


def _planned(index: Connection, due: dict[int, int], kept: int) -> tuple[tuple[int, ...], int]:
    """Return what each day asks under the plans in force, and how many cards tomorrow keeps back.

    `kept` cards of a backlog are left after today.
    """
    if not index.execute("SELECT 1 FROM plan LIMIT 1").fetchone():
        return tuple(due.values()), 0
    week, after = [], []
    for day, own in due.items():
        share = counts.share_of(index, day)
        asked = 0 if share.off_until else own + min(kept, share.left if share.since else kept)
        kept += own - asked
        week.append(asked)
        after.append(kept)
    return tuple(week), after[0]


def study_days(index: Connection) -> Sequence[date]:
    """Return the days on which anything was answered."""
    return [date.fromordinal(day) for (day,) in index.execute(STUDY_DAYS)]


def usual_pace(index: Connection) -> Pace:
    """Return how long this person takes for a card, by their last thousand answers."""
    days = index.execute(SPENT).fetchall()
    kinds = [[ms for fresh, _, ms in days if fresh == kind] for kind in (1, 0)]
    new, due = (Spent(len(kind), sum(kind)) for kind in kinds)
    return pace(new, due, Spent(sum(answers for _, answers, _ in days), new.ms + due.ms))


def faults(index: Connection) -> int:
    """Return how many faults the deck files have."""
    return int(index.execute("SELECT count(*) FROM problem").fetchone()[0])
