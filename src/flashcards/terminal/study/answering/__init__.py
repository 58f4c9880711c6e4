"""The ways of answering a card: reveal, choose, type."""

from __future__ import annotations

from datetime import date

from flashcards.core.cards import Card
from flashcards.terminal.study.answering.base import Face
from flashcards.terminal.study.answering.reveal import Reveal


def face_of(card: Card, today: date, *, typing: bool) -> Face:
    """Return the way a card is asked; with `typing`, every card that is not chosen is typed."""
    if card.asking.choices:
        from flashcards.terminal.study.answering.choice import Choose

        return Choose(card, today)
    if typing or card.asking.typed:
        from flashcards.terminal.study.answering.typed import Type

        return Type(card)
    return Reveal(card)
