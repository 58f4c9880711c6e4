"""The comments in which Obsidian's plug-in keeps a card's schedule: day, interval, ease."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flashcards.importers.base import Life, Standing

ENTRY = re.compile(r"(\d{4})-(\d{2})-(\d{2}),([\d.]{1,12}),([\d.]{1,12})")
NEVER = date(2000, 1, 1)
"""The day that stands for a sibling which was not asked yet."""


def lives(siblings: Sequence[str], schedule: str) -> Mapping[str, Life]:
    """Return the life of each sibling that a comment has a schedule of, in its order."""
    found: dict[str, Life] = {}
    for name, entry in zip(siblings, ENTRY.finditer(schedule), strict=False):
        if standing := _standing(entry):
            found[name] = Life(standing=standing)
    return found


def _standing(entry: re.Match[str]) -> Standing | None:
    try:
        due = date(int(entry[1]), int(entry[2]), int(entry[3]))
        interval, ease = float(entry[4]), float(entry[5])
    except ValueError:
        return None
    if due == NEVER:
        return None
    repetitions = 1 if interval < 2 else 2
    return Standing(due, max(1, round(interval)), max(130, round(ease)), repetitions)
