"""Read Obsidian's schedule comments."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flashcards.importers.base import ImportedHistory, ImportedSchedule

SCHEDULE_ENTRY = re.compile(
    r"(?P<fsrs>fsrs,)?(?P<due>\d{4}-\d{2}-\d{2})(?:T[\d:.]*Z?)?,"
    r"(?P<interval>[\d.]{1,20}),(?P<ease>[\d.]{1,20})(?P<more>(?:,[^,!<>]*)*)"
)
FSRS_NEW = "0"  # FSRS's state of a new card
NEVER_ASKED = date(2000, 1, 1)  # the due date of a sibling that was never asked


def card_histories(suffixes: Sequence[str], schedule: str) -> Mapping[str, ImportedHistory]:
    """Return the history of each sibling that has a schedule."""
    histories: dict[str, ImportedHistory] = {}
    for name, entry in zip(suffixes, SCHEDULE_ENTRY.finditer(schedule), strict=False):
        if standing := _read_schedule(entry):
            histories[name] = ImportedHistory(schedule=standing)
    return histories


def _read_schedule(match: re.Match[str]) -> ImportedSchedule | None:
    try:
        due = date.fromisoformat(match["due"])
        interval, ease = float(match["interval"]), float(match["ease"])
    except ValueError:
        return None
    if due == NEVER_ASKED:
        return None
    days = min(max(1, round(interval)), 100_000)
    if match["fsrs"]:
        return _read_fsrs_schedule(due, days, match["more"].split(","))
    repetitions = 1 if interval < 2 else 2
    return ImportedSchedule(due, days, max(130, round(ease)), repetitions)


def _read_fsrs_schedule(due: date, days: int, more: list[str]) -> ImportedSchedule | None:
    """Return an FSRS schedule: difficulty, state, answers, lapses follow."""
    state, answers, lapses = (*(part for part in more[2:5]), "", "", "")[:3]
    if state == FSRS_NEW:
        return None
    known = int(answers) if answers.isdecimal() and len(answers) < 7 else 2
    lost = int(lapses) if lapses.isdecimal() and len(lapses) < 7 else 0
    return ImportedSchedule(due, days, repetitions=max(1, known - lost), lapses=lost)
