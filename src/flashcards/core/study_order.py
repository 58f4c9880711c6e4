"""The orders in which cards are studied."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from flashcards.core.cards import CardId

STUDY_ORDERS = ("due", "overdue-first", "hardest", "random", "recall")
"""Oldest due day first; latest for its interval; lowest ease; random each day; least recall."""


def shuffle_key(card: CardId) -> int:
    """Return a fixed pseudo-random position of a card."""
    return crc32(card.encode())


def interleave_cards(due: Sequence[CardId], new: Sequence[CardId]) -> list[CardId]:
    """Return one queue with the new cards spread evenly.

    >>> interleave_cards(["a", "b", "c", "d"], ["X", "Y"])
    ['a', 'X', 'b', 'c', 'Y', 'd']
    """
    places = [((i + 0.5) / len(due), 0, card) for i, card in enumerate(due)]
    places += [((i + 0.5) / len(new), 1, card) for i, card in enumerate(new)]
    return [card for _, _, card in sorted(places, key=lambda place: place[:2])]
