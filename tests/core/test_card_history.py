"""A card's story: the same life as replay tells, with a reason for every answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, link, review
from flashcards.core import sm2
from flashcards.core.card_history import Rule, rule, story
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Reset, Review, SetDue, Suspend, Undoable
from flashcards.core.progress import Kind, live
from flashcards.core.sm2 import Memory

DOG = CardId("dog")


def done(*days_and_ratings: tuple[int, int]) -> list[tuple[Undoable, bool]]:
    """Return answers, each on a day, that were not undone."""
    answers = [
        review("dog", rating, NOON + timedelta(days=day, minutes=n))
        for n, (day, rating) in enumerate(days_and_ratings)
    ]
    return [(answer, False) for answer in answers]


def test_every_answer_has_its_reason() -> None:
    """Each of the rules of SM-2, the repeats between, and how late an answer came."""
    moments = story(done((0, 4), (0, 4), (1, 5), (9, 3), (9, 2), (9, 4), (30, 1)))
    assert [(m.rule, m.after.memory.interval, m.days_late) for m in moments] == [
        (Rule.FIRST, 1, 0),
        (Rule.EARLY, 1, 0),
        (Rule.SECOND, 6, 0),
        (Rule.TIMES_EASE, 15, 2),
        (Rule.REPEAT, 15, 0),
        (Rule.REPEAT, 15, 0),
        (Rule.FORGOT, 1, 6),
    ]


def test_practice_is_its_own_reason() -> None:
    """What was crammed changed nothing, and says so."""
    cram = Review(EventId("x"), 1, NOON, DOG, 2, cram=True)
    (moment,) = story([(cram, False)])
    assert (moment.rule, moment.kind, moment.after.due) == (Rule.CRAM, Kind.EARLY, None)


@pytest.mark.parametrize(
    ("before", "rating", "why"),
    [
        (Memory(), 2, Rule.FORGOT),
        (Memory(), 3, Rule.FIRST),
        (Memory(250, 1, 1), 3, Rule.SECOND),
        (Memory(250, 6, 2), 3, Rule.TIMES_EASE),
        (Memory(250, 14_600, 9), 4, Rule.TIMES_EASE),
        (Memory(250, 14_601, 9), 4, Rule.CAP),
        (Memory(250, 36_500, 9), 1, Rule.FORGOT),
    ],
)
def test_the_rule_of_an_interval(before: Memory, rating: int, why: Rule) -> None:
    """The cap is the reason only where it took something away."""
    assert rule(before, rating) is why
    if why is Rule.CAP:
        assert sm2.after(before, rating).interval == sm2.LONGEST_INTERVAL


def test_what_was_undone_is_told_and_changes_nothing() -> None:
    """An undone answer has no rule; what is no answer moves the schedule in its own way."""
    due = SetDue(EventId("s"), 1, NOON, DOG, date(2026, 2, 1), 30, 230)
    events: list[tuple[Undoable, bool]] = [
        (due, False),
        *[(event, True) for event, _ in done((40, 1))],
        (link("chien", "dog", 5), False),
        (Suspend(EventId("p"), 6, NOON, DOG), False),
        (Reset(EventId("r"), 7, NOON, DOG), False),
    ]
    moments = story(events)
    assert [m.rule for m in moments] == [None] * 5
    assert moments[1].before == moments[1].after
    assert moments[1].after.memory == Memory(230, 30, 2)
    assert moments[-1].after.due is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5), st.booleans()), max_size=30))
def test_it_tells_the_life_that_replay_tells(answers: list[tuple[int, int, bool]]) -> None:
    """Without what was undone, each moment is a step of the same life."""
    told = done(*((day, rating) for day, rating, _ in sorted(answers)))
    marked = [(event, undone) for (event, _), (_, _, undone) in zip(told, answers, strict=True)]
    life = live(event for event, undone in marked if not undone and isinstance(event, Review))
    moments = story(marked)
    steps = [(m.event, m.kind, m.before, m.after) for m in moments if m.kind]
    assert steps == [(s.review, s.kind, s.before, s.after) for s in life.steps]
    assert all(m.rule is None for m in moments if m.undone)
    if moments:
        assert moments[-1].after == life.now
