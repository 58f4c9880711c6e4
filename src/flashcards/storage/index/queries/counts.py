"""Count due, new and repeated cards by deck, and the notes of a deck file."""

from collections.abc import Mapping, Sequence
from datetime import date
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.core import daily_limits
from flashcards.core.today_summary import DueToday
from flashcards.storage.index import due_conditions
from flashcards.storage.index.schema import TAG_SEPARATOR
from flashcards.storage.index.siblings import NEVER_DAY

# Deck by deck, as an index has them: nothing needs to be sorted.
COUNT_BY_DECK = """SELECT name, (SELECT count(*) FROM card WHERE deck = name AND {where})
FROM (SELECT DISTINCT name FROM deck)"""
COUNT_FIRST_BY_DECK = """SELECT deck, count(*) FROM (
    SELECT deck FROM card WHERE {where} {in_decks} ORDER BY {order} LIMIT :limit
) GROUP BY deck"""
# Graded answers, kind 0: repeats use up no limit.
COUNT_DONE = """SELECT coalesce(sum(is_new), 0), count(*) - coalesce(sum(is_new), 0) FROM answer
WHERE day = ? AND NOT imported AND kind = 0"""
COUNT_DONE_BY_DECK = """SELECT deck, sum(is_new), count(*) - sum(is_new)
FROM answer JOIN card ON card.key = answer.card
WHERE day = ? AND NOT imported AND kind = 0 GROUP BY deck"""
SELECT_DECK_FILES = "SELECT path, name FROM deck ORDER BY path"
# File by file, as an index has the new cards: each lookup ends after a day's limit.
COUNT_NEW_BY_FILE = """SELECT name, (SELECT count(*) FROM (
    SELECT 1 FROM {table} WHERE path = deck.path AND {where} LIMIT :limit
)) FROM deck WHERE 1 {in_decks} ORDER BY path"""
SELECT_DECK_NAMES = "SELECT name FROM deck GROUP BY name ORDER BY min(path)"
SELECT_CURRENT_PLAN = """SELECT until, per_day FROM plan
WHERE first <= ? AND id NOT IN (SELECT id FROM undone_event)
ORDER BY first DESC, hlc DESC, id DESC LIMIT 1"""
# Of the plans with one first day, the latest counts: SQLite takes the other columns from the row of max();
# hlc is padded to compare as text.
SELECT_PLANS = """SELECT first, until, max(printf('%020d%s', hlc, id)) FROM plan
WHERE id NOT IN (SELECT id FROM undone_event) GROUP BY first ORDER BY first"""
# A card was due on the day of its last graded answer plus the interval; without one, it was imported
# with a due date, and counts as backlog.
COUNT_BACKLOG_DONE = """SELECT count(*) FROM answer AS now
WHERE day = :today AND kind = 0 AND NOT is_new AND NOT imported AND :since > coalesce((
    SELECT max(day) FROM answer AS before
    WHERE before.card = now.card AND kind = 0 AND day < :today
) + now.interval, 0)"""


class PlanShare(NamedTuple):
    """What the current plan asks of the backlog on one day."""

    since_day: int  # ordinal; cards due before it are the backlog; 0 without a plan
    remaining: int  # backlog cards still to ask that day
    off_until: int  # ordinal study day on which days off end; 0 if that day is not off


NO_PLAN = PlanShare(0, 0, 0)


def count_due(index: Connection, today: int, deck_names: Sequence[str] = ()) -> DueToday:
    """Return what waits on an ordinal day, in all decks or some."""
    names = deck_names or list_deck_names(index)
    share = load_plan_share(index, today)
    backlog = count_backlog(index, today, share)
    if share.off_until:
        nothing_due, until = dict.fromkeys(names, (0, 0, 0)), date.fromordinal(share.off_until)
        return DueToday(nothing_due, postponed=backlog, off_until=until)
    due = count_due_by_deck(index, today, share, deck_names)
    # Limits are for the whole library: due cards of other decks count, too.
    due_everywhere = count_due_by_deck(index, today, share) if deck_names else due
    max_new, _, paused = remaining_limits(index, today, sum(due_everywhere.values()), backlog)
    new = count_new_by_deck(index, today, max_new, deck_names)
    learning = count_learning_by_deck(index, today)
    decks = {name: (due.get(name, 0), new.get(name, 0), learning.get(name, 0)) for name in names}
    return DueToday(decks, paused, postponed=backlog - min(backlog, share.remaining))


