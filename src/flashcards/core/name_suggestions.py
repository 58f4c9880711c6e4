"""Suggest the known name that a mistyped one is near to."""

from collections.abc import Iterable

MAX_TYPING_ERRORS = 2


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
