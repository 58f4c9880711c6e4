"""Spread new cards among the due ones."""

from collections.abc import Sequence

from flashcards.core.cards import CardId


def interleave_cards(due: Sequence[CardId], new: Sequence[CardId]) -> list[CardId]:
    """Return one queue with the new cards spread evenly.

    >>> interleave_cards(["a", "b", "c", "d"], ["X", "Y"])
    ['a', 'X', 'b', 'c', 'Y', 'd']
    """
    places = [((i + 0.5) / len(due), 0, card) for i, card in enumerate(due)]
    places += [((i + 0.5) / len(new), 1, card) for i, card in enumerate(new)]
    return [card for _, _, card in sorted(places, key=lambda place: place[:2])]