def load_plan_share(index: Connection, today: int) -> PlanShare:
    """Return the share of the current plan on an ordinal day; NO_PLAN without one."""
    row = index.execute(SELECT_CURRENT_PLAN, (today,)).fetchone()
    if row is None:
        return NO_PLAN
    until, per_day = row
    if today < until:
        return PlanShare(until, 0, until)
    if not per_day:
        return NO_PLAN
    (done,) = index.execute(COUNT_BACKLOG_DONE, {"today": today, "since": until}).fetchone()
    return PlanShare(until, max(0, per_day - done), 0)


def list_days_off(index: Connection) -> list[tuple[int, int]]:
    """Return (first, until) of days off as ordinals; the next plan ends them."""
    plans = [(first, until) for first, until, _ in index.execute(SELECT_PLANS)]
    next_starts = [*(first for first, _ in plans[1:]), NEVER_DAY]
    spans = [(first, min(until, start)) for (first, until), start in zip(plans, next_starts, strict=False)]
    return [(first, until) for first, until in spans if first < until]


def count_backlog(index: Connection, today: int, plan_share: PlanShare) -> int:
    """Return how many cards of a plan's backlog wait."""
    if not plan_share.since_day:
        return 0
    query = COUNT_BY_DECK.format(where=due_conditions.backlog_condition(index))
    return sum(dict(index.execute(query, {"today": today, "since": plan_share.since_day})).values())


def remaining_limits(index: Connection, today: int, due: int, backlog: int) -> tuple[int, int, bool]:
    """Return (new cards, reviews, whether new cards pause) of today's limits; a backlog pauses them."""
    settings = due_conditions.index_settings(index)
    new_limit = settings[due_conditions.NEW_LIMIT_SETTING]
    review_limit = settings[due_conditions.REVIEW_LIMIT_SETTING]
    new_done, reviews_done = count_done(index, today)
    new, reviews, paused = daily_limits.remaining_today(new_limit, review_limit, due, new_done, reviews_done)
    return (0, reviews, True) if backlog else (new, reviews, paused)


def count_due_by_deck(
    index: Connection, today: int, plan_share: PlanShare, deck_names: Sequence[str] = ()
) -> dict[str, int]:
    """Return the due cards of each deck within its own limit, a plan's share included."""
    values = {"today": today, "since": plan_share.since_day}
    query = COUNT_BY_DECK.format(where=due_conditions.due_condition(index))
    due_by_deck = {} if plan_share.off_until else dict(index.execute(query, values))
    if plan_share.remaining:
        in_decks, name_values = deck_condition(deck_names)
        where, order = due_conditions.backlog_condition(index), due_conditions.OLDEST_FIRST
        query = COUNT_FIRST_BY_DECK.format(where=where, in_decks=in_decks, order=order)
        for name, backlog in index.execute(query, {**values, "limit": plan_share.remaining, **name_values}):
            due_by_deck[name] = due_by_deck.get(name, 0) + backlog
    return _within_limits(due_by_deck, remaining_by_deck(index, today, due_conditions.REVIEW_LIMIT_SETTING))


def _within_limits(cards_by_deck: Mapping[str, int], limits: Mapping[str, int]) -> dict[str, int]:
    return {name: min(cards, limits.get(name, cards)) for name, cards in cards_by_deck.items()}


