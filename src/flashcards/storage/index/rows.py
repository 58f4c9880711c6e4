"""Rows of the index made from what a replay gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from flashcards.core.cards import PLAINLY, Asking
from flashcards.core.progress import Kind, Progress
from flashcards.core.sm2 import RECALLED
from flashcards.core.stats.review_facts import Fact

KINDS = {Kind.GRADED: 0, Kind.REPEAT: 1, Kind.EARLY: 2}
Row = tuple[Any, ...]
PUT_ANSWER = "INSERT INTO answer VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
PUT_PROGRESS = (
    "UPDATE card SET due = ?, interval = ?, ease = ?, repetitions = ?, lapses = ?, "
    "answered = ?, rating = ?, suspended = ?, buried = ?, mark = ?, "
    "first_answered = ?, answer_count = ?, total_ms = ?, test_count = ?, "
    "tests_recalled = ?, event_count = ? WHERE key = ?"
)


def progress_row(now: Progress) -> Row:
    """Return a card's progress as the index keeps it: days as ordinals."""
    return (
        now.due and now.due.toordinal(),
        now.memory.interval,
        now.memory.ease,
        now.memory.repetitions,
        now.memory.lapses,
        now.answered and now.answered.toordinal(),
        now.rating,
        now.suspended,
        now.buried.toordinal() if now.buried else 0,
        now.flag,
    )


def answer_row(key: int, fact: Fact) -> Row:
    """Return an answer as the index keeps it."""
    return (
        key,
        fact.day.toordinal(),
        fact.minute,
        fact.rating,
        fact.ms,
        KINDS[fact.kind],
        fact.fresh,
        fact.interval,
        fact.ease,
        fact.imported,
        fact.tested,
        fact.last,
    )


def sums(given: Sequence[Fact]) -> Row:
    """Return a card's first study day, and its answers summed."""
    tests = [fact.rating >= RECALLED for fact in given if fact.tested]
    began = min((fact.day.toordinal() for fact in given), default=None)
    return began, len(given), sum(fact.ms for fact in given), len(tests), sum(tests)


def asking_as_text(asking: Asking) -> str:
    """Return what `asking_of` reads back."""
    if asking == PLAINLY:
        return ""
    import msgspec

    return msgspec.json.encode(asking).decode()


def asking_of(text: str) -> Asking:
    """Return how a card is asked. Raises MsgspecError: the index is not ours."""
    if not text:
        return PLAINLY
    import msgspec

    return msgspec.json.decode(text, type=Asking)


def text_sum(deck: str, front: str, back: str) -> int:
    """Return what tells whether the journal already has a card's text."""
    return crc32(f"{deck}\x1f{front}\x1f{back}".encode("utf-8", "surrogatepass"))
