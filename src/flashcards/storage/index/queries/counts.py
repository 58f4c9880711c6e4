"""What is due, straight from the index: bare of imports, so that a prompt can ask every time."""

from __future__ import annotations

from flashcards.core.daily_limits import left_today
from flashcards.storage.index import conditions
from flashcards.storage.index.conditions import NEW_LIMIT, REVIEW_LIMIT, of_decks, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

# Deck by deck, for that is an order in which an index has them: nothing need be sorted.
BY_DECK = """SELECT name, (SELECT count(*) FROM card WHERE deck = name AND {where})
FROM (SELECT DISTINCT name FROM deck)"""
FIRST = """SELECT deck, count(*) FROM (
    SELECT deck FROM {table} WHERE {where} {only} ORDER BY {order} LIMIT :limit
) GROUP BY deck"""
LEARNING = "SELECT deck, count(*) FROM card WHERE {where} GROUP BY deck"
DONE = """SELECT coalesce(sum(is_new), 0), count(*) - coalesce(sum(is_new), 0) FROM answer
WHERE day = ? AND NOT imported AND kind = 0"""
DONE_BY_DECK = """SELECT deck, sum(is_new), count(*) - sum(is_new)
FROM answer JOIN card ON card.key = answer.card
WHERE day = ? AND NOT imported AND kind = 0 GROUP BY deck"""
DECKS = "SELECT name FROM deck GROUP BY name ORDER BY min(path)"
PLAN = """SELECT until, per_day FROM plan
WHERE first <= ? AND id NOT IN (SELECT id FROM undone_event)
ORDER BY first DESC, hlc DESC, id DESC LIMIT 1"""
# Of the plans of one first day the latest counts.
PLANS = """SELECT first, until, max(printf('%020d%s', hlc, id)) FROM plan
WHERE id NOT IN (SELECT id FROM undone_event) GROUP BY first ORDER BY first"""
# A card was due when its last graded answer says so; one without came with its date from elsewhere.
LATE_DONE = """SELECT count(*) FROM answer AS now
WHERE day = :today AND kind = 0 AND NOT is_new AND NOT imported AND :since > coalesce((
    SELECT max(day) FROM answer AS before
    WHERE before.card = now.card AND kind = 0 AND day < :today
) + now.interval, 0)"""


class Counts:
    """How many cards wait today, in all and by deck."""

    def __init__(
        self,
        paused: bool,  # noqa: FBT001
        decks: dict[str, tuple[int, int, int]],
        later: int = 0,
        off_until: int = 0,
    ) -> None:
        self.paused = paused
        """Whether a backlog keeps new cards back."""
        self.decks = decks
        """(due, new, learning) of each deck, in the library's order."""
        self.later = later
        """How many due cards a plan keeps for later days."""
        self.off_until = off_until
        """The study day (an ordinal) on which days off end; 0 when today is none."""
        self.due, self.new, self.learning = (
            sum(deck[i] for deck in decks.values()) for i in range(3)
        )

    @property
    def anything(self) -> bool:
        """Whether there is something to study."""
        return bool(self.due or self.new or self.learning)


class Share:
    """What the plan in force asks of the cards that were due before `since` (an ordinal)."""

    def __init__(self, since: int, left: int, off_until: int) -> None:
        self.since = since
        """Cards due on this day or later come as ever; 0 when there is no plan."""
        self.left = left
        """How many of the older cards today still takes."""
        self.off_until = off_until
        """The study day (an ordinal) on which days off end; 0 when today is none."""


NO_PLAN = Share(0, 0, 0)


def count(index: Connection, today: int, only: Sequence[str] = ()) -> Counts:
    """Return what waits on the study day `today` (an ordinal), in the decks `only` or in all."""
    names = only or deck_names(index)
    share = share_of(index, today)
    kept = waiting_late(index, today, share)
    if share.off_until:
        return Counts(False, dict.fromkeys(names, (0, 0, 0)), kept, share.off_until)
    due = due_by_deck(index, today, share, only)
    everywhere = due_by_deck(index, today, share) if only else due
    allowed, _, paused = allowance(index, today, sum(everywhere.values()), late=kept)
    new = new_by_deck(index, today, allowed, only)
    learning = learning_by_deck(index, today)
    taken = min(kept, max(0, share.left))
    return Counts(
        paused,
        {name: (due.get(name, 0), new.get(name, 0), learning.get(name, 0)) for name in names},
        kept - taken,
    )


def share_of(index: Connection, today: int) -> Share:
    """Return what the plan in force on the ordinal day `today` asks; NO_PLAN without one."""
    row = index.execute(PLAN, (today,)).fetchone()
    if row is None:
        return NO_PLAN
    until, per_day = row
    if today < until:
        return Share(until, 0, until)
    if not per_day:
        return NO_PLAN
    (done_already,) = index.execute(LATE_DONE, {"today": today, "since": until}).fetchone()
    return Share(until, max(0, per_day - done_already), 0)


