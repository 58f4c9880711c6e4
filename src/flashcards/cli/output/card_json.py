"""A card and its history as JSON."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flashcards.core.card_history import HistoryEntry
from flashcards.core.events import Bury, CardLink, Mark, Review, SetDue, UndoableEvent, event_kind
from flashcards.core.fsrs import Model
from flashcards.core.progress import CardState, Progress
from flashcards.core.scheduling import Scheduler, preview_ratings


def card_json(card_state: CardState, today: date, repeat_below: int, model: Model) -> dict[str, Any]:
    """Return the documented fields of a card; ease is a decimal."""
    card, progress = card_state.card, card_state.progress
    return {
        "id": card.id,
        "deck": card.deck,
        "front": card.front,
        "back": card.back,
        "tags": list(card.tags),
        "hint": card.hint,
        "note": card.remark,
        "state": progress.stage(today, repeat_below).value,
        "ease": progress.memory.ease / 100,
        "interval": progress.memory.interval,
        "repetitions": progress.memory.repetitions,
        "lapses": progress.memory.lapses,
        **memory_json(progress, today, model),
        "due": progress.due.isoformat() if progress.due else None,
        "suspended": progress.suspended,
        "buried": progress.buried_until.isoformat()
        if progress.is_hidden(today) and progress.buried_until
        else None,
        "marked": progress.mark,
        "path": card.path,
        "line": card.line,
    }


def memory_json(progress: Progress, today: date, model: Model) -> dict[str, float | None]:
    """Return what FSRS knows of a card; null for a new one."""
    stability, difficulty = progress.fsrs_memory or (None, None)
    values = {
        "stability": stability,
        "difficulty": difficulty,
        "recall": progress.chance_of_recall(today, model),
    }
    return {name: value and round(value, 8) for name, value in values.items()}


def rating_outcomes_json(
    card_state: CardState, today: date, repeat_below: int, scheduler: Scheduler
) -> dict[str, dict[str, Any]]:
    """Return what each rating would do to a card today."""
    outcomes = preview_ratings(card_state.progress, today, repeat_below, scheduler=scheduler)
    return {
        str(rating): {
            "kind": choice.answer_kind.value,
            "due": choice.due.isoformat() if choice.due else None,
            "interval": choice.memory.interval,
            "ease": choice.memory.ease / 100,
            "again": choice.repeats_today,
        }
        | ({"moved_days": choice.moved_days} if choice.moved_days else {})
        for rating, choice in outcomes.items()
    }


def reviews_json(history: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """Return a card's effective answers, oldest first."""
    return [
        {
            "at": moment.event.at.isoformat(timespec="milliseconds"),
            "rating": moment.event.rating,
            "kind": moment.answer_kind.value,
            "why": moment.interval_reason.value,
            "ms": moment.event.ms,
            "hint": moment.event.hinted,
            "ease_before": moment.before.memory.ease / 100,
            "ease": moment.after.memory.ease / 100,
            "interval_before": moment.before.memory.interval,
            "interval": moment.after.memory.interval,
            "due": moment.after.due.isoformat() if moment.after.due else None,
            "days_late": moment.days_late,
            "imported": moment.event.source or None,
            "stability": moment.after.fsrs_memory and moment.after.fsrs_memory[0],
            "difficulty": moment.after.fsrs_memory and moment.after.fsrs_memory[1],
        }
        for moment in history
        if isinstance(moment.event, Review) and moment.answer_kind and moment.interval_reason
    ]


def other_events_json(history: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """Return a card's other events, undone answers included, oldest first."""
    return [
        {
            "at": moment.event.at.isoformat(timespec="milliseconds"),
            "kind": event_kind(moment.event),
            "undone": moment.undone,
            **_event_details_json(moment.event),
        }
        for moment in history
        if moment.answer_kind is None
    ]


def _event_details_json(event: UndoableEvent) -> dict[str, Any]:
    match event:
        case Review():
            return {"rating": event.rating}
        case Bury():
            return {"until": event.until.isoformat()}
        case Mark():
            return {"on": event.on, "why": event.why}
        case SetDue():
            memory = {"interval": event.interval, "ease": event.ease / 100}
            return {"due": event.due.isoformat(), **memory}
        case CardLink():
            return {"old": event.old, "new": event.new}
        case _:
            return {}
