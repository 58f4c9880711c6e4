"""Ids for new events, and events tied into one step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from flashcards.core.events import Batch, CardLink, EventId, SetDue, UndoableEvent, event_kind


def new_uuid7(ms: int, random_bytes: Callable[[int], bytes] = os.urandom) -> EventId:
    """Return a UUID version 7 (RFC 9562): 48 bits of time in ms, then random ones."""
    bits = int.from_bytes(random_bytes(10), "big")
    number = (ms & (1 << 48) - 1) << 80 | bits
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return EventId("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])))


def new_event_id(at: datetime) -> EventId:
    """Return an id for an event that others refer to before it is written."""
    return new_uuid7(int(at.timestamp() * 1000))


def as_step(drafts: Sequence[UndoableEvent]) -> Sequence[UndoableEvent]:
    """Return drafts as one undo step, in a batch if they need one."""
    if isinstance(drafts[0], CardLink) or (len(drafts) == 1 and not isinstance(drafts[0], SetDue)):
        return drafts
    at = drafts[0].at
    head = Batch(new_event_id(at), 0, at, event_kind(drafts[0]))
    return [head, *(replace(draft, batch=head.id) for draft in drafts)]