def days_off(index: Connection) -> list[tuple[int, int]]:
    """Return (first, until) of each time off, as ordinals; a later plan may have cut it short."""
    plans = [(first, until) for first, until, _ in index.execute(PLANS)]
    ends = [first for first, _ in plans[1:]] + [until for _, until in plans[-1:]]
    found = [(plan[0], min(plan[1], end)) for plan, end in zip(plans, ends, strict=True)]
    return [(first, until) for first, until in found if first < until]


def waiting_late(index: Connection, today: int, share: Share) -> int:
    """Return how many cards wait that a plan counts as old."""
    if not share.since:
        return 0
    query = BY_DECK.format(where=conditions.late(index))
    return sum(dict(index.execute(query, {"today": today, "since": share.since})).values())


def allowance(index: Connection, today: int, due: int, *, late: int = 0) -> tuple[int, int, bool]:
    """Return (new cards, reviews, whether new cards pause): what is left of the day.

    `due` is how many cards today asks; new cards pause too while any `late` ones wait.
    """
    limits = settings(index)
    new_done, reviews_done = done(index, today)
    new, reviews, paused = left_today(
        limits[NEW_LIMIT], limits[REVIEW_LIMIT], due, new_done, reviews_done
    )
    return (0, reviews, True) if late else (new, reviews, paused)


def due_by_deck(
    index: Connection, today: int, share: Share | None = None, only: Sequence[str] = ()
) -> dict[str, int]:
    """Return how many cards of each deck the study day `today` asks, as its own limits allow."""
    share = share or share_of(index, today)
    found: dict[str, int] = {}
    values = {"today": today, "since": share.since}
    if not share.off_until:
        found = dict(index.execute(BY_DECK.format(where=conditions.due(index)), values))
    if share.left:
        where, names = among(only)
        query = FIRST.format(
            table="card", where=conditions.late(index), only=where, order=conditions.OLDEST
        )
        for name, late in index.execute(query, {**values, "limit": share.left, **names}):
            found[name] = found.get(name, 0) + late
    for name, left in left_by_deck(index, today, REVIEW_LIMIT).items():
        if name in found:
            found[name] = min(found[name], left)
    return found


def new_by_deck(
    index: Connection, today: int, allowed: int, only: Sequence[str] = ()
) -> dict[str, int]:
    """Return how many new cards of each deck today asks: in the library's order, within limits."""
    own = left_by_deck(index, today, NEW_LIMIT)
    if not own:
        return _first_new(index, today, allowed, only)
    found: dict[str, int] = {}
    for name in only or deck_names(index):
        found |= _first_new(index, today, min(allowed, own.get(name, allowed)), [name])
        allowed -= found.get(name, 0)
    return found


def _first_new(index: Connection, today: int, limit: int, only: Sequence[str]) -> dict[str, int]:
    where, names = among(only)
    query = FIRST.format(
        table=conditions.UNSEEN,
        where=conditions.new(index),
        only=where,
        order=conditions.AS_WRITTEN,
    )
    return dict(index.execute(query, {"today": today, "limit": limit, **names}))


def learning_by_deck(index: Connection, today: int) -> dict[str, int]:
    """Return how many cards of each deck wait to be repeated today."""
    where, values = conditions.again(index)
    return dict(index.execute(LEARNING.format(where=where), {"today": today, **values}))


def left_by_deck(index: Connection, today: int, limit: str) -> dict[str, int]:
    """Return what today leaves of the limit that a deck has of its own, for those that have one."""
    own = of_decks(settings(index), limit)
    if not own:
        return {}
    rows = index.execute(DONE_BY_DECK, (today,))
    given = {name: new if limit == NEW_LIMIT else reviews for name, new, reviews in rows}
    return {name: max(0, most - given.get(name, 0)) for name, most in own.items()}


def among(names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the condition, and its values, that keeps to some decks."""
    # Only placeholders are put into the text; the names go in as values.
    values = {f"deck{i}": name for i, name in enumerate(names)}
    marks = ",".join(f":{place}" for place in values)
    return (f"AND deck IN ({marks})" if names else ""), values


def deck_names(index: Connection) -> list[str]:
    """Return the names of all decks, in the library's order."""
    return [name for (name,) in index.execute(DECKS)]


def done(index: Connection, today: int) -> tuple[int, int]:
    """Return how many new cards and how many reviews got their first answer today."""
    new, reviews = index.execute(DONE, (today,)).fetchone()
    return new, reviews
