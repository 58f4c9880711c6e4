"""Query the input of the statistics."""

from collections import Counter
from datetime import date
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.core.progress import MATURE_INTERVAL, CardState
from flashcards.core.stats.answer_rows import RECALL_UNITS
from flashcards.core.stats.compute_statistics import MAX_HARDEST_CARDS, StatsInput
from flashcards.core.stats.fsrs_calibration import RecallInput
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import CardCounts, CardGroup, ReviewTotals
from flashcards.storage.index.daily_totals import MEASURE_TEMPLATES, SUM_COLUMNS
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries.counts import deck_condition, list_deck_names
from flashcards.storage.index.queries.fsrs import current_model, known_on_days, register_recall
from flashcards.storage.index.queries.search import SearchCondition
from flashcards.storage.index.queries.today_counts import load_pauses
from flashcards.storage.index.schema import TAG_SEPARATOR

CREATE_SELECTED_TOTALS = (  # CROSS: else SQLite reads all answers by day, and looks each card up
    f"CREATE TEMP TABLE selected_total AS SELECT day, minute / 60 AS hour, {SUM_COLUMNS} "
    "FROM selected_card CROSS JOIN answer ON answer.card = selected_card.key GROUP BY 1, 2"
)
SUM_TOTALS_COLUMNS = ", ".join(f"sum({name})" for name in MEASURE_TEMPLATES)
IS_LEARNED = "in_deck AND due IS NOT NULL"
CARD_STATE_COLUMNS = f"""sum(in_deck), sum(in_deck AND due IS NULL),
    sum({IS_LEARNED} AND interval < {MATURE_INTERVAL}), sum({IS_LEARNED} AND interval >= {MATURE_INTERVAL}),
    sum(in_deck AND suspended), sum({IS_LEARNED} AND due <= :today AND NOT suspended AND buried <= :today)"""
"""The fields of CardCounts."""

MONTHS = 12  # for which known cards are computed
# A number for (recall, previous rating 0 to 5, recalled or not), counted here: SQLite would sort them all.
RECALL_NUMBERS = """SELECT json_group_array((recall * 6 + is_retention_test * previous_rating) * 2
    + (rating >= 3)) FROM answer WHERE recall IS NOT NULL {}"""
RECALL_BY_DAY = """SELECT day, sum(recall), count(*), sum(rating >= 3)
    FROM answer WHERE recall IS NOT NULL {} GROUP BY 1"""


class StatsFilter(NamedTuple):
    """Which cards and answers to count; the default is all."""

    deck_names: tuple[str, ...] = ()
    tag: str = ""
    search: SearchCondition | None = None
    since_day: date | None = None  # first study day whose answers count
    recall_by_day: bool = True  # a second pass over all answers

    @property
    def is_selective(self) -> bool:
        """Whether only some cards count."""
        return bool(self.deck_names or self.tag or self.search)


NO_FILTER = StatsFilter()


def load_stats_input(index: Connection, today: date, stats_filter: StatsFilter = NO_FILTER) -> StatsInput:
    """Return all counts as of a study day."""
    if stats_filter.is_selective:
        _fill_selected_cards(index, stats_filter)
    return _StatsQuery(index, today, stats_filter).load_all()


def _fill_selected_cards(index: Connection, stats_filter: StatsFilter) -> None:
    index.execute("CREATE TEMP TABLE IF NOT EXISTS selected_card (key INTEGER PRIMARY KEY)")
    index.execute("DELETE FROM selected_card")
    in_decks, values = deck_condition(stats_filter.deck_names)
    condition = f"(in_deck OR answer_count) {in_decks}"
    if stats_filter.tag:  # the journal has the deck of a deleted card, but not its tags
        has_tag = "instr(char(10) || lower(tags) || char(10), char(10) || lower(:tag) || char(10))"
        condition, values = f"in_deck {in_decks} AND {has_tag}", {**values, "tag": stats_filter.tag}
    index.execute(f"INSERT INTO selected_card SELECT key FROM card WHERE {condition}", values)
    if (search := stats_filter.search) is not None:
        unmatched = f"NOT EXISTS (SELECT 1 FROM card WHERE card.key = selected_card.key AND {search.sql})"
        index.execute(f"DELETE FROM selected_card WHERE {unmatched}", search.values)
    index.execute("DROP TABLE IF EXISTS selected_total")
    index.execute(CREATE_SELECTED_TOTALS)


