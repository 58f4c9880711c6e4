"""Figures for pages: those of a made-up year, and those of someone who means harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from factories import Clock, card, open_store
from flashcards.core.progress import Entry, Progress
from flashcards.core.sm2 import Memory
from flashcards.core.stats.compute import Figures, figures
from flashcards.core.stats.totals import Cards, Counted, Group, Tally
from flashcards.html_report.page import Made
from flashcards.storage.index.queries.stats import counted
from histories import TODAY, ZONE, write_year

MADE = Made(datetime(2026, 11, 24, 12, tzinfo=UTC), "1.2.3")
HOSTILE = "</script><svg onload=alert(1)>\" ' & \x1b[31m \u202egnp \x00 {{ 7 * 7 }}"
EMPTY = figures(Counted(), TODAY)
NASTY = figures(
    Counted(
        days={TODAY - timedelta(days=n): Tally(10**9, 10**12, first=9) for n in (400, 1, 0)},
        hours={23: Tally(10**9, 10**12)},
        groups=[Group(HOSTILE, (HOSTILE, "x" * 300), Cards(10**9, 5, 5, 5, 5, 5), 10**9, 10**13)],
        waiting={TODAY - timedelta(days=9): 10**9, TODAY: 3},
        hardest=[Entry(card(HOSTILE, name=HOSTILE, path=HOSTILE), Progress(Memory(lapses=9)))],
    ),
    TODAY,
)


def year_in(folder: Path) -> Figures:
    """Return the figures of a made-up year, kept below a folder."""
    write_year(folder / "data")
    store = open_store(folder, Clock(datetime(2026, 11, 24, 12, tzinfo=ZONE)))
    found = figures(counted(store.index.connection, store.today), store.today)
    store.close()
    return found
