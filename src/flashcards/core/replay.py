"""Replay events, undos included, to progress."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from flashcards.core import fsrs
from flashcards.core.card_links import current_owner, move_history
from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, CardLink, Event, EventId, Review, Undo, event_order
from flashcards.core.progress import (
    ANSWER_KINDS,
    DEFAULT_MODEL,
    NEW_NUMBERS,
    AnswerKind,
    Progress,
    ProgressNumbers,
    advance,
    apply_review,
)
from flashcards.core.study_days import DEFAULT_ROLLOVER


class ReviewStep(NamedTuple):  # quick to create: a replay creates a million
    """One answer, with the progress before and after it."""

    review: Review
    answer_kind: AnswerKind
    before: ProgressNumbers
    after: ProgressNumbers


class CardReplay(NamedTuple):
    """A card's answers and final progress."""

    steps: tuple[ReviewStep, ...]
    numbers: ProgressNumbers

    @property
    def progress(self) -> Progress:
        """The final progress."""
        return Progress.from_numbers(self.numbers)


def replay_card(
    events: Iterable[CardEvent], rollover: timedelta = DEFAULT_ROLLOVER, model: fsrs.Model = DEFAULT_MODEL
) -> CardReplay:
    """Fold a card's effective events, given in order."""
    now, steps = NEW_NUMBERS, []
    for event in events:
        before = now
        if isinstance(event, Review):
            now, kind = apply_review(before, event, rollover, model)
            steps.append(ReviewStep(event, ANSWER_KINDS[kind], before, now))
        else:
            now = advance(before, event, rollover, model)
    return CardReplay(tuple(steps), now)


def final_numbers(events: Iterable[CardEvent]) -> ProgressNumbers:
    """Return the progress after a card's effective events, in order, as numbers."""
    now = NEW_NUMBERS
    for event in events:
        now = advance(now, event, DEFAULT_ROLLOVER, DEFAULT_MODEL)
    return now


def undone_ids(events: Iterable[Event]) -> set[EventId]:
    """Return the undone events; an undo that was undone has no effect."""
    undos = sorted((e for e in events if isinstance(e, Undo)), key=event_order, reverse=True)
    return undone_by((undo.id, undo.undone_event) for undo in undos)


def undone_by(undos: Iterable[tuple[EventId, EventId]]) -> set[EventId]:
    """Return the ids of undone events, from (undo, its event), latest first."""
    undone: set[EventId] = set()
    for undo, event in undos:
        if undo not in undone:
            undone.add(event)
    return undone


def card_histories(events: Iterable[Event]) -> dict[CardId, list[CardEvent]]:
    """Return the effective events of each card, in order.

    Copies of one event count once. A link moves the history of `old` to `new`, and later events of
    `old` too (from a device that did not know the link), until `old` is linked anew.
    """
    ordered = sorted({event.id: event for event in events}.values(), key=event_order)
    undone = undone_ids(ordered)
    owners: dict[CardId, CardId] = {}
    histories: dict[CardId, list[CardEvent]] = {}
    for event in ordered:
        if event.id in undone:
            continue
        if isinstance(event, CardLink):
            move_history(event, owners, histories)
        elif isinstance(event, CardEvent):
            histories.setdefault(current_owner(event.card, owners), []).append(event)
    return histories
