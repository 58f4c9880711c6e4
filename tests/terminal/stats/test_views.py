"""The views of `stats`, as text, at the sizes that people have."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Span, Text

from factories import Clock, card, open_store
from flashcards.core.progress import CardState, Progress
from flashcards.core.sm2 import MemoryState
from flashcards.core.stats.compute_statistics import Statistics, StatsInput, compute_statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.rating_accuracy import calibration_verdict
from flashcards.core.stats.review_totals import CardCounts, CardGroup, ReviewTotals
from flashcards.core.stats.shades import shade_index, shade_thresholds
from flashcards.storage.index.queries.stats import load_stats_input
from flashcards.terminal.device.screen import style_line
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.stats.heatmap import heatmap_lines
from flashcards.terminal.stats.layout import (
    common_scale_start,
    format_range,
    place_side_by_side,
    state_bar,
    styled_bar,
    whisker_line,
)
from flashcards.terminal.stats.screen import render_definitions, render_stats_view
from flashcards.terminal.stats.tabs import STATS_TABS, stats_lines
from histories import TODAY, ZONE, write_year

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = (ScreenSize(80, 24), ScreenSize(40, 20), ScreenSize(100, 40), ScreenSize(200, 50))
EMPTY = compute_statistics(StatsInput(), TODAY)
HARD = "[/nope] \x1b]52;c;x\x07 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 \u202e🙂"
HOSTILE = compute_statistics(
    StatsInput(
        totals_by_day={
            TODAY + timedelta(days=i): ReviewTotals(10**9, 10**12, first_answers=9) for i in (-400, -1, 0, 3)
        },
        totals_by_hour={23: ReviewTotals(1, 1)},
        groups=[CardGroup(HARD, (HARD, HARD * 9), CardCounts(10**9, 5, 5, 5, 5, 5), 10**9, 10**13)],
        answered_cards=1,
        cards_by_due_day={TODAY - timedelta(days=9): 10**9},
        hardest_cards=[
            CardState(card(HARD, name=HARD, path=HARD, line=1), Progress(MemoryState(lapses=10**6))),
        ],
    ),
    TODAY,
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Statistics]:
    """Return the figures of a made-up year."""
    folder = tmp_path_factory.mktemp("year")
    write_year(folder / "data")
    store = open_store(folder, Clock(datetime(2026, 11, 24, 12, tzinfo=ZONE)))
    yield compute_statistics(load_stats_input(store.index.connection, store.today), store.today)
    store.close()


def text(view: ScreenView) -> str:
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
@pytest.mark.parametrize("at", range(len(STATS_TABS)))
def test_a_view_looks_as_it_did(year: Statistics, at: int, size: ScreenSize) -> None:
    """Each view is the text that was looked at and found good.

    FLASHCARDS_SNAPSHOTS=write takes the present ones: look at the difference before committing it.
    """
    found = text(render_stats_view(size, year, "French · since 2026-01-01", at, 0))
    name = STATS_TABS[at].title.lower()
    path = SNAPSHOTS / f"{name}-{size.columns}x{size.rows}.txt"
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@given(
    st.integers(10, 220),
    st.integers(3, 60),
    st.integers(0, len(STATS_TABS)),
    st.integers(0, 90),
    st.sampled_from([EMPTY, HOSTILE]),
)
@settings(max_examples=60, deadline=None)
def test_every_view_fits_every_size(columns: int, rows: int, at: int, scroll: int, found: Statistics) -> None:
    """No line is too wide, no row too many, whatever the figures and the names."""
    size = ScreenSize(columns, rows)
    is_tab = at < len(STATS_TABS)
    view = render_stats_view(size, found, HARD, at, scroll) if is_tab else render_definitions(size, scroll)
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)


def test_a_whole_year_is_there_from_36_columns_on() -> None:
    """A column a week, or a row a month, or two columns a week: every day once."""
    days = [(TODAY - timedelta(days=364 - i), 1 + i % 2) for i in range(365)]
    for columns in (35, 40, 57, 80, 110, 200):
        drawn = [line.plain[4:] for line in heatmap_lines(days, columns)][:-1]
        wide = 2 if columns >= 110 else 1
        assert sum(sign in "░▒▓█" for line in drawn for sign in line) == 365 * wide
        assert max(len(line.plain) for line in heatmap_lines(days, columns)) <= columns


@pytest.mark.parametrize(
    ("palette", "has_shades"),
    [("dark", True), ("light", True), ("dark", False), ("mono", True)],
    ids=["dark", "light", "few colours", "no colour"],
)
def test_a_day_has_one_of_five_shades(palette: str, *, has_shades: bool) -> None:
    """Squares in five colours where a terminal has them, else signs that differ."""
    days = [(TODAY - timedelta(days=4 - i), i * i) for i in range(5)]
    lines = heatmap_lines(days, 80)[1:-1]
    drawn = "".join(style_line(line, palette, has_shades=has_shades) for line in lines)
    found = re.findall(r"(?:\x1b\[[0-9;]*m)?[·░▒▓█■]", drawn)
    assert len(found) == len(set(found)) == 5
    assert drawn.count("■") == drawn.count("38;5;") == (5 if has_shades and palette != "mono" else 0)


def test_a_heading_at_the_left_styles_nothing_at_the_right() -> None:
    """Two columns lie on one line: each keeps its own style."""
    (line,) = place_side_by_side([[Text("Left", "bold")], [Text("right")]], 8)
    assert (line.plain, line.style, line.spans) == ("Left    right", "", [Span(0, 4, "bold")])


def test_cards_are_one_bar_in_three_parts() -> None:
    """Each state has its part of the bar, as long as its share, in its own colour and sign; none is lost."""
    bar, legend = state_bar(CardCounts(total=100, new=50, young=1, mature=49), 50)
    assert [bar.plain.count(sign) for sign in "░▒█"] == [25, 1, 24]
    assert len({str(span.style) for span in bar.spans}) == 3
    assert legend.plain == "░ new 50 50 %   ▒ young 1 1 %   █ mature 49 49 %"


def test_shades_are_quarters_of_the_days_studied() -> None:
    """Days without an answer have no part in what counts as much."""
    assert shade_thresholds([0, 0, *range(1, 9)]) == (1, 3, 5, 7)
    assert shade_thresholds([0, 5]) == (1, 5)
    assert shade_thresholds([0, 0]) == ()
    few = shade_thresholds([2, 2, 9, 9])
    assert [shade_index(n, few) for n in (0, 2, 9)] == [0, 3, 4]


def test_bars_and_ranges_tell_the_truth() -> None:
    """A bar is as long as its share, to an eighth; a dot stands where the share is."""
    assert styled_bar(1, 8, 1).plain == "▏"
    assert styled_bar(1, 10**6, 10).plain == "▏"
    assert styled_bar(0, 5, 10).plain == ""
    assert styled_bar(5, 5, 10).plain == "█" * 10
    assert format_range(Proportion(85, 100)) == "77–91 %"
    assert not [line for line in heatmap_lines([(TODAY, 1)], 80) if line.style]
    half = whisker_line(Proportion(500, 1000), 11, 0.0).plain
    assert half.index("●") == 5
    assert common_scale_start([Proportion(85, 100), Proportion(60, 100)]) == 0.5
    assert common_scale_start([]) == 0.8


@pytest.mark.parametrize(
    ("three", "five", "said"),
    [
        (Proportion(60, 100), Proportion(95, 100), "your ratings are accurate"),
        (Proportion(95, 100), Proportion(60, 100), "too easily"),
        (Proportion(85, 100), Proportion(88, 100), "equally often"),
        (Proportion(1, 20), Proportion(90, 100), ""),
    ],
    ids=["true", "too easy", "alike", "too few"],
)
def test_what_ratings_foretell(three: Proportion, five: Proportion, said: str) -> None:
    """Something is said only where the ranges allow it."""
    found = calibration_verdict({3: three, 5: five})
    assert said in found
    assert bool(found) is bool(said)


def test_a_pipe_gets_every_view_in_order(year: Statistics) -> None:
    """Plain text: all headings, no line over the width."""
    lines = list(stats_lines(year, 80))
    headings = [line for line in lines if line in {view.title.upper() for view in STATS_TABS}]
    assert headings == ["RETENTION", "FORECAST", "TIME", "CARDS", "DECKS"]
    assert max(map(len, lines)) <= 80


def test_someone_who_begins_sees_what_there_is() -> None:
    """What would be empty is left out, and there is a next step."""
    told = "\n".join(stats_lines(EMPTY._replace(card_counts=CardCounts(total=4, new=4)), 80))
    for part in ("Today", "Streak", "your first card", "Retention", "Due", "Cards by state"):
        assert part in told
    assert not re.search("by rating|RETENTION|No cards yet|answered at least once|Mon ", told)
