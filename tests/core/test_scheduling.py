"""The scheduler: what a key shows is what happens, under SM-2 and FSRS, balanced or not."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, review
from flashcards.core import sm2
from flashcards.core.balance import window
from flashcards.core.events import CardEvent, EventId, Reset, Review, SetDue
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, NEW_PROGRESS, AnswerKind, Progress, apply_event
from flashcards.core.replay import final_numbers, replay_card
from flashcards.core.scheduling import SM2, Scheduler, preview_ratings

FIRST_DAY = NOON.date()
FSRS = Scheduler("fsrs")
RATINGS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=12)


def crowded(days: range) -> list[int]:
    """Return loads that differ from day to day."""
    return [day * 7919 % 23 for day in days]


SCHEDULERS = [
    SM2,
    FSRS,
    Scheduler("sm2", load=crowded),
    Scheduler("fsrs", 0.8, load=crowded, days_off=range(FIRST_DAY.toordinal(), 800_000, 5)),
]
NAMES = ["sm2", "fsrs", "sm2 balanced", "fsrs balanced, with days off"]


def given_by(scheduler: Scheduler, before: Progress, rating: int, day: date) -> Review:
    """Return the event of an answer on a day, as a session makes it."""
    at = NOON + (day - FIRST_DAY)
    outcome = scheduler.outcome(before, rating, day)
    own = outcome.next_interval
    event = review("dog", rating, at)
    return Review(event.id, event.hlc, at, event.card, rating, 0, "", False, None, own, scheduler.name)


def answered(scheduler: Scheduler, answers: list[tuple[int, int]]) -> tuple[Progress, list[Review], date]:
    """Return where answers, each so many days after the one before, lead to."""
    progress, events, day = NEW_PROGRESS, [], FIRST_DAY
    for days, rating in answers:
        day += timedelta(days=days)
        events.append(given_by(scheduler, progress, rating, day))
        progress, _ = apply_event(progress, events[-1])
    return progress, events, day


@pytest.mark.parametrize("scheduler", SCHEDULERS, ids=NAMES)
def test_the_date_on_a_key_is_the_date_after_the_answer(scheduler: Scheduler) -> None:
    """2,500 times four: whatever a card went through, its event is replayed to what the key showed."""
    random = Random(16)
    for _ in range(500):
        answers = [(random.randrange(40), random.randint(1, 5)) for _ in range(random.randrange(9))]
        before, events, day = answered(scheduler, answers)
        day += timedelta(days=random.randrange(60))
        shown = preview_ratings(before, day, scheduler=scheduler)
        for rating, outcome in shown.items():
            event = given_by(scheduler, before, rating, day)
            after = Progress.from_numbers(final_numbers([*events, event]))
            assert (after.due, after.memory) == (outcome.due, outcome.memory)
        assert shown[1].due == shown[2].due
        assert len({outcome.due for outcome in shown.values()}) <= 4


@given(RATINGS)
def test_sm2_writes_nothing_new(answers: list[tuple[int, int]]) -> None:
    """Under SM-2 alone no interval is kept, so that journals stay as they were."""
    _, events, _ = answered(SM2, answers)
    assert all(event.next_interval is None for event in events)


@given(RATINGS)
def test_fsrs_asks_again_when_recall_has_fallen_to_the_retention(answers: list[tuple[int, int]]) -> None:
    """Every graded answer is followed by the days that FSRS gives, on the lower keys too."""
    progress = NEW_PROGRESS
    day = FIRST_DAY
    for days, rating in answers:
        day += timedelta(days=days)
        outcome = FSRS.outcome(progress, rating, day)
        progress = outcome.progress
        assert progress.fsrs_memory
        if outcome.answer_kind is AnswerKind.GRADED:
            assert outcome.next_interval == DEFAULT_MODEL.interval(progress.fsrs_memory[0], 0.9)
            assert progress.due == day + timedelta(days=outcome.next_interval)


@given(RATINGS, st.lists(st.booleans(), min_size=12, max_size=12))
def test_going_back_to_sm2_finds_its_ease_as_it_would_be(
    answers: list[tuple[int, int]], by_fsrs: list[bool]
) -> None:
    """Ease, repetitions and lapses are SM-2's over the answers that were graded, whoever scheduled."""
    progress, day, graded = NEW_PROGRESS, FIRST_DAY, []
    for (days, rating), fsrs in zip(answers, by_fsrs, strict=False):
        day += timedelta(days=days)
        event = given_by(FSRS if fsrs else SM2, progress, rating, day)
        progress, kind = apply_event(progress, event)
        if kind is AnswerKind.GRADED:
            graded.append(rating)
    memory = sm2.MemoryState()
    for rating in graded:
        memory = sm2.next_memory_state(memory, rating)
    assert (progress.memory.ease, progress.memory.repetitions, progress.memory.lapses) == (
        memory.ease,
        memory.repetitions,
        memory.lapses,
    )


@given(RATINGS)
def test_the_memory_of_fsrs_is_the_same_under_either_scheduler(answers: list[tuple[int, int]]) -> None:
    """Stability and difficulty come from days and ratings alone, early answers and repeats counted."""
    model, memory, last = Model(), None, 0
    for days, rating in answers:
        memory = model.review(memory, days if memory else 0, rating)
        last += days
    for scheduler in SCHEDULERS:
        progress, _, _ = answered(scheduler, answers)
        assert progress.fsrs_memory == memory
        assert progress.fsrs_day == (FIRST_DAY + timedelta(days=last) if answers else None)


def test_balance_stays_within_the_window() -> None:
    """A moved date lies in the window of the interval, and tells by how many days it was moved."""
    scheduler = SCHEDULERS[2]
    progress, _, _ = answered(SM2, [(0, 4), (1, 4), (6, 4)])
    outcome = scheduler.outcome(progress, 4, progress.due or FIRST_DAY)
    plain = SM2.outcome(progress, 4, progress.due or FIRST_DAY).progress.memory.interval
    assert outcome.next_interval in window(plain)
    assert outcome.moved_days
    assert plain + outcome.moved_days == outcome.next_interval


def test_practice_changes_no_memory() -> None:
    """Cramming leaves both memories as they are."""
    progress, _, day = answered(SM2, [(0, 4)])
    assert FSRS.outcome(progress, 1, day + timedelta(days=9), cram=True).progress == progress


def test_a_schedule_without_answers_gives_a_memory() -> None:
    """After a set-due alone, stability is the interval; after answers it changes nothing of theirs."""
    due = FIRST_DAY + timedelta(days=20)
    set_due = SetDue(EventId("s"), 2, NOON, review("dog", 4).card, due, 30, 250)
    alone = Progress.from_numbers(final_numbers([set_due]))
    assert alone.fsrs_memory == DEFAULT_MODEL.from_sm2(2.5, 30)
    assert alone.fsrs_day == due - timedelta(days=30)
    first = review("dog", 4, hlc=1)
    assert final_numbers([first, set_due])[10] == final_numbers([first])[10]


def test_a_reset_empties_both_memories() -> None:
    """A card that starts again as new has no stability."""
    events: list[CardEvent] = [review("dog", 4, hlc=1), Reset(EventId("r"), 2, NOON, review("dog", 4).card)]
    assert replay_card(events).progress == NEW_PROGRESS
