"""Shared wording of messages: counts, quoted cards, suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

MAX_TYPING_ERRORS = 2
MAX_NAMED_CARDS = 3
MAX_QUOTED_LENGTH = 60


def format_count(count: int, noun: str) -> str:
    """Return a count with its noun: 1 day, 2,345 answers."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def format_day(day: date) -> str:
    """Return a day without its year: 5 Dec."""
    return f"{day.day} {day:%b}"


def suggest_name(name: str, known: Iterable[str], quoted: str = "{}") -> str:
    """Return "Did you mean NAME?" for a near name, else all names."""
    distances = {other: _edit_distance(name.casefold(), other.casefold()) for other in known}
    nearest = min(distances, key=distances.__getitem__, default="")
    if nearest and distances[nearest] <= min(MAX_TYPING_ERRORS, len(name) - 1):
        return f"Did you mean {quoted.format(nearest)}?"
    return f"Known: {', '.join(distances)}."


def _edit_distance(given: str, wanted: str) -> int:
    """Return the edit distance, swapped neighbours counting once."""
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
    """Return a front in quotes on one line, shortened between words."""
    text = " ".join(front.split())
    if len(text) > max_length:
        head = text[:max_length]
        text = (head.rpartition(" ")[0] or head) + " …"
    return f'"{text}"'


def name_cards(fronts: Sequence[str]) -> str:
    """Return the first fronts and how many more there are."""
    max_length = MAX_QUOTED_LENGTH if len(fronts) == 1 else MAX_QUOTED_LENGTH // 2
    named = ", ".join(quote_front(front, max_length) for front in fronts[:MAX_NAMED_CARDS])
    more = len(fronts) - MAX_NAMED_CARDS
    return f"{named} and {more:,} more" if more > 0 else named
