"""A card's story: the same life as replay tells, with a reason for every answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, link, review
from flashcards.core import sm2
from flashcards.core.card_history import IntervalReason, card_history, sm2_interval_reason
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Reset, Review, SetDue, Suspend, UndoableEvent
from flashcards.core.progress import AnswerKind
from flashcards.core.replay import replay_card
from flashcards.core.sm2 import MemoryState

DOG = CardId("dog")


def done(*days_and_ratings: tuple[int, int]) -> list[tuple[UndoableEvent, bool]]:
    """Return answers, each on a day, that were not undone."""
    answers = [
        review("dog", rating, NOON + timedelta(days=day, minutes=n))
        for n, (day, rating) in enumerate(days_and_ratings)
    ]
    return [(answer, False) for answer in answers]


def test_every_answer_has_its_reason() -> None:
    """Each of the rules of SM-2, the repeats between, and how late an answer came."""
    moments = card_history(done((0, 4), (0, 4), (1, 5), (9, 3), (9, 2), (9, 4), (30, 1)))
    assert [(m.interval_reason, m.after.memory.interval, m.days_late) for m in moments] == [
        (IntervalReason.FIRST, 1, 0),
        (IntervalReason.EARLY, 1, 0),
        (IntervalReason.SECOND, 6, 0),
        (IntervalReason.TIMES_EASE, 15, 2),
        (IntervalReason.REPEAT, 15, 0),
        (IntervalReason.REPEAT, 15, 0),
        (IntervalReason.FORGOT, 1, 6),
    ]


def test_practice_is_its_own_reason() -> None:
    """What was crammed changed nothing, and says so."""
    cram = Review(EventId("x"), 1, NOON, DOG, 2, cram=True)
    (moment,) = card_history([(cram, False)])
    assert (moment.interval_reason, moment.answer_kind, moment.after.due) == (
        IntervalReason.CRAM,
        AnswerKind.EARLY,
        None,
    )


@pytest.mark.parametrize(
    ("before", "rating", "why"),
    [
        (MemoryState(), 2, IntervalReason.FORGOT),
        (MemoryState(), 3, IntervalReason.FIRST),
        (MemoryState(250, 1, 1), 3, IntervalReason.SECOND),
        (MemoryState(250, 6, 2), 3, IntervalReason.TIMES_EASE),
        (MemoryState(250, 14_600, 9), 4, IntervalReason.TIMES_EASE),
        (MemoryState(250, 14_601, 9), 4, IntervalReason.CAP),
        (MemoryState(250, 36_500, 9), 1, IntervalReason.FORGOT),
    ],
)
def test_the_rule_of_an_interval(before: MemoryState, rating: int, why: IntervalReason) -> None:
    """The cap is the reason only where it took something away."""
    assert sm2_interval_reason(before, rating) is why
    if why is IntervalReason.CAP:
        assert sm2.next_memory_state(before, rating).interval == sm2.MAX_INTERVAL


def test_what_was_undone_is_told_and_changes_nothing() -> None:
    """An undone answer has no rule; what is no answer moves the schedule in its own way."""
    due = SetDue(EventId("s"), 1, NOON, DOG, date(2026, 2, 1), 30, 230)
    events: list[tuple[UndoableEvent, bool]] = [
        (due, False),
        *[(event, True) for event, _ in done((40, 1))],
        (link("chien", "dog", 5), False),
        (Suspend(EventId("p"), 6, NOON, DOG), False),
        (Reset(EventId("r"), 7, NOON, DOG), False),
    ]
    moments = card_history(events)
    assert [m.interval_reason for m in moments] == [None] * 5
    assert moments[1].before == moments[1].after
    assert moments[1].after.memory == MemoryState(230, 30, 2)
    assert moments[-1].after.due is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5), st.booleans()), max_size=30))
def test_it_tells_the_history_that_replay_tells(answers: list[tuple[int, int, bool]]) -> None:
    """Without what was undone, each moment is a step of the same life."""
    told = done(*((day, rating) for day, rating, _ in sorted(answers)))
    marked = [(event, undone) for (event, _), (_, _, undone) in zip(told, answers, strict=True)]
    history = replay_card(event for event, undone in marked if not undone and isinstance(event, Review))
    moments = card_history(marked)
    steps = [(m.event, m.answer_kind, m.before.numbers, m.after.numbers) for m in moments if m.answer_kind]
    assert steps == list(history.steps)
    assert all(m.interval_reason is None for m in moments if m.undone)
    if moments:
        assert moments[-1].after == history.progress
