"""`suspend`, `unsuspend` and `reset`: one event for each card named, all in one write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flashcards.cli.context import Context
from flashcards.cli.lookup import one_card
from flashcards.core.card import CardId
from flashcards.core.events import AboutCard

Draft = Callable[[CardId, datetime], AboutCard]


def mark(world: Context, cards: Sequence[str], draft: Draft, what: str) -> None:
    """Do the same to each card, or to none when one of them is not found."""
    with world.open() as store:
        found = [one_card(store, words).card for words in cards]
        at = world.now()
        store.keep([draft(card.id, at) for card in found])
    for card in found:
        world.print(f"{card.id}: {what}.  (flashcards undo takes it back)")
