"""Which cards a session takes: those due, new, late or to practise, from all or from a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.storage.index import conditions
from flashcards.storage.index.conditions import AWAKE, NEW_LIMIT, REPEAT_BELOW, REVIEW_LIMIT
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import Share

ORDERS = {
    "due": conditions.OLDEST,
    # Late by how much of its own interval: what is a day late after one day has waited longest.
    "overdue-first": "(:today - due + 0.0) / max(interval, 1) DESC, due, shuffle_key, id",
    "hardest": "ease, lapses DESC, due, shuffle_key, id",
    # Multiplied within a field of prime size: another order each day, and the same all day long.
    "random": "((shuffle_key % 1000003) * (:today % 999983 + 1)) % 1000003, id",
}
"""How each order of `core.agenda.ORDERS` is said in SQL; every card has its one place in it."""
SEEN = "EXISTS (SELECT 1 FROM answer WHERE card = card.key AND day >= :seen AND NOT imported)"
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pool:
    """The cards that a session may take from, on an ordinal day."""

    index: Connection
    today: int
    where: str = "1"
    values: Values = field(default_factory=dict)
    order: str = "due"

    def again(self) -> list[CardId]:
        """Return the cards answered today that still wait for a better rating."""
        where, values = conditions.again(self.index)
        return self._take(where, "shuffle_key, id", values)

    def due(self, limit: int, share: Share) -> tuple[list[CardId], list[CardId]]:
        """Return the due cards of today, and behind them its share of those that a plan works off.

        Together they are at most `limit`, and of each deck as many as its own limit leaves.
        """
        since = {"since": share.since}
        left = counts.left_by_deck(self.index, self.today, REVIEW_LIMIT)
        today = self._take(conditions.due(self.index), ORDERS[self.order], since, limit, left)
        # The share is counted before a deck's own limit holds some of it back, as `counts` does.
        oldest = f"{conditions.OLDEST} LIMIT :share"
        late = {**since, "share": share.left}
        limit -= len(today)
        return today, self._take(conditions.late(self.index), oldest, late, limit, left)

    def new(self, limit: int, *, at_will: bool = False) -> list[CardId]:
        """Return new cards in the library's order; `at_will` passes over the decks' own limits."""
        left = {} if at_will else counts.left_by_deck(self.index, self.today, NEW_LIMIT)
        return self._take(
            conditions.new(self.index),
            conditions.AS_WRITTEN,
            {},
            limit,
            left,
            table=conditions.UNSEEN,
        )

    def becoming_due(self, days: int) -> list[CardId]:
        """Return the cards that become due in the next so many days."""
        where = f"{AWAKE} AND due > :today AND due <= :today + :days"
        return self._take(where, "due, shuffle_key, id", {"days": days})

    def everything(self, limit: int = -1) -> list[CardId]:
        """Return all cards that are not suspended, due and new ones in the pool's order."""
        order = "due IS NULL, due, shuffle_key, id" if self.order == "due" else ORDERS[self.order]
        return self._take("in_deck AND NOT suspended", order, {}, limit)

    def unseen(self, since: int) -> list[CardId]:
        """Return the cards that were not answered since an ordinal day, the hardest last."""
        where = f"in_deck AND NOT suspended AND NOT {SEEN}"
        return self._take(where, "ease DESC, lapses, shuffle_key, id", {"seen": since})

    def count(self, where: str, **values: object) -> int:
        """Return how many cards of the pool fit a condition of our own."""
        query = f"SELECT count(*) FROM card WHERE {where} AND {self.where}"
        return int(self.index.execute(query, self._all(values)).fetchone()[0])

    def new_done(self) -> int:
        """Return how many of its cards were new this morning and are not any more."""
        return self.count(
            "in_deck AND EXISTS (SELECT 1 FROM answer "
            "WHERE card = card.key AND day = :today AND is_new AND kind = 0)"
        )

    def seen_first_today(self, since: int) -> int:
        """Return how many of its cards were answered today, and on no other day since then."""
        answered = "EXISTS (SELECT 1 FROM answer WHERE card = card.key AND NOT imported AND "
        return self.count(
            f"in_deck AND {answered} day = :today) "
            f"AND NOT {answered} day >= :seen AND day < :today)",
            seen=since,
        )

    def schedules(self) -> list[tuple[int | None, int, int, int]]:
        """Return (due, ease, interval, repetitions) of each card that is not suspended."""
        query = (
            "SELECT due, ease, interval, repetitions FROM card "
            f"WHERE in_deck AND NOT suspended AND {self.where}"
        )
        return list(self.index.execute(query, self._all({})))

    def own_repeats(self, cards: Sequence[CardId]) -> dict[CardId, int]:
        """Return the rating below which a card comes back, for cards whose deck has its own."""
        own = conditions.of_decks(conditions.settings(self.index), REPEAT_BELOW)
        if not own:
            return {}
        decks = {
            card: self.index.execute("SELECT deck FROM card WHERE id = ?", (card,)).fetchone()[0]
            for card in cards
        }
        return {card: own[deck] for card, deck in decks.items() if deck in own}

    def _take(  # noqa: PLR0913 (a query's parts, and two limits)
        self,
        where: str,
        order: str,
        values: Values,
        limit: int = -1,
        left: dict[str, int] | None = None,
        *,
        table: str = "card",
    ) -> list[CardId]:
        """Return cards up to a limit, and of each deck in `left` what is left there; counts down.

        A limit below 0 is none.
        """
        query = f"SELECT id, deck FROM {table} WHERE {where} AND {self.where} ORDER BY {order}"
        left = {} if left is None else left
        if not left and "LIMIT" not in order:  # then SQLite need not sort all to give a few
            query, values = f"{query} LIMIT :limit", {**values, "limit": limit}
        found: list[CardId] = []
        for name, deck in self.index.execute(query, self._all(values)):
            if len(found) >= limit >= 0:
                break
            if left.get(deck, 1) > 0:
                found.append(CardId(name))
                if deck in left:
                    left[deck] -= 1
        return found

    def _all(self, values: Values) -> dict[str, object]:
        return {**self.values, **values, "today": self.today}
