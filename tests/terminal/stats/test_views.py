"""The views of `stats`, as text, at the sizes that people have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import Clock, card, open_store
from flashcards.core.progress import Entry, Progress
from flashcards.core.sm2 import Memory
from flashcards.core.stats.compute import Figures, figures
from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import Cards, Counted, Group, Tally
from flashcards.storage.index.queries.stats import counted
from flashcards.terminal.device.view import Size, View
from flashcards.terminal.stats import VIEWS, stats_lines
from flashcards.terminal.stats.heatmap import heatmap, levels
from flashcards.terminal.stats.layout import bar, least_of, spread, whisker
from flashcards.terminal.stats.retention import verdict
from flashcards.terminal.stats.screen import HELP, frame
from histories import TODAY, ZONE, write_year

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = (Size(80, 24), Size(40, 20), Size(200, 50))
EMPTY = figures(Counted(), TODAY)
HARD = "[/nope] \x1b]52;c;x\x07 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 \u202e🙂"
HOSTILE = figures(
    Counted(
        days={TODAY + timedelta(days=i): Tally(10**9, 10**12, first=9) for i in (-400, -1, 0, 3)},
        hours={23: Tally(1, 1)},
        groups=[Group(HARD, (HARD, HARD * 9), Cards(10**9, 5, 5, 5, 5, 5), 10**9, 10**13)],
        answered=1,
        waiting={TODAY - timedelta(days=9): 10**9},
        hardest=[
            Entry(card(HARD, name=HARD, path=HARD, line=1), Progress(Memory(lapses=10**6))),
        ],
    ),
    TODAY,
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figures]:
    """Return the figures of a made-up year."""
    folder = tmp_path_factory.mktemp("year")
    write_year(folder / "data")
    store = open_store(folder, Clock(datetime(2026, 11, 24, 12, tzinfo=ZONE)))
    yield figures(counted(store.index.connection, store.today), store.today)
    store.close()


def text(view: View) -> str:
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
@pytest.mark.parametrize("at", range(HELP))
def test_a_view_looks_as_it_did(year: Figures, at: int, size: Size) -> None:
    """Each view is the text that was looked at and found good.

    FLASHCARDS_SNAPSHOTS=write takes the present ones: look at the difference before committing it.
    """
    found = text(frame(size, year, "French · since 2026-01-01", at, 0))
    name = VIEWS[at].title.lower()
    path = SNAPSHOTS / f"{name}-{size.columns}x{size.rows}.txt"
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@given(
    st.integers(10, 220),
    st.integers(3, 60),
    st.integers(0, HELP),
    st.integers(0, 90),
    st.sampled_from([EMPTY, HOSTILE]),
)
@settings(max_examples=60, deadline=None)
def test_every_view_fits_every_size(
    columns: int, rows: int, at: int, scroll: int, found: Figures
) -> None:
    """No line is too wide, no row too many, whatever the figures and the names."""
    view = frame(Size(columns, rows), found, HARD, at, scroll)
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)


def test_a_whole_year_is_there_from_36_columns_on() -> None:
    """A column a week, or a row a month, or two columns a week: every day once."""
    days = [(TODAY - timedelta(days=364 - i), 1 + i % 2) for i in range(365)]
    for columns in (35, 40, 57, 80, 110, 200):
        drawn = [line.plain[4:] for line in heatmap(days, columns)][:-1]
        assert sum(sign in "░▒▓█" for line in drawn for sign in line) == 365
        assert max(len(line.plain) for line in heatmap(days, columns)) <= columns


def test_shades_are_quarters_of_the_days_studied() -> None:
    """Days without an answer have no part in what counts as much."""
    assert levels([0, 0, *range(1, 9)]) == (1, 3, 5, 7)
    assert levels([0, 5]) == (1, 5)
    assert levels([0, 0]) == ()


def test_bars_and_ranges_tell_the_truth() -> None:
    """A bar is as long as its share, to an eighth; a dot stands where the share is."""
    assert bar(1, 8, 1).plain == "▏"
    assert bar(1, 10**6, 10).plain == "▏"
    assert bar(0, 5, 10).plain == ""
    assert bar(5, 5, 10).plain == "█" * 10
    assert spread(Share(85, 100)) == "77–91 %"
    assert not [line for line in heatmap([(TODAY, 1)], 80) if line.style]
    half = whisker(Share(500, 1000), 11, 0.0).plain
    assert half.index("●") == 5
    assert least_of([Share(85, 100), Share(60, 100)]) == 0.5
    assert least_of([]) == 0.8


@pytest.mark.parametrize(
    ("three", "five", "said"),
    [
        (Share(60, 100), Share(95, 100), "your ratings tell the truth"),
        (Share(95, 100), Share(60, 100), "too easily"),
        (Share(85, 100), Share(88, 100), "alike so far"),
        (Share(1, 20), Share(90, 100), ""),
    ],
    ids=["true", "too easy", "alike", "too few"],
)
def test_what_ratings_foretell(three: Share, five: Share, said: str) -> None:
    """Something is said only where the ranges allow it."""
    found = verdict({"after a 3": three, "after a 5": five})
    assert said in found
    assert bool(found) is bool(said)


def test_a_pipe_gets_every_view_in_order(year: Figures) -> None:
    """Plain text: all headings, no line over the width."""
    lines = list(stats_lines(year, 80))
    headings = [line for line in lines if line in {view.title.upper() for view in VIEWS}]
    assert headings == ["RETENTION", "FORECAST", "TIME", "CARDS", "DECKS"]
    assert max(map(len, lines)) <= 80


def test_someone_who_begins_sees_the_same_places() -> None:
    """With nothing in them yet, and a next step."""
    told = "\n".join(stats_lines(replace(EMPTY, cards=Cards(total=4, new=4)), 80))
    for part in ("Today", "Streak", "is your first", "Retention", "Due", "by rating", "deck"):
        assert part in told
