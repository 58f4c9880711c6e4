"""What is done to the cards of the list: an event each, all of them one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from flashcards.core.cards import CardId
from flashcards.core.events import Bury, CardEvent, EventId, Mark, Reset, Suspend, Unsuspend
from flashcards.core.messages import format_count, quote_front
from flashcards.core.progress import CardState
from flashcards.terminal.browse.ports import BrowsePort

NO_ID = EventId("")
MakeEvent = Callable[[CardId, datetime, date], CardEvent]
EVENTS: Mapping[str, tuple[MakeEvent, str]] = {
    "suspend": (lambda card, at, _: Suspend(NO_ID, 0, at, card), "suspended"),
    "unsuspend": (lambda card, at, _: Unsuspend(NO_ID, 0, at, card), "asked again"),
    "bury": (lambda card, at, today: Bury(NO_ID, 0, at, card, today + timedelta(days=1)),
             "buried until tomorrow"),
    "reset": (lambda card, at, _: Reset(NO_ID, 0, at, card), "new again"),
}  # fmt: skip
"""The event that an action makes of a card, and what is told of it."""


def change_cards(port: BrowsePort, action: str, cards: Sequence[CardState]) -> str:
    """Do the same to each card; return what was done. Raises StoreError: nothing was."""
    if action == "suspend" and cards[0].progress.suspended:
        action = "unsuspend"
    make_event, done = EVENTS[action]
    at, today = port.now(), port.today()
    port.append_events([make_event(entry.card.id, at, today) for entry in cards])
    return f"{name_cards(cards)}: {done}"


def mark_cards(port: BrowsePort, cards: Sequence[CardState], reason: str) -> str:
    """Mark cards to fix later; without a reason, take the mark off those that have one."""
    on = bool(reason) or cards[0].progress.mark is None
    at = port.now()
    port.append_events([Mark(NO_ID, 0, at, entry.card.id, on, reason) for entry in cards])
    return f"{name_cards(cards)}: {'marked' if on else 'mark removed'}"


def name_cards(cards: Sequence[CardState]) -> str:
    """Return one card by its front, several by their number."""
    return quote_front(cards[0].card.front, 40) if len(cards) == 1 else format_count(len(cards), "card")
