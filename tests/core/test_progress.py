"""What each event does to the progress of its card."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from factories import NOON, review
from flashcards.core.cards import CardId
from flashcards.core.events import (
    Bury,
    CardEvent,
    EventId,
    Mark,
    Reset,
    SetDue,
    Suspend,
    Unsuspend,
)
from flashcards.core.progress import AnswerKind, CardStage, Progress, apply_rating
from flashcards.core.replay import replay_card
from flashcards.core.sm2 import MemoryState

DAY = timedelta(days=1)
A = CardId("a")


def test_marks_hold_until_they_are_taken_off() -> None:
    """Suspend, bury and flag show in the progress, and go again."""
    events: list[CardEvent] = [
        Suspend(EventId("1"), 1, NOON, A),
        Bury(EventId("2"), 2, NOON, A, date(2026, 1, 6)),
        Mark(EventId("3"), 3, NOON, A, why="typo"),
    ]
    found = replay_card(events).progress
    assert (found.suspended, found.buried_until, found.mark) == (True, date(2026, 1, 6), "typo")
    off: list[CardEvent] = [
        Unsuspend(EventId("4"), 4, NOON, A),
        Mark(EventId("5"), 5, NOON, A, on=False),
    ]
    found = replay_card(events + off).progress
    assert (found.suspended, found.mark) == (False, None)
    assert found.is_hidden(date(2026, 1, 5))
    assert not found.is_hidden(date(2026, 1, 6))


def test_a_given_schedule_is_continued() -> None:
    """After set-due the next recall goes on from the interval and ease given."""
    given_event = SetDue(EventId("1"), 1, NOON, A, date(2026, 1, 5), 100, 200, 4)
    found = replay_card([given_event, review("a", 4, NOON)]).progress
    assert found.memory == MemoryState(200, 200, 5, 0)


def test_reset_makes_a_card_new_and_keeps_its_marks() -> None:
    """A reset card is new, but stays suspended if it was."""
    suspended = Suspend(EventId("s"), 2**50, NOON, A)
    found = replay_card([review("a", 4), suspended, Reset(EventId("r"), 2**51, NOON, A)])
    assert found.progress == Progress(suspended=True)
    assert found.progress.stage(date(2026, 1, 5)) is CardStage.NEW


@pytest.mark.parametrize(
    ("interval", "stage"),
    [(20, CardStage.YOUNG), (21, CardStage.MATURE)],
    ids=["20 days", "21 days"],
)
def test_mature_begins_at_21_days(interval: int, stage: CardStage) -> None:
    """An interval of 21 days makes a card mature."""
    progress = Progress(MemoryState(interval=interval), due=date(2026, 1, 6))
    assert progress.stage(date(2026, 1, 6)) is stage


def test_preview_and_result_are_one() -> None:
    """What `answer` shows beforehand is what a replay of the review gives."""
    for rating in range(1, 6):
        shown, _ = apply_rating(Progress(), rating, NOON.date())
        assert replay_card([review("a", rating)]).progress == shown


def test_cramming_changes_nothing() -> None:
    """Practice is kept as an early answer: of a new card, a due one, or one just forgotten."""
    two_days_on = NOON + 2 * DAY
    for before in ([], [review("a", 4, NOON)], [review("a", 1, two_days_on)]):
        crammed = review("a", 1, two_days_on, ident="cram")._replace(cram=True)
        history = replay_card([*before, crammed])
        assert history.progress == replay_card(before).progress
        assert history.steps[-1].answer_kind is AnswerKind.EARLY
