"""How a note's cards are asked: what it says itself, else what its deck says."""

from __future__ import annotations

from typing import TypeVar

from flashcards.core.bullets import is_list
from flashcards.core.card import LENIENT, Asking, Deck, Note

T = TypeVar("T")


def own_or(own: T | None, usual: T) -> T:
    """Return what a note says, or what is usual where it says nothing."""
    return usual if own is None else own


def asked_both_ways(deck: Deck, note: Note) -> bool:
    """Tell whether a note makes a second card, its back asking for its front."""
    return not note.cloze and own_or(note.reverse, deck.reverse)


def asking(deck: Deck, note: Note, *, answer: str = "", turned: bool = False) -> Asking:
    """Return how a card of a note is asked; one `turned` round has no list and no options."""
    lenient = own_or(note.lenient, own_or(deck.lenient, LENIENT))
    typed = own_or(note.typed, deck.typed) and not note.choices
    if turned:
        return Asking(typed=typed, lenient=lenient)
    return Asking(
        typed=typed,
        accept=note.accept,
        choices=note.choices,
        listed=own_or(note.listed, deck.listed) and is_list(note.back),
        lenient=lenient,
        answer=answer,
    )
