"""What figures are made from, counted by the index: of everything, or of what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from sqlite3 import Connection

from flashcards.core.progress import MATURE, Entry
from flashcards.core.stats.compute import HARDEST
from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import Cards, Counted, Group, Tally
from flashcards.storage.index.daily_totals import MEASURES, sums
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries.counts import days_off, deck_names
from flashcards.storage.index.schema import TAGS

TALLIED = ", ".join(f"sum({name})" for name in MEASURES)
"""Adds tallies up."""
STATES = f"""sum(in_deck), sum(in_deck AND due IS NULL),
    sum(in_deck AND due IS NOT NULL AND interval < {MATURE}),
    sum(in_deck AND due IS NOT NULL AND interval >= {MATURE}), sum(in_deck AND suspended),
    sum(in_deck AND due IS NOT NULL AND due <= :today AND NOT suspended AND buried <= :today)"""
"""The columns of Cards."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cards and answers to count; nothing named means all."""

    decks: tuple[str, ...] = ()
    tag: str = ""
    search: Callable[[Entry], bool] | None = None
    since: date | None = None
    """The first study day whose answers count."""

    @property
    def some(self) -> bool:
        """Whether only some cards are asked for."""
        return bool(self.decks or self.tag or self.search)


ALL = Asked()


def counted(index: Connection, today: date, asked: Asked = ALL) -> Counted:
    """Return all counts, as seen on the study day `today`."""
    if asked.some:
        _choose(index, asked)
    return _Count(index, today, asked).everything()


def _choose(index: Connection, asked: Asked) -> None:
    """Put the keys of the cards that are asked for into a table of this connection."""
    index.execute("CREATE TEMP TABLE IF NOT EXISTS selected_card (key INTEGER PRIMARY KEY)")
    index.execute("DELETE FROM selected_card")
    where, values = queries_cards.only(asked.decks, asked.tag)
    # The journal keeps the deck of a card that is gone, but not its tags.
    known = "in_deck" if asked.tag else "(in_deck OR answer_count)"
    index.execute(f"INSERT INTO selected_card SELECT key FROM card WHERE {known} {where}", values)
    if asked.search is not None:
        found = {e.card.id for e in _every(index) if asked.search(e)}
        rows = index.execute(
            "SELECT selected_card.key, id FROM selected_card JOIN card USING (key)"
        ).fetchall()
        out = [(key,) for key, name in rows if name not in found]
        index.executemany("DELETE FROM selected_card WHERE key = ?", out)


def _every(index: Connection) -> Iterable[Entry]:
    yield from queries_cards.entries(index)
    for entry in queries_cards.orphans(index):
        yield replace(entry, card=replace(entry.card, tags=()))


class _Count:
    """One count: the same few conditions in every query."""

    def __init__(self, index: Connection, today: date, asked: Asked) -> None:
        self._index = index
        self._asked = asked
        self._since = asked.since.toordinal() if asked.since else 0
        self._values = {"today": today.toordinal(), "since": self._since, "hardest": HARDEST}
        # Left alone, SQLite takes an index that is shorter, and then reads each card's text too.
        self._cards = (
            "selected_card JOIN card USING (key)" if asked.some else "card INDEXED BY card_stats"
        )

    def everything(self) -> Counted:
        """Ask all the questions."""
        return Counted(
            days={_day(day): tally for day, tally in self._tallies("day").items()},
            off=[(_day(first), _day(until)) for first, until in days_off(self._index)],
            hours=self._tallies("hour"),
            groups=self._groups(),
            answered=self._answered(),
            waiting=self._by_day(
                "max(due, buried)", "in_deck AND due IS NOT NULL AND NOT suspended"
            ),
            intervals=self._by("interval", "in_deck AND due IS NOT NULL"),
            eases=self._by("ease", "in_deck AND due IS NOT NULL"),
            began=self._by_day("first_answered", "in_deck AND first_answered IS NOT NULL"),
            added=self._added(),
            hardest=self._hardest(),
        )

    def _tallies(self, by: str) -> dict[int, Tally]:
        if self._asked.some:
            key = {"day": "answer.day", "hour": "answer.minute / 60"}[by]
            query = (
                f"SELECT {key}, {sums('answer')} FROM selected_card "
                "JOIN answer ON answer.card = selected_card.key WHERE day >= :since GROUP BY 1"
            )
        else:
            query = f"SELECT {by}, {TALLIED} FROM hourly_total WHERE day >= :since GROUP BY 1"
        return {row[0]: Tally(*row[1:]) for row in self._index.execute(query, self._values)}

    def _groups(self) -> list[Group]:
        """Return cards and their answers by deck and tags."""
        lately = self._asked.since is not None
        answers, table = (ANSWERS_SINCE, "since") if lately else ("", "card")
        summed = ", ".join(
            f"coalesce(sum({table}.{column}), 0)"
            for column in ("answer_count", "total_ms", "tests_recalled", "test_count")
        )
        rows = self._index.execute(
            f"SELECT deck, in_deck, tags, {STATES}, {summed} "
            f"FROM {self._cards} {answers} WHERE in_deck OR card.answer_count "
            "GROUP BY deck, in_deck, tags",
            self._values,
        )
        place = {name: i for i, name in enumerate(deck_names(self._index))}
        groups = [_group(*row) for row in rows]
        return sorted(groups, key=lambda group: place.get(group.deck, len(place)))

    def _answered(self) -> int:
        lately = self._asked.since is not None
        only = "AND card IN (SELECT key FROM selected_card)" if self._asked.some else ""
        query = (
            f"SELECT count(DISTINCT card) FROM answer WHERE day >= :since {only}"
            if lately
            else f"SELECT count(*) FROM {self._cards} WHERE answer_count"
        )
        (found,) = self._index.execute(query, self._values).fetchone()
        return int(found)

    def _by(self, value: str, where: str) -> dict[int, int]:
        rows = self._index.execute(
            f"SELECT {value}, count(*) FROM {self._cards} WHERE {where} GROUP BY 1",
            self._values,
        )
        return dict(rows)

    def _by_day(self, value: str, where: str) -> dict[date, int]:
        return {_day(day): cards for day, cards in self._by(value, where).items()}

    def _added(self) -> dict[date, int]:
        first = "min(coalesce(added, first_answered), coalesce(first_answered, added))"
        known = "(in_deck OR answer_count) AND coalesce(added, first_answered) IS NOT NULL"
        return self._by_day(first, f"{known} AND {first} >= :since")

    def _hardest(self) -> list[Entry]:
        only = "AND key IN (SELECT key FROM selected_card)" if self._asked.some else ""
        return queries_cards.found(
            self._index,
            f"in_deck AND lapses > 0 {only} ORDER BY lapses DESC, ease, id LIMIT :hardest",
            self._values,
        )


ANSWERS_SINCE = """LEFT JOIN (
    SELECT card AS key, count(*) AS answer_count, sum(ms) AS total_ms,
        sum(is_retention_test) AS test_count,
        sum(is_retention_test AND rating >= 3) AS tests_recalled
    FROM answer WHERE day >= :since GROUP BY card
) AS since USING (key)"""
"""Beside each card its answers since a day."""


def _group(deck: str, alive: int, tags: str, *numbers: int) -> Group:
    names = tuple(tags.split(TAGS)) if tags and alive else ()
    *states, answers, ms, recalls, tests = numbers
    return Group(deck, names, Cards(*states), answers, ms, Share(recalls, tests))


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)
