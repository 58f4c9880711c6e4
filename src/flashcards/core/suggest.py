"""Suggest the known name that a mistyped one is near to."""

from __future__ import annotations

from collections.abc import Iterable

MAX_DISTANCE = 2
"""Letters that may be wrong; further away, a suggestion misleads more often than it helps."""


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names at most two letters away, the nearest first.

    >>> near_names("studi", ["study", "stats", "edit"])
    ['study']
    """
    found = sorted((edit_distance(name.casefold(), other.casefold()), other) for other in known)
    return [other for distance, other in found if distance <= min(MAX_DISTANCE, len(name) - 1)]


def edit_distance(first: str, second: str) -> int:
    """Return how many letters are to be changed, added, left out or swapped with the next."""
    before, row = list[int](), list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and (letter, first[i - 2]) == (second[j - 2], other):
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
