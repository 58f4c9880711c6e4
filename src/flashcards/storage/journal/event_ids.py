"""Ids for new events, and events tied into one step."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime

from flashcards.core.events import Batch, CardLink, EventId, SetDue, UndoableEvent, event_kind


def new_uuid7(ms: int, random_bytes: Callable[[int], bytes] = os.urandom) -> EventId:
    """Return a UUID version 7 (RFC 9562): 48 bits of time in ms, then random ones."""
    number = (ms & (1 << 48) - 1) << 80 | int.from_bytes(random_bytes(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76  # version
    number = number & ~(0x3 << 62) | 0x2 << 62  # variant
    text = f"{number:032x}"
    return EventId("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])))


def new_event_id(at: datetime) -> EventId:
    """Return an id for an event that others refer to before it is written."""
    return new_uuid7(int(at.timestamp() * 1000))


def as_step(drafts: Sequence[UndoableEvent]) -> Sequence[UndoableEvent]:
    """Return drafts as one undo step, after a batch if they need one.

    A single SetDue needs one, because without it an imported due date looks the same.
    """
    first = drafts[0]
    if isinstance(first, CardLink) or (len(drafts) == 1 and not isinstance(first, SetDue)):
        return drafts
    batch = Batch(new_event_id(first.at), 0, first.at, event_kind(first))
    return [batch, *(draft._replace(batch=batch.id) for draft in drafts)]
