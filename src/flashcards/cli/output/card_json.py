"""A card as JSON and as lines: the shape that `show` and `cards` share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flashcards.core.card_history import Moment
from flashcards.core.events import Bury, Flag, Link, Review, SetDue, Undoable
from flashcards.core.progress import Entry
from flashcards.core.study_order import choices
from flashcards.storage.journal.record import kind_of


def as_fields(entry: Entry, today: date, repeat_below: int) -> dict[str, Any]:
    """Return the documented fields of a card: ease as a decimal, interval in days."""
    card, progress = entry.card, entry.progress
    return {
        "id": card.id,
        "deck": card.deck,
        "front": card.front,
        "back": card.back,
        "tags": list(card.tags),
        "state": progress.stage(today, repeat_below).value,
        "ease": progress.memory.ease / 100,
        "interval": progress.memory.interval,
        "repetitions": progress.memory.repetitions,
        "lapses": progress.memory.lapses,
        "due": progress.due.isoformat() if progress.due else None,
        "suspended": progress.suspended,
        "buried": progress.buried.isoformat()
        if progress.asleep(today) and progress.buried
        else None,
        "marked": progress.flag,
        "path": card.path,
        "line": card.line,
    }


def offers(entry: Entry, today: date, repeat_below: int) -> dict[str, dict[str, Any]]:
    """Return what each rating would do to a card today."""
    return {
        str(rating): {
            "kind": choice.kind.value,
            "due": choice.due.isoformat() if choice.due else None,
            "interval": choice.memory.interval,
            "ease": choice.memory.ease / 100,
            "again": choice.again,
        }
        for rating, choice in choices(entry.progress, today, repeat_below).items()
    }


def reviews(moments: Iterable[Moment]) -> list[dict[str, Any]]:
    """Return the answers of a card that count, oldest first."""
    return [
        {
            "at": moment.event.at.isoformat(timespec="milliseconds"),
            "rating": moment.event.rating,
            "kind": moment.kind.value,
            "why": moment.rule.value,
            "ms": moment.event.ms,
            "ease_before": moment.before.memory.ease / 100,
            "ease": moment.after.memory.ease / 100,
            "interval_before": moment.before.memory.interval,
            "interval": moment.after.memory.interval,
            "due": moment.after.due.isoformat() if moment.after.due else None,
            "days_late": moment.days_late,
            "imported": moment.event.source or None,
        }
        for moment in moments
        if isinstance(moment.event, Review) and moment.kind and moment.rule
    ]


def others(moments: Iterable[Moment]) -> list[dict[str, Any]]:
    """Return what else was done to a card, undone answers too, oldest first."""
    return [
        {
            "at": moment.event.at.isoformat(timespec="milliseconds"),
            "kind": kind_of(moment.event),
            "undone": moment.undone,
            **_said(moment.event),
        }
        for moment in moments
        if moment.kind is None
    ]


def _said(event: Undoable) -> dict[str, Any]:
    match event:
        case Review():
            return {"rating": event.rating}
        case Bury():
            return {"until": event.until.isoformat()}
        case Flag():
            return {"on": event.on, "why": event.why}
        case SetDue():
            memory = {"interval": event.interval, "ease": event.ease / 100}
            return {"due": event.due.isoformat(), **memory}
        case Link():
            return {"old": event.old, "new": event.new}
        case _:
            return {}
