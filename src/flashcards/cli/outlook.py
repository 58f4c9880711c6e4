"""What lies ahead: tomorrow's load and the pace at which this person goes."""

from __future__ import annotations

from datetime import timedelta

from flashcards.core.days import streaks
from flashcards.storage import counts, reading
from flashcards.storage.store import Store
from flashcards.terminal.desk import Outlook

USUAL_MS = 10_000
"""Time for one answer, for someone who has given none yet."""
TROUBLE = 3
"""Lapses from which the summary names a card."""


def outlook(store: Store) -> Outlook:
    """Return what tomorrow holds, how long it takes, and how long the streak is."""
    index, today = store.index.connection, store.today
    tomorrow = today + timedelta(days=1)
    due = sum(counts.due_by_deck(index, tomorrow.toordinal()).values())
    left = store.settings.limits
    fresh = len(reading.new_cards(index, tomorrow.toordinal(), left.new))
    new = 0 if due > left.reviews else fresh
    return Outlook(
        tomorrow_due=due,
        tomorrow_new=new,
        minutes=minutes(store, min(due, left.reviews) + new),
        streak=streaks(reading.study_days(index), today)[0],
        hardest=tuple(reading.hardest(index, TROUBLE, 3)),
    )


def minutes(store: Store, answers: int) -> int:
    """Return how many minutes this person takes for so many answers, by their last thousand."""
    pace = reading.pace(store.index.connection) or USUAL_MS
    return round(answers * pace / 60_000) if answers else 0