def count_new_by_deck(
    index: Connection, today: int, max_cards: int, deck_names: Sequence[str] = (), *, at_will: bool = False
) -> dict[str, int]:
    """Return the new cards of each deck, up to `max_cards` in all; `at_will` ignores decks' own limits."""
    in_decks, name_values = deck_condition(deck_names, "name")
    query = COUNT_NEW_BY_FILE.format(
        table=due_conditions.NEW_CARD_TABLE, where=due_conditions.new_condition(index), in_decks=in_decks
    )
    waiting: dict[str, int] = {}
    for name, cards in index.execute(query, {"today": today, "limit": max_cards, **name_values}):
        waiting[name] = waiting.get(name, 0) + cards
    if not at_will:
        waiting = _within_limits(waiting, remaining_by_deck(index, today, due_conditions.NEW_LIMIT_SETTING))
    turns = share_new_cards(index, today, max_cards, waiting)
    return {name: turns.count(name) for name in waiting}


def share_new_cards(index: Connection, today: int, limit: int, waiting: Mapping[str, int]) -> Sequence[str]:
    """Return the deck of each new card still to ask today, in order; `waiting` has their number by deck."""
    if len(waiting) < 2:  # then nothing need be looked up
        return daily_limits.share_new_cards(limit, waiting, {})
    done = {name: new for name, new, _ in index.execute(COUNT_DONE_BY_DECK, (today,))}
    # Full days go on where the one before ended, so no deck is always the first.
    first_turn = today * due_conditions.index_settings(index)[due_conditions.NEW_LIMIT_SETTING]
    return daily_limits.share_new_cards(limit, waiting, done, first_turn)


def count_unseen_by_deck(index: Connection) -> dict[str, int]:
    """Return the new cards of each deck, without limits."""
    where = "in_deck AND due IS NULL AND NOT suspended"
    query = f"SELECT deck, count(*) FROM {due_conditions.NEW_CARD_TABLE} WHERE {where} GROUP BY deck"
    return dict(index.execute(query))


def count_learning_by_deck(index: Connection, today: int) -> dict[str, int]:
    """Return the cards of each deck to repeat today."""
    where, values = due_conditions.repeat_condition(index)
    query = f"SELECT deck, count(*) FROM card WHERE {where} GROUP BY deck"
    return dict(index.execute(query, {"today": today, **values}))


def remaining_by_deck(index: Connection, today: int, limit_name: str) -> dict[str, int]:
    """Return what remains today of the limits that decks have of their own."""
    limits = due_conditions.deck_settings(due_conditions.index_settings(index), limit_name)
    if not limits:
        return {}
    is_new_limit = limit_name == due_conditions.NEW_LIMIT_SETTING
    rows = index.execute(COUNT_DONE_BY_DECK, (today,))
    done = {name: new if is_new_limit else reviews for name, new, reviews in rows}
    return {name: max(0, limit - done.get(name, 0)) for name, limit in limits.items()}


def deck_condition(deck_names: Sequence[str], column: str = "deck") -> tuple[str, dict[str, str]]:
    """Return (condition, values) for some decks; none means all of them."""
    values = {f"deck{i}": name for i, name in enumerate(deck_names)}
    placeholders = ",".join(f":{key}" for key in values)
    return (f"AND {column} IN ({placeholders})" if deck_names else ""), values


def list_deck_names(index: Connection) -> list[str]:
    """Return the names of all decks, in the library's order."""
    return [name for (name,) in index.execute(SELECT_DECK_NAMES)]


def count_tags(index: Connection) -> list[tuple[str, int]]:
    """Return the tags of all cards, each with its number of cards, most used first."""
    cards_by_tag: dict[str, int] = {}
    query = "SELECT tags, count(*) FROM card WHERE in_deck AND tags <> '' GROUP BY tags"
    for tags, cards in index.execute(query):
        for tag in tags.split(TAG_SEPARATOR):
            cards_by_tag[tag] = cards_by_tag.get(tag, 0) + cards
    return sorted(cards_by_tag.items(), key=lambda pair: (-pair[1], pair[0]))


def count_done(index: Connection, today: int) -> tuple[int, int]:
    """Return (new cards, reviews) that today's limits count: graded answers, one a card."""
    new, reviews = index.execute(COUNT_DONE, (today,)).fetchone()
    return new, reviews


def count_notes(index: Connection, deck_path: str) -> int:
    """Return the number of notes of a deck file."""
    query = "SELECT count(DISTINCT note) FROM card WHERE in_deck AND path = ?"
    return int(index.execute(query, (deck_path,)).fetchone()[0])