class _StatsQuery:
    def __init__(self, index: Connection, today: date, stats_filter: StatsFilter) -> None:
        self._index = index
        self._filter = stats_filter
        since = stats_filter.since_day.toordinal() if stats_filter.since_day else 0
        self._query_values = {"today": today.toordinal(), "since": since, "hardest": MAX_HARDEST_CARDS}
        # Forced: else SQLite takes a shorter index, and then reads the text of each card, too.
        self._card_table, self._answer_condition = "card INDEXED BY card_stats", ""
        if stats_filter.is_selective:
            self._card_table = "selected_card JOIN card USING (key)"
            self._answer_condition = "AND card IN (SELECT key FROM selected_card)"

    def load_all(self) -> StatsInput:
        return StatsInput(
            totals_by_day={date.fromordinal(day): totals for day, totals in self._totals_by("day").items()},
            pauses=load_pauses(self._index, self._query_values["today"]),
            totals_by_hour=self._totals_by("hour"),
            groups=self._card_groups(),
            answered_cards=self._count_answered(),
            cards_by_due_day=self._count_by_day("max(due, buried)", f"{IS_LEARNED} AND NOT suspended"),
            cards_by_interval=self._count_by("interval", IS_LEARNED),
            cards_by_ease=self._count_by("ease", IS_LEARNED),
            cards_by_first_answer=self._count_by_day("first_answered", "in_deck AND first_answered > 0"),
            cards_by_added_day=self._count_added_by_day(),
            hardest_cards=self._hardest_cards(),
            recall=self._recall(),
        )

    def _recall(self) -> RecallInput:
        import msgspec

        since = self._answer_condition + (" AND day >= :since" if self._filter.since_day else "")
        (numbers,) = self._index.execute(RECALL_NUMBERS.format(since), self._query_values).fetchone()
        counts = Counter(msgspec.json.decode(numbers, type=list[int]))
        groups, by_previous_rating = [], dict[int, tuple[float, int]]()
        for group in sorted({number // 2 for number in counts}):
            units, previous_rating = divmod(group, 6)
            recall, recalled = units / RECALL_UNITS, counts[group * 2 + 1]
            tests = counts[group * 2] + recalled
            groups.append((recall, tests, recalled))
            total, count = by_previous_rating.get(previous_rating, (0.0, 0))
            by_previous_rating[previous_rating] = total + recall * tests, count + tests
        query = RECALL_BY_DAY.format(since)
        rows = self._index.execute(query, self._query_values) if self._filter.recall_by_day else ()
        by_day = {date.fromordinal(day): (units / RECALL_UNITS, *counts) for day, units, *counts in rows}
        register_recall(self._index, self._query_values["today"])
        known, cards = self._index.execute(
            "SELECT total(chance_of_recall(stability, fsrs_day)), count(stability) "
            f"FROM {self._card_table} WHERE in_deck"
        ).fetchone()
        days = _first_days_of_months(self._query_values["today"])
        sums = known_on_days(self._index, days, self._answer_condition)
        over_time = [(date.fromordinal(day), total) for day, total in zip(days, sums, strict=True)]
        weights = current_model(self._index).weights
        return RecallInput(groups, by_previous_rating, by_day, known, cards, over_time, weights)

    def _totals_by(self, period: str) -> dict[int, ReviewTotals]:
        table = "selected_total" if self._filter.is_selective else "hourly_total"
        query = f"SELECT {period}, {SUM_TOTALS_COLUMNS} FROM {table} WHERE day >= :since GROUP BY 1"
        return {row[0]: ReviewTotals(*row[1:]) for row in self._index.execute(query, self._query_values)}

    def _card_groups(self) -> list[CardGroup]:
        answers, table = (JOIN_ANSWERS_SINCE, "since") if self._filter.since_day else ("", "card")
        columns = "answer_count", "total_ms", "tests_recalled", "test_count"
        summed = ", ".join(f"coalesce(sum({table}.{column}), 0)" for column in columns)
        rows = self._index.execute(
            f"SELECT deck, in_deck, tags, {CARD_STATE_COLUMNS}, {summed} "
            f"FROM {self._card_table} {answers} WHERE in_deck OR card.answer_count "
            "GROUP BY deck, in_deck, tags",
            self._query_values,
        )
        place_by_deck = {name: i for i, name in enumerate(list_deck_names(self._index))}
        groups = [_build_group(*row) for row in rows]
        return sorted(groups, key=lambda group: place_by_deck.get(group.name, len(place_by_deck)))

    def _count_answered(self) -> int:
        query = f"SELECT count(*) FROM {self._card_table} WHERE answer_count"
        if self._filter.since_day:
            query = f"SELECT count(DISTINCT card) FROM answer WHERE day >= :since {self._answer_condition}"
        return int(self._index.execute(query, self._query_values).fetchone()[0])

    def _count_by(self, expression: str, condition: str) -> dict[int, int]:
        query = f"SELECT {expression}, count(*) FROM {self._card_table} WHERE {condition} GROUP BY 1"
        return dict(self._index.execute(query, self._query_values))

    def _count_by_day(self, expression: str, condition: str) -> dict[date, int]:
        return {date.fromordinal(day): cards for day, cards in self._count_by(expression, condition).items()}

    def _count_added_by_day(self) -> dict[date, int]:
        first = "min(coalesce(added, first_answered), coalesce(first_answered, added))"
        known = "(in_deck OR answer_count) AND coalesce(added, first_answered) IS NOT NULL"
        return self._count_by_day(first, f"{known} AND {first} >= :since")

    def _hardest_cards(self) -> list[CardState]:
        is_selected = "AND key IN (SELECT key FROM selected_card)" if self._filter.is_selective else ""
        condition = f"in_deck AND lapses > 0 {is_selected} ORDER BY lapses DESC, ease, id LIMIT :hardest"
        return list(queries_cards.select_card_states(self._index, condition, self._query_values))


JOIN_ANSWERS_SINCE = """LEFT JOIN (
    SELECT card AS key, count(*) AS answer_count, sum(ms) AS total_ms,
        sum(is_retention_test) AS test_count,
        sum(is_retention_test AND rating >= 3) AS tests_recalled
    FROM answer WHERE day >= :since GROUP BY card
) AS since USING (key)"""


def _build_group(deck: str, in_deck: int, tags: str, *numbers: int) -> CardGroup:
    tag_names = tuple(tags.split(TAG_SEPARATOR)) if tags and in_deck else ()
    *states, answers, ms, recalled, tests = numbers
    return CardGroup(deck, tag_names, CardCounts(*states), answers, ms, Proportion(recalled, tests))


def _first_days_of_months(today: int) -> list[int]:
    day = date.fromordinal(today)
    months = [day.year * 12 + day.month - 1 - back for back in range(MONTHS - 1, -1, -1)]
    firsts = [date(month // 12, month % 12 + 1, 1).toordinal() for month in months]
    return [*(first for first in firsts if first < today), today]
