"""What lies ahead, for the summary of a session: tomorrow's load, and the streak."""

from __future__ import annotations

from flashcards.storage.questions.ahead import look
from flashcards.storage.store import Store
from flashcards.terminal.desk import Outlook


def outlook(store: Store) -> Outlook:
    """Return what tomorrow holds, how long it takes, and how long the streak is."""
    found = store.ask(lambda index: look(index, store.today))
    return Outlook(
        tomorrow_due=found.tomorrow_due,
        tomorrow_new=found.ahead.new,
        minutes=found.tomorrow_minutes,
        streak=found.done.streak,
    )
