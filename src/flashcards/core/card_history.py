"""A card's history, with the reason for each interval."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from flashcards.core import sm2
from flashcards.core.events import CardEvent, Review, UndoableEvent
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL, NEW_PROGRESS, AnswerKind, Progress, apply_event
from flashcards.core.study_days import DEFAULT_ROLLOVER, study_day


class IntervalReason(Enum):
    """Why an answer led to its interval."""

    FORGOT = "forgot"
    FIRST = "first recall"
    SECOND = "second recall"
    TIMES_EASE = "times ease"
    CAP = "cap"
    FSRS = "fsrs"
    BALANCED = "balanced"
    REPEAT = "repeat"
    EARLY = "early"
    CRAM = "cram"


class HistoryEntry(NamedTuple):
    """One event, with the card's progress before and after it."""

    event: UndoableEvent
    undone: bool
    before: Progress
    after: Progress
    answer_kind: AnswerKind | None = None  # None unless it is an answer that was not undone
    day: date = date.min

    @property
    def interval_reason(self) -> IntervalReason | None:
        """Why the answer led to its interval; None unless it counts."""
        if not isinstance(self.event, Review) or self.answer_kind is None:
            return None
        if self.event.cram:
            return IntervalReason.CRAM
        if self.answer_kind is not AnswerKind.GRADED:
            return IntervalReason.REPEAT if self.answer_kind is AnswerKind.REPEAT else IntervalReason.EARLY
        if self.event.next_interval:
            return IntervalReason.FSRS if self.event.scheduler == "fsrs" else IntervalReason.BALANCED
        return sm2_interval_reason(self.before.memory, self.event.rating)

    @property
    def days_late(self) -> int:
        """Days between the due day and a graded answer."""
        if self.answer_kind is not AnswerKind.GRADED or self.before.due is None:
            return 0
        return max(0, (self.day - self.before.due).days)


def sm2_interval_reason(memory: sm2.MemoryState, rating: int) -> IntervalReason:
    """Return the SM-2 rule behind a graded answer's interval."""
    if rating < sm2.MIN_RECALLED_QUALITY:
        return IntervalReason.FORGOT
    if memory.repetitions < len(sm2.FIRST_INTERVALS):
        return (IntervalReason.FIRST, IntervalReason.SECOND)[memory.repetitions]
    after = sm2.next_memory_state(memory, rating)
    uncapped = memory.interval * after.ease > sm2.MAX_INTERVAL * 100
    return IntervalReason.CAP if uncapped else IntervalReason.TIMES_EASE


def card_history(
    done: Iterable[tuple[UndoableEvent, bool]],
    rollover: timedelta = DEFAULT_ROLLOVER,
    model: Model = DEFAULT_MODEL,
) -> tuple[HistoryEntry, ...]:
    """Return the history of a card from its (event, undone) pairs."""
    progress, entries = NEW_PROGRESS, []
    for event, undone in done:
        before, kind = progress, None
        if isinstance(event, CardEvent) and not undone:
            progress, kind = apply_event(before, event, rollover, model)
        day = study_day(event.at, rollover)
        entries.append(HistoryEntry(event, undone, before, progress, kind, day))
    return tuple(entries)
