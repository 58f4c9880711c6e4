"""Wording that messages share: counts with their plurals, cards by their fronts, near names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

MAX_TYPING_ERRORS = 2
MAX_NAMED_CARDS = 3
"""Cards of several that a message names."""
MAX_QUOTED_LENGTH = 60
"""Characters of a front that a message quotes."""


def format_count(count: int, noun: str, plural: str = "") -> str:
    """Return a number of things: 1 day, 3 days, 2,345 answers, 2 entries."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def format_day(day: date) -> str:
    """Return a day without its year: 5 Dec."""
    return f"{day.day} {day:%b}"


def suggest_name(name: str, known: Iterable[str], quoted: str = "{}") -> str:
    """Return "Did you mean NAME?" for a name at most two typing errors away, else all names."""
    distances = {other: _edit_distance(name.casefold(), other.casefold()) for other in known}
    nearest = min(distances, key=distances.__getitem__, default="")
    if nearest and distances[nearest] <= min(MAX_TYPING_ERRORS, len(name) - 1):
        return f"Did you mean {quoted.format(nearest)}?"
    return f"Known: {', '.join(distances)}."


def _edit_distance(given: str, wanted: str) -> int:
    """Return how many letters were added, left out, changed or swapped with their neighbour."""
    before, row = [0] * (len(wanted) + 1), list(range(len(wanted) + 1))
    for i, letter in enumerate(given, 1):
        oldest, before, row = before, row, [i]
        for j, other in enumerate(wanted, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == wanted[j - 2] and given[i - 2] == other:
                cost = min(cost, oldest[j - 2] + 1)
            row.append(cost)
    return row[-1]


def quote_front(front: str, max_length: int = MAX_QUOTED_LENGTH) -> str:
    """Return a card's front on one line in double quotes, a long one shortened between words."""
    text = " ".join(front.split())
    if len(text) > max_length:
        head = text[:max_length]
        text = (head.rpartition(" ")[0] or head) + " …"
    return f'"{text}"'


def name_cards(fronts: Sequence[str]) -> str:
    """Return the first of some cards by their fronts, and how many more there are."""
    max_length = MAX_QUOTED_LENGTH if len(fronts) == 1 else MAX_QUOTED_LENGTH // 2
    named = ", ".join(quote_front(front, max_length) for front in fronts[:MAX_NAMED_CARDS])
    more = len(fronts) - MAX_NAMED_CARDS
    return f"{named} and {more:,} more" if more > 0 else named
