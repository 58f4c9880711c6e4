"""Count due, new and repeated cards by deck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.core import daily_limits
from flashcards.core.today import DueToday
from flashcards.storage.index import conditions
from flashcards.storage.index.conditions import (
    NEW_LIMIT_SETTING,
    REVIEW_LIMIT_SETTING,
    deck_settings,
    index_settings,
)

# Deck by deck, for that is an order in which an index has them: nothing need be sorted.
COUNT_BY_DECK = """SELECT name, (SELECT count(*) FROM card WHERE deck = name AND {where})
FROM (SELECT DISTINCT name FROM deck)"""
COUNT_FIRST_BY_DECK = """SELECT deck, count(*) FROM (
    SELECT deck FROM {table} WHERE {where} {only} ORDER BY {order} LIMIT :limit
) GROUP BY deck"""
COUNT_LEARNING_BY_DECK = "SELECT deck, count(*) FROM card WHERE {where} GROUP BY deck"
COUNT_DONE = """SELECT coalesce(sum(is_new), 0), count(*) - coalesce(sum(is_new), 0) FROM answer
WHERE day = ? AND NOT imported AND kind = 0"""
COUNT_DONE_BY_DECK = """SELECT deck, sum(is_new), count(*) - sum(is_new)
FROM answer JOIN card ON card.key = answer.card
WHERE day = ? AND NOT imported AND kind = 0 GROUP BY deck"""
SELECT_DECK_FILES = "SELECT path, name FROM deck ORDER BY path"
# File by file, for an index has the new cards in that order: each look ends after a day's worth.
COUNT_NEW_BY_FILE = """SELECT name, (SELECT count(*) FROM (
    SELECT 1 FROM {table} WHERE path = deck.path AND {where} LIMIT :limit
)) FROM deck WHERE 1 {only} ORDER BY path"""
SELECT_DECK_NAMES = "SELECT name FROM deck GROUP BY name ORDER BY min(path)"
SELECT_CURRENT_PLAN = """SELECT until, per_day FROM plan
WHERE first <= ? AND id NOT IN (SELECT id FROM undone_event)
ORDER BY first DESC, hlc DESC, id DESC LIMIT 1"""
# Of the plans of one first day the latest counts.
SELECT_PLANS = """SELECT first, until, max(printf('%020d%s', hlc, id)) FROM plan
WHERE id NOT IN (SELECT id FROM undone_event) GROUP BY first ORDER BY first"""
# A card was due when its last graded answer says so; one without came with its date from elsewhere.
COUNT_BACKLOG_DONE = """SELECT count(*) FROM answer AS now
WHERE day = :today AND kind = 0 AND NOT is_new AND NOT imported AND :since > coalesce((
    SELECT max(day) FROM answer AS before
    WHERE before.card = now.card AND kind = 0 AND day < :today
) + now.interval, 0)"""


class PlanShare(NamedTuple):
    """What the plan in force asks of the cards that were due before it began."""

    since_day: int
    """Cards due on this day (an ordinal) or later come as ever; 0 when there is no plan."""
    remaining: int
    """How many of the older cards today still takes."""
    off_until: int
    """The study day (an ordinal) on which days off end; 0 when today is none."""


NO_PLAN = PlanShare(0, 0, 0)


def count_due(index: Connection, today: int, only: Sequence[str] = ()) -> DueToday:
    """Return what waits on the study day `today` (an ordinal), in the decks `only` or in all."""
    names = only or list_deck_names(index)
    share = load_plan_share(index, today)
    backlog = count_backlog(index, today, share)
    if share.off_until:
        none, until = dict.fromkeys(names, (0, 0, 0)), date.fromordinal(share.off_until)
        return DueToday(none, postponed=backlog, off_until=until)
    due = count_due_by_deck(index, today, share, only)
    everywhere = count_due_by_deck(index, today, share) if only else due
    allowed, _, paused = remaining_limits(index, today, sum(everywhere.values()), backlog=backlog)
    new = count_new_by_deck(index, today, allowed, only)
    learning = count_learning_by_deck(index, today)
    taken = min(backlog, max(0, share.remaining))
    decks = {name: (due.get(name, 0), new.get(name, 0), learning.get(name, 0)) for name in names}
    return DueToday(decks, paused, backlog - taken)


def load_plan_share(index: Connection, today: int) -> PlanShare:
    """Return what the plan in force on the ordinal day `today` asks; NO_PLAN without one."""
    row = index.execute(SELECT_CURRENT_PLAN, (today,)).fetchone()
    if row is None:
        return NO_PLAN
    until, per_day = row
    if today < until:
        return PlanShare(until, 0, until)
    if not per_day:
        return NO_PLAN
    (done_already,) = index.execute(COUNT_BACKLOG_DONE, {"today": today, "since": until}).fetchone()
    return PlanShare(until, max(0, per_day - done_already), 0)


def list_days_off(index: Connection) -> list[tuple[int, int]]:
    """Return (first, until) of each time off, as ordinals; a later plan may have cut it short."""
    plans = [(first, until) for first, until, _ in index.execute(SELECT_PLANS)]
    ends = [first for first, _ in plans[1:]] + [until for _, until in plans[-1:]]
    found = [(plan[0], min(plan[1], end)) for plan, end in zip(plans, ends, strict=True)]
    return [(first, until) for first, until in found if first < until]


def count_backlog(index: Connection, today: int, plan_share: PlanShare) -> int:
    """Return how many cards wait that a plan counts as old."""
    if not plan_share.since_day:
        return 0
    query = COUNT_BY_DECK.format(where=conditions.backlog_condition(index))
    return sum(dict(index.execute(query, {"today": today, "since": plan_share.since_day})).values())


def remaining_limits(index: Connection, today: int, due: int, *, backlog: int = 0) -> tuple[int, int, bool]:
    """Return (new cards, reviews, whether new cards pause): what is left of the day.

    `due` is how many cards today asks; new cards pause too while any `late` ones wait.
    """
    limits = index_settings(index)
    new_done, reviews_done = count_done(index, today)
    new, reviews, paused = daily_limits.remaining_today(
        limits[NEW_LIMIT_SETTING], limits[REVIEW_LIMIT_SETTING], due, new_done, reviews_done
    )
    return (0, reviews, True) if backlog else (new, reviews, paused)


def count_due_by_deck(
    index: Connection, today: int, plan_share: PlanShare | None = None, only: Sequence[str] = ()
) -> dict[str, int]:
    """Return how many cards of each deck the study day `today` asks, as its own limits allow."""
    plan_share = plan_share or load_plan_share(index, today)
    found: dict[str, int] = {}
    values = {"today": today, "since": plan_share.since_day}
    if not plan_share.off_until:
        found = dict(index.execute(COUNT_BY_DECK.format(where=conditions.due_condition(index)), values))
    if plan_share.remaining:
        where, names = deck_condition(only)
        query = COUNT_FIRST_BY_DECK.format(
            table="card", where=conditions.backlog_condition(index), only=where, order=conditions.OLDEST_FIRST
        )
        for name, backlog in index.execute(query, {**values, "limit": plan_share.remaining, **names}):
            found[name] = found.get(name, 0) + backlog
    for name, left in remaining_by_deck(index, today, REVIEW_LIMIT_SETTING).items():
        if name in found:
            found[name] = min(found[name], left)
    return found


def count_new_by_deck(
    index: Connection, today: int, max_cards: int, only: Sequence[str] = (), *, at_will: bool = False
) -> dict[str, int]:
    """Return how many new cards of each deck today asks: by turns, within limits.

    `at_will` passes over the decks' own limits.
    """
    where, names = deck_condition(only, "name")
    query = COUNT_NEW_BY_FILE.format(
        table=conditions.NEW_CARD_TABLE, where=conditions.new_condition(index), only=where
    )
    waiting: dict[str, int] = {}
    for name, cards in index.execute(query, {"today": today, "limit": max_cards, **names}):
        waiting[name] = waiting.get(name, 0) + cards
    own = {} if at_will else remaining_by_deck(index, today, NEW_LIMIT_SETTING)
    for name, left in own.items():
        if name in waiting:
            waiting[name] = min(waiting[name], left)
    turns = share_new_cards(index, today, max_cards, waiting)
    return {name: turns.count(name) for name in waiting}


def share_new_cards(index: Connection, today: int, limit: int, waiting: Mapping[str, int]) -> Sequence[str]:
    """Return the deck of each new card that today still asks, in order, of those that wait."""
    if len(waiting) < 2:  # then nothing need be looked up
        return daily_limits.share_new_cards(limit, waiting, {})
    done = {name: new for name, new, _ in index.execute(COUNT_DONE_BY_DECK, (today,))}
    first = today * index_settings(index)[NEW_LIMIT_SETTING]
    return daily_limits.share_new_cards(limit, waiting, done, first)


def count_unseen_by_deck(index: Connection) -> dict[str, int]:
    """Return how many new cards each deck has, whatever a day's limit."""
    return dict(
        index.execute(
            f"SELECT deck, count(*) FROM {conditions.NEW_CARD_TABLE} "
            "WHERE in_deck AND due IS NULL AND NOT suspended GROUP BY deck"
        )
    )


