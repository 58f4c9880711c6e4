"""Apply new FSRS weights to every card's memory and past predictions."""

from collections.abc import Iterable
from itertools import groupby
from sqlite3 import Connection

import msgspec

from flashcards.core.fsrs import DEFAULT_WEIGHTS, Memory, Model
from flashcards.core.stats.answer_rows import PRACTICE, RECALL_UNITS
from flashcards.storage.index.queries.fsrs import WEIGHTS_NAME
from flashcards.storage.journal.record_fields import JournalLine

CARDS_PER_WRITE = 5_000
SELECT_LINE = """SELECT line FROM event WHERE kind = 'weights' AND kind <> 'review'
    AND id NOT IN (SELECT id FROM undone_event) ORDER BY hlc DESC, id DESC LIMIT 1"""
SELECT_ANSWERS = f"""SELECT card, rowid, day, rating FROM answer
    WHERE card BETWEEN ? AND ? AND kind <> {PRACTICE} ORDER BY card, rowid"""


def newest_weights(connection: Connection) -> tuple[float, ...]:
    """Return the weights of the latest event, or the defaults."""
    row = connection.execute(SELECT_LINE).fetchone()
    weights = msgspec.json.decode(row[0], type=JournalLine).w if row else None
    return tuple(weights or DEFAULT_WEIGHTS)


def take_weights(connection: Connection, weights: tuple[float, ...]) -> bool:
    """Store the current weights; return whether they changed."""
    before = connection.execute("SELECT value FROM meta WHERE name = ?", (WEIGHTS_NAME,)).fetchone()
    now = msgspec.json.encode(weights).decode()
    if now == (before[0] if before else msgspec.json.encode(DEFAULT_WEIGHTS).decode()):
        return False
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (WEIGHTS_NAME, now))
    return True


def recompute_memories(connection: Connection, model: Model, replayed: set[int]) -> None:
    """Compute the memories of all cards again, except replayed ones.

    It reads only answers: a full replay would take four times as long.
    """
    (highest,) = connection.execute("SELECT coalesce(max(key), 0) FROM card").fetchone()
    for first in range(0, highest + 1, CARDS_PER_WRITE):
        last = first + CARDS_PER_WRITE - 1
        rows = connection.execute(SELECT_ANSWERS, (first, last)).fetchall()
        recalls: list[tuple[int, int]] = []
        memories: list[tuple[float, float, int]] = []
        for key, answers in groupby(rows, key=lambda row: row[0]):
            if key not in replayed:
                stability, difficulty = _replay_answers(model, answers, recalls)
                memories.append((stability, difficulty, key))
        connection.executemany("UPDATE answer SET recall = ? WHERE rowid = ?", recalls)
        connection.executemany("UPDATE card SET stability = ?, difficulty = ? WHERE key = ?", memories)


def _replay_answers(
    model: Model, answers: Iterable[tuple[int, int, int, int]], recalls: list[tuple[int, int]]
) -> Memory:
    """Return the memory after a card's answers; collect (chance, rowid) of tests."""
    memory: Memory | None = None
    last_day = 0
    for _, row_id, day, rating in answers:
        if memory is not None and day > last_day:
            recalls.append((round(model.recall(memory[0], day - last_day) * RECALL_UNITS), row_id))
        memory = model.review(memory, day - last_day, rating)
        last_day = day
    return memory or model.review(None, 0, 1)
