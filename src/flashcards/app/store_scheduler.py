"""The scheduler that the settings ask for, with the daily load of the store."""

from collections import Counter

from flashcards.core.scheduling import Scheduler
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.store import Store

SELECT_DUE_COUNTS = """SELECT due, count(*) FROM card
    WHERE in_deck AND due > ? AND NOT suspended GROUP BY due"""


class DueCounts:
    """Cards due on each coming day, counted once and kept up to date."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_day: Counter[int] | None = None

    def __call__(self, days: range) -> list[int]:
        """Return the number of cards due on each of these ordinal days."""
        if self._by_day is None:
            today = self._store.today.toordinal()
            rows = self._store.query(lambda index: index.execute(SELECT_DUE_COUNTS, (today,)).fetchall())
            self._by_day = Counter(dict(rows))
        return [self._by_day[day] for day in days]

    def add(self, day: int) -> None:
        """Count a card that an answer has scheduled for `day`."""
        if self._by_day is not None:
            self._by_day[day] += 1

    def forget(self) -> None:
        """Count again at the next call."""
        self._by_day = None


def store_scheduler(store: Store, due_counts: DueCounts | None = None) -> Scheduler:
    """Return the scheduler of the settings."""
    settings = store.settings
    days_off: frozenset[int] = frozenset()
    if settings.balances_days:
        spans = store.query(counts.list_days_off)
        days_off = frozenset(day for first, until in spans for day in range(first, until))
    load = (due_counts or DueCounts(store)) if settings.balances_days else None
    return Scheduler(settings.scheduler, settings.retention, store.query(current_model), load, days_off)