def count_learning_by_deck(index: Connection, today: int) -> dict[str, int]:
    """Return how many cards of each deck wait to be repeated today."""
    where, values = conditions.repeat_condition(index)
    return dict(index.execute(COUNT_LEARNING_BY_DECK.format(where=where), {"today": today, **values}))


def remaining_by_deck(index: Connection, today: int, limit_name: str) -> dict[str, int]:
    """Return what today leaves of the limit that a deck has of its own, for those that have one."""
    own = deck_settings(index_settings(index), limit_name)
    if not own:
        return {}
    rows = index.execute(COUNT_DONE_BY_DECK, (today,))
    given = {name: new if limit_name == NEW_LIMIT_SETTING else reviews for name, new, reviews in rows}
    return {name: max(0, most - given.get(name, 0)) for name, most in own.items()}


def deck_condition(deck_names: Sequence[str], column: str = "deck") -> tuple[str, dict[str, str]]:
    """Return the condition, and its values, that keeps to some decks."""
    # Only placeholders are put into the text; the names go in as values.
    values = {f"deck{i}": name for i, name in enumerate(deck_names)}
    marks = ",".join(f":{place}" for place in values)
    return (f"AND {column} IN ({marks})" if deck_names else ""), values


def list_deck_names(index: Connection) -> list[str]:
    """Return the names of all decks, in the library's order."""
    return [name for (name,) in index.execute(SELECT_DECK_NAMES)]


def count_done(index: Connection, today: int) -> tuple[int, int]:
    """Return how many new cards and how many reviews got their first answer today."""
    new, reviews = index.execute(COUNT_DONE, (today,)).fetchone()
    return new, reviews
