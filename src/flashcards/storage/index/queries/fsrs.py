"""FSRS queries: the current model, chances of recall, histories to fit."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection

from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL

WEIGHTS_NAME = "fsrs_weights"
MAX_FITTED_ANSWERS = 200_000  # older answers hardly change the weights
SAMPLED_ANSWERS = 50_000  # enough to estimate what was known
KEY_HASH_FACTOR = 2_654_435_761  # spreads a sample over siblings, whose keys follow each other
SELECT_IRREGULAR_CARDS = """SELECT DISTINCT card FROM event AS e
    WHERE kind IN ('reset', 'set-due') AND kind <> 'review'
    AND (kind = 'reset' OR NOT EXISTS (SELECT 1 FROM event AS r WHERE r.card = e.card
        AND r.hlc < e.hlc AND r.kind = 'review' AND r.line IS NULL
        AND r.id NOT IN (SELECT id FROM undone_event)))"""
"""Cards whose memory did not start with their first answer; only plain reviews lack a line.

`kind <> 'review'` lets SQLite use event_kind."""
SELECT_ANSWERED_CARDS = """SELECT key, answer_count FROM card
    WHERE answer_count > 0 ORDER BY fsrs_day DESC, id"""
# Without practice, kind 3.
SELECT_ALL_ANSWERS = "SELECT card, day, rating FROM answer WHERE kind <> 3 {} ORDER BY card, rowid"
SELECT_FITTED_ANSWERS = """SELECT card.id, day, answer.rating FROM fitted_card
    JOIN card USING (key) JOIN answer ON answer.card = key WHERE kind <> 3
    ORDER BY card.id, answer.rowid"""


def current_model(connection: Connection) -> Model:
    """Return the model with the current weights."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (WEIGHTS_NAME,)).fetchone()
    return _model(row[0]) if row else DEFAULT_MODEL


def register_recall(connection: Connection, today: int) -> None:
    """Let queries call chance_of_recall(stability, fsrs_day) for a day."""
    recall = current_model(connection).recall

    def chance_of_recall(stability: float | None, day: int | None) -> float | None:
        return None if stability is None or day is None else recall(stability, today - day)

    connection.create_function("chance_of_recall", 2, chance_of_recall, deterministic=True)


def cards_to_replay(connection: Connection) -> list[int]:
    """Return the cards whose memory did not start with their first answer."""
    return [key for (key,) in connection.execute(SELECT_IRREGULAR_CARDS)]


def load_answer_histories(connection: Connection) -> Iterator[list[tuple[int, int]]]:
    """Yield each card's (ordinal day, rating), most recently answered first.

    Without practice and irregular cards; about MAX_FITTED_ANSWERS answers in total.
    """
    irregular, keys, total = set(cards_to_replay(connection)), list[int](), 0
    for key, answers in connection.execute(SELECT_ANSWERED_CARDS):
        if key not in irregular:
            keys.append(key)
            total += answers
        if total >= MAX_FITTED_ANSWERS:
            break
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS fitted_card (key INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM fitted_card")
    connection.executemany("INSERT INTO fitted_card VALUES (?)", [(key,) for key in keys])
    for _, rows in groupby(connection.execute(SELECT_FITTED_ANSWERS), key=itemgetter(0)):
        yield [(day, rating) for _, day, rating in rows]


def known_on_days(index: Connection, days: Sequence[int], condition: str = "") -> list[float]:
    """Return the sum of all chances of recall on ordinal days, in order; estimated for a long history."""
    known, review, recall = [0.0] * len(days), current_model(index).review, current_model(index).recall
    answers = index.execute("SELECT count(*) FROM answer").fetchone()[0]
    one_in = answers // SAMPLED_ANSWERS if answers > MAX_FITTED_ANSWERS else 1
    condition += f" AND card IN (SELECT key FROM card WHERE (key * {KEY_HASH_FACTOR} >> 16) % {one_in} = 0)"
    for _, rows in groupby(index.execute(SELECT_ALL_ANSWERS.format(condition)), key=itemgetter(0)):
        history = ((day, rating) for _, day, rating in rows)
        memory, last_day, answer = None, 0, next(history, None)
        for place, day in enumerate(days):
            while answer and answer[0] <= day:
                memory, last_day = review(memory, answer[0] - last_day, answer[1]), answer[0]
                answer = next(history, None)
            known[place] += recall(memory[0], day - last_day) if memory else 0
    return [total * one_in for total in known]


@lru_cache(maxsize=2)
def _model(weights: str) -> Model:
    return Model(json.loads(weights))
