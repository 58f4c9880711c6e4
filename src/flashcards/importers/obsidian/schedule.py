"""The comments in which Obsidian's plug-in keeps a card's schedule: day, interval, ease."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flashcards.importers.base import Life, Standing

ENTRY = re.compile(
    r"(?P<fsrs>fsrs,)?(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:T[\d:.]*Z?)?,"
    r"(?P<interval>[\d.]{1,20}),(?P<ease>[\d.]{1,20})(?P<more>(?:,[^,!<>]*)*)"
)
NEW = "0"
"""What FSRS calls a card that was never answered."""
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
        due = date(int(entry["year"]), int(entry["month"]), int(entry["day"]))
        interval, ease = float(entry["interval"]), float(entry["ease"])
    except ValueError:
        return None
    if due == NEVER:
        return None
    days = min(max(1, round(interval)), 100_000)
    if entry["fsrs"]:
        return _under_fsrs(due, days, entry["more"].split(","))
    repetitions = 1 if interval < 2 else 2
    return Standing(due, days, max(130, round(ease)), repetitions)


def _under_fsrs(due: date, days: int, more: list[str]) -> Standing | None:
    """Return where a card stands under FSRS: difficulty, state, answers, lapses come next."""
    state, answers, lapses = (*(part for part in more[2:5]), "", "", "")[:3]
    if state == NEW:
        return None
    known = int(answers) if answers.isdecimal() and len(answers) < 7 else 2
    lost = int(lapses) if lapses.isdecimal() and len(lapses) < 7 else 0
    return Standing(due, days, repetitions=max(1, known - lost), lapses=lost)
