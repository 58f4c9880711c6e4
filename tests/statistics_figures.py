"""Figures for pages: those of a made-up year, and those of someone who means harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from factories import Clock, card, open_store
from flashcards.core.progress import CardState, Progress
from flashcards.core.sm2 import MemoryState
from flashcards.core.stats.compute_statistics import Statistics, StatsInput, compute_statistics
from flashcards.core.stats.review_totals import CardCounts, CardGroup, ReviewTotals
from flashcards.storage.index.queries.stats import load_stats_input
from histories import TODAY, ZONE, write_year

MADE = (datetime(2026, 11, 24, 12, tzinfo=UTC), "1.2.3")
HOSTILE = "</script><svg onload=alert(1)>\" ' & \x1b[31m \u202egnp \x00 {{ 7 * 7 }}"
EMPTY = compute_statistics(StatsInput(), TODAY)
NASTY = compute_statistics(
    StatsInput(
        totals_by_day={
            TODAY - timedelta(days=n): ReviewTotals(10**9, 10**12, first_answers=9) for n in (400, 1, 0)
        },
        totals_by_hour={23: ReviewTotals(10**9, 10**12)},
        groups=[CardGroup(HOSTILE, (HOSTILE, "x" * 300), CardCounts(10**9, 5, 5, 5, 5, 5), 10**9, 10**13)],
        cards_by_due_day={TODAY - timedelta(days=9): 10**9, TODAY: 3},
        hardest_cards=[CardState(card(HOSTILE, name=HOSTILE, path=HOSTILE), Progress(MemoryState(lapses=9)))],
    ),
    TODAY,
)


def year_in(folder: Path) -> Statistics:
    """Return the figures of a made-up year, kept below a folder."""
    write_year(folder / "data")
    store = open_store(folder, Clock(datetime(2026, 11, 24, 12, tzinfo=ZONE)))
    found = compute_statistics(load_stats_input(store.index.connection, store.today), store.today)
    store.close()
    return found
