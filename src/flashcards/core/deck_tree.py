"""Decks as a tree: each with the counts of its subdecks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flashcards.core.deck_names import SUBDECK_SEPARATOR


class DeckRow(NamedTuple):
    """A deck, or a parent without a file, with its total counts."""

    name: str
    depth: int
    counts: tuple[int, ...]

    @property
    def label(self) -> str:
        """The last part of its name."""
        return self.name.split(SUBDECK_SEPARATOR, self.depth)[-1]


def deck_tree(counts: Mapping[str, Sequence[int]]) -> list[DeckRow]:
    """Return decks with subdecks after their parent, merged if only case differs."""
    totals: dict[tuple[str, ...], list[int]] = {}
    names: dict[tuple[str, ...], str] = {}
    for name, own in counts.items():
        parts = name.split(SUBDECK_SEPARATOR)
        for depth in range(1, len(parts) + 1):
            key = tuple(part.casefold() for part in parts[:depth])
            names.setdefault(key, SUBDECK_SEPARATOR.join(parts[:depth]))
            before = totals.setdefault(key, [0] * len(own))
            totals[key] = [a + b for a, b in zip(before, own, strict=True)]
    places = {key: place for place, key in enumerate(totals)}
    ways = {key: [places[key[:depth]] for depth in range(1, len(key) + 1)] for key in totals}
    return [
        DeckRow(names[key], len(key) - 1, tuple(totals[key])) for key in sorted(totals, key=ways.__getitem__)
    ]
