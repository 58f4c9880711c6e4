"""What a session asks: repeats that wait, then what is due with new cards mixed in."""

from __future__ import annotations

from dataclasses import dataclass

from flashcards.core.agenda import mixed
from flashcards.core.limits import left_today
from flashcards.core.session import Session, Slot, Source
from flashcards.storage import counts, waiting
from flashcards.storage.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked to study; nothing named means everything."""

    decks: tuple[str, ...] = ()
    tag: str = ""
    new: int | None = None
    """New cards in this session, whatever the day's limit says."""
    limit: int | None = None
    """Cards in this session."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A session, and how many more cards are due than it takes."""

    session: Session
    paused: bool
    """Whether a backlog keeps new cards back."""
    left_out: int


def fill(store: Store, wanted: Wanted) -> Filled:
    """Return today's session."""
    index, today, settings = store.index.connection, store.today.toordinal(), store.settings
    everywhere = counts.count(index, today)
    new_done, reviews_done = counts.done(index, today)
    new, reviews, paused = left_today(
        settings.limits.new, settings.limits.reviews, everywhere.due, new_done, reviews_done
    )
    if wanted.new is not None:
        new, paused = wanted.new, False
    which = wanted.decks, wanted.tag
    again = waiting.cards_to_repeat(index, today, settings.repeat_below, *which)
    due = waiting.due_cards(index, today, reviews, *which)
    fresh = waiting.new_cards(index, today, new, *which)
    known = set(due)
    slots = [Slot(card, Source.AGAIN) for card in again]
    slots += [Slot(card, Source.DUE if card in known else Source.NEW) for card in mixed(due, fresh)]
    session = Session(slots[: wanted.limit], settings.repeat_below)
    return Filled(session, paused, everywhere.due - len(due) if not wanted.decks else 0)
