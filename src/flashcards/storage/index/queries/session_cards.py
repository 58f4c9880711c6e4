"""Select the cards of a study session."""

from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.core.cards import CardId
from flashcards.core.scheduling import ForecastCard
from flashcards.core.sm2 import MemoryState
from flashcards.storage.index import due_conditions
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import PlanShare
from flashcards.storage.index.queries.fsrs import register_recall

ANSWERED = "EXISTS (SELECT 1 FROM answer WHERE card = card.key AND NOT imported AND day {days})"
ORDER_CLAUSES = {
    "due": due_conditions.OLDEST_FIRST,
    # Late relative to its interval: a day late after one day is worse than after a month.
    "overdue-first": f"(:today - due + 0.0) / max(interval, 1) DESC, {due_conditions.OLDEST_FIRST}",
    "hardest": f"ease, lapses DESC, {due_conditions.OLDEST_FIRST}",
    "random": due_conditions.SHUFFLED,
    "recall": f"chance_of_recall(stability, fsrs_day), {due_conditions.OLDEST_FIRST}",
}
"""SQL of `STUDY_ORDERS` of the settings; each is a total order."""
QueryValues = Mapping[str, object]


class SessionCards(NamedTuple):
    """The cards that a session may ask on an ordinal day: those that a condition on `card` selects."""

    connection: Connection
    today_ordinal: int
    condition: str = "1"
    values: QueryValues = {}  # noqa: RUF012 (never changed)
    order: str = "due"

    def cards_to_repeat(self) -> list[CardId]:
        """Return the cards to repeat today."""
        where, values = due_conditions.repeat_condition(self.connection)
        return self._select_cards(where, due_conditions.SHUFFLED, values)

    def due_cards(
        self, limit: int, plan_share: PlanShare, *, at_will: bool = False
    ) -> tuple[list[CardId], list[CardId]]:
        """Return (due cards, a plan's share of the backlog) within the limits; `at_will` as below."""
        values = {"since": plan_share.since_day, "share": plan_share.remaining}
        deck_limits = self._remaining_by_deck(due_conditions.REVIEW_LIMIT_SETTING, at_will=at_will)
        is_due, order = due_conditions.due_condition(self.connection), ORDER_CLAUSES[self.order]
        due = self._select_cards(is_due, order, values, limit, deck_limits)
        # The share is taken before a deck's own limit holds some of it back, as in `counts`.
        is_backlog = due_conditions.backlog_condition(self.connection)
        oldest_share = f"{due_conditions.OLDEST_FIRST} LIMIT :share"
        return due, self._select_cards(is_backlog, oldest_share, values, limit - len(due), deck_limits)

    def new_cards(self, limit: int, *, at_will: bool = False) -> list[CardId]:
        """Return new cards, the decks taking turns; `at_will` ignores the decks' own limits."""
        deck_limits = self._remaining_by_deck(due_conditions.NEW_LIMIT_SETTING, at_will=at_will)
        is_new = f"path = :path AND {due_conditions.new_condition(self.connection)}"
        table, cards_by_deck = due_conditions.NEW_CARD_TABLE, dict[str, list[CardId]]()
        for path, deck in self.connection.execute(counts.SELECT_DECK_FILES).fetchall():
            cards = cards_by_deck.setdefault(deck, [])
            remaining = max(0, min(limit, deck_limits.get(deck, limit)) - len(cards))
            cards += self._select_cards(is_new, "position", {"path": path}, remaining, table=table)
        waiting = {deck: len(cards) for deck, cards in cards_by_deck.items()}
        turns = counts.share_new_cards(self.connection, self.today_ordinal, limit, waiting)
        next_cards = {deck: iter(cards) for deck, cards in cards_by_deck.items()}
        return [next(next_cards[deck]) for deck in turns]

    def _remaining_by_deck(self, limit_name: str, *, at_will: bool) -> dict[str, int]:
        return {} if at_will else counts.remaining_by_deck(self.connection, self.today_ordinal, limit_name)

    def cards_becoming_due(self, days: int) -> list[CardId]:
        """Return the cards that become due in the next days."""
        where = f"{due_conditions.IS_AVAILABLE} AND due > :today AND due <= :today + :days"
        return self._select_cards(where, due_conditions.OLDEST_FIRST, {"days": days})

    def all_cards(self, limit: int = -1) -> list[CardId]:
        """Return all cards that are not suspended, in this order."""
        order = ("due IS NULL, " if self.order == "due" else "") + ORDER_CLAUSES[self.order]
        return self._select_cards("in_deck AND NOT suspended", order, {}, limit)

    def cards_not_answered_since(self, since_day: int) -> list[CardId]:
        """Return the cards not answered since an ordinal day, hardest last."""
        where = f"in_deck AND NOT suspended AND NOT {ANSWERED.format(days='>= :seen')}"
        return self._select_cards(where, f"ease DESC, lapses, {due_conditions.SHUFFLED}", {"seen": since_day})

    def count_cards(self, condition: str, **values: object) -> int:
        """Return how many of these cards match a condition."""
        query = f"SELECT count(*) FROM card WHERE {condition} AND {self.condition}"
        return int(self.connection.execute(query, self._with_common_values(values)).fetchone()[0])

    def count_new_done(self) -> int:
        """Return how many of these cards were new until today."""
        answer = "SELECT 1 FROM answer WHERE card = card.key AND day = :today AND is_new AND kind = 0"
        return self.count_cards(f"in_deck AND EXISTS ({answer})")

    def count_first_seen_today(self, since_day: int) -> int:
        """Return how many were answered today for the first time since a day."""
        today, before = ANSWERED.format(days="= :today"), ANSWERED.format(days=">= :seen AND day < :today")
        return self.count_cards(f"in_deck AND {today} AND NOT {before}", seen=since_day)

    def card_schedules(self) -> list[tuple[int | None, ForecastCard]]:
        """Return (due day, forecast card) of all that are not suspended."""
        query = (
            "SELECT due, ease, interval, repetitions, stability, difficulty, fsrs_day FROM card "
            f"WHERE in_deck AND NOT suspended AND {self.condition}"
        )
        schedules, rows = [], self.connection.execute(query, self._with_common_values({}))
        for due, *sm2, stability, difficulty, day in rows:
            memory = (stability, difficulty) if stability else None
            schedules.append((due, ForecastCard(MemoryState(*sm2), memory, day or 0)))
        return schedules

    def repeat_below_by_card(self, card_ids: Sequence[CardId]) -> dict[CardId, int]:
        """Return the rating below which cards repeat, where a deck overrides it."""
        settings = due_conditions.index_settings(self.connection)
        below_by_deck = due_conditions.deck_settings(settings, due_conditions.REPEAT_BELOW_SETTING)
        if not below_by_deck:
            return {}
        query = "SELECT deck FROM card WHERE id = ?"
        decks = {card: self.connection.execute(query, (card,)).fetchone()[0] for card in card_ids}
        return {card: below_by_deck[deck] for card, deck in decks.items() if deck in below_by_deck}

    def _select_cards(  # noqa: PLR0913 (a query's parts, and two limits)
        self,
        condition: str,
        order: str,
        values: QueryValues,
        limit: int = -1,
        deck_limits: dict[str, int] | None = None,
        *,
        table: str = "card",
    ) -> list[CardId]:
        """Return up to `limit` cards (-1: all), and count `deck_limits` down by those of each deck."""
        query = f"SELECT id, deck FROM {table} WHERE {condition} AND {self.condition} ORDER BY {order}"
        deck_limits = {} if deck_limits is None else deck_limits
        if self.order == "recall":
            register_recall(self.connection, self.today_ordinal)
        # Lets SQLite keep only the first few while sorting; a plan's share has its own.
        if not deck_limits and "LIMIT" not in order:
            query, values = f"{query} LIMIT :limit", {**values, "limit": limit}
        card_ids: list[CardId] = []
        for card_id, deck in self.connection.execute(query, self._with_common_values(values)):
            if 0 <= limit <= len(card_ids):
                break
            if deck_limits.get(deck) != 0:
                card_ids.append(CardId(card_id))
                if deck in deck_limits:
                    deck_limits[deck] -= 1
        return card_ids

    def _with_common_values(self, values: QueryValues) -> dict[str, object]:
        return {**self.values, **values, "today": self.today_ordinal}
