"""A card as JSON and as lines: the shape that `show` and `cards` share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flashcards.core.progress import Entry, Step


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


def reviews(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return the answers of a card, oldest first."""
    return [
        {
            "at": step.review.at.isoformat(timespec="milliseconds"),
            "rating": step.review.rating,
            "kind": step.kind.value,
            "ms": step.review.ms,
            "ease": step.after.memory.ease / 100,
            "interval": step.after.memory.interval,
            "imported": step.review.source or None,
        }
        for step in steps
    ]
