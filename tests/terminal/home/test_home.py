"""The home as pure frames, and its loop with a keyboard of our own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.deck_tree import deck_tree
from flashcards.core.key_bindings import HOME_ACTIONS
from flashcards.core.today_summary import DoneToday, DueToday, StudyPace, TodaySummary, UpcomingWeek
from flashcards.terminal.device.line_editor import PASTE_PREFIX
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.home.frame import HomeStatus, home_decks, render_home
from flashcards.terminal.home.loop import HomeLoop

SNAPSHOTS = Path(__file__).parent / "snapshots"
DECKS = {
    "Transformers, RAG & LoRA": (14, 12, 2),
    "French": (0, 8, 0),
    "French::Verbs": (4, 0, 0),
    "Capitals": (0, 0, 0),
    "Music::Theory": (0, 3, 0),
}
LEARNED = {
    "Transformers, RAG & LoRA": (29, 55), "French": (232, 1060), "French::Verbs": (180, 180),
    "Capitals": (7, 7), "Music::Theory": (0, 3),
}  # fmt: skip


def home(decks: dict[str, tuple[int, int, int]] = DECKS, *, overdue: int = 0, **more: Any) -> HomeStatus:
    """Return a home of an ordinary day."""
    due_today = DueToday(decks, remaining_reviews=200, review_limit=200, overdue=overdue)
    week = UpcomingWeek((9, 22, 17, 6, 3, 2, 4), 15, date(2026, 11, 25))
    today = TodaySummary(
        date(2026, 11, 24), due_today, DoneToday(0, 0, 6, 31), week, StudyPace(20_000, 15_000, 8_000)
    )
    return HomeStatus(**{"today": today, "learned": LEARNED, **more})


def frame(size: ScreenSize, shown: HomeStatus, at: int = 0, message: str = "") -> str:
    """Return a frame as text."""
    view = render_home(size, shown, home_decks(shown), at, message)
    assert len(view.lines) == size.rows
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize(
    ("name", "shown", "at", "message"),
    [
        ("day", home(sync="last sync 3 h ago, 2 files wait"), 2, ""),
        ("backlog", home(DECKS | {"Old": (412, 0, 0)}, overdue=312), 0, ""),
        ("empty", home({}, learned={}), 0, "Some deck files have errors."),
    ],
    ids=["day", "backlog", "empty"],
)
@pytest.mark.parametrize("size", [(80, 24), (40, 15), (200, 50)], ids=str)
def test_the_home_looks_as_it_did(
    name: str, shown: HomeStatus, at: int, message: str, size: tuple[int, int]
) -> None:
    """Each frame is the text that was looked at and found good.

    FLASHCARDS_SNAPSHOTS=write takes the present ones: look at the difference before committing it.
    """
    found = frame(ScreenSize(*size), shown, at, message)
    path = SNAPSHOTS / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_decks_below_a_deck_count_in_it() -> None:
    """A deck stands above those of its name, wherever their files lie, with all that they hold."""
    tree = deck_tree({"A::B::C": (1,), "D": (2,), "A": (4,), "a::x": (8,)})
    assert [(row.name, row.label, row.depth, row.counts) for row in tree] == [
        ("A", "A", 0, (13,)),
        ("A::B", "B", 1, (1,)),
        ("A::B::C", "C", 2, (1,)),
        ("a::x", "x", 1, (8,)),
        ("D", "D", 0, (2,)),
    ]


def test_only_what_can_be_done_has_a_key() -> None:
    """Catch-up comes with a backlog, and sync with a remote."""
    plain, full = home(), home(DECKS | {"Old": (412, 0, 0)}, overdue=312, sync="")
    assert "catch-up" not in frame(ScreenSize(100, 24), plain)
    assert not {"catch-up", "sync"} & {action.name for action in plain.actions}
    assert full.actions == list(HOME_ACTIONS)


def test_names_pass_the_gate() -> None:
    """A deck's name cannot steer the terminal."""
    assert "\x1b" not in frame(ScreenSize(80, 24), home({"\x1b[2Jx": (1, 0, 0)}, learned={}))


class Keys:
    """Types a list of keys, then leaves; the user takes their time before each."""

    def __init__(self, *keys: str) -> None:
        self._keys = iter(keys)

    def read_key(self, *, accept_paste: bool = False, on_idle: Callable[[], None] | None = None) -> str:
        if on_idle:
            on_idle()
        key = next(self._keys, "eof")
        return "" if key.startswith(PASTE_PREFIX) and not accept_paste else key


class Screen:
    """Checks that each frame fits, and keeps the last."""

    def __init__(self, size: ScreenSize) -> None:
        self.size = size
        self.shown = ""

    def draw_view(self, view: ScreenView) -> None:
        assert len(view.lines) <= self.size.rows
        assert all(line.cell_len <= self.size.columns for line in view.lines)
        self.shown = "\n".join(line.plain for line in view.lines)


def loop(*keys: str, size: tuple[int, int] = (80, 24), **more: Any) -> HomeLoop:
    """Return a loop at which keys are typed."""
    shown = home(**more)
    return HomeLoop(Keys(*keys), Screen(ScreenSize(*size)), shown, lambda home: home)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], ("study", "Transformers, RAG & LoRA")),
        (["j", "down", "down", "up", "enter"], ("study", "French::Verbs")),
        (["G", "up", "a"], ("add", "Music")),
        (["i", "~", "/", "x", "enter"], ("import", "~/x")),
        (["i", f"{PASTE_PREFIX}/home/a b.csv", "enter"], ("import", "/home/a b.csv")),
        (["i", "x", "escape", "i", "enter", "S"], ("stats", "Transformers, RAG & LoRA")),
        (["?", "q", "resize", "q"], ("quit", "Transformers, RAG & LoRA")),
        (["c", "y", "z", "1", "space"], ("quit", "Transformers, RAG & LoRA")),
    ],
    ids=["enter", "move", "add", "import", "paste", "cancel", "help", "nothing"],
)
def test_a_key_leads_to_what_it_says(keys: list[str], chosen: tuple[str, str]) -> None:
    """Keys move, or leave with what is to be done; others do nothing."""
    assert loop(*keys).choose() == chosen


def test_what_takes_longer_comes_while_the_user_reads() -> None:
    """The counts that a first frame cannot wait for are filled in, and nothing else moves."""
    first = home(learned=None)
    screen = Screen(ScreenSize(80, 24))
    chooser = HomeLoop(Keys("q"), screen, first, lambda shown: shown._replace(learned=LEARNED))  # type: ignore[arg-type]
    assert "29 of 55" not in frame(ScreenSize(80, 24), first)
    chooser.choose()
    assert "29 of 55" in screen.shown
    before, after = frame(ScreenSize(80, 24), first).splitlines(), screen.shown.splitlines()
    assert [line[:45].rstrip() for line in before] == [line[:45].rstrip() for line in after]


@given(
    st.lists(
        st.sampled_from(
            ["j", "k", "G", "g", "?", "i", "escape", "resize", "x", "pagedown", "home", "c", "z"]
        ),
        max_size=30,
    ),
    st.integers(10, 100),
    st.integers(3, 30),
    st.integers(0, 40),
)
def test_whatever_is_pressed_fits(keys: list[str], columns: int, rows: int, decks: int) -> None:
    """No frame is larger than the screen, however small that is and however many decks there are."""
    many = {f"Deck {n}::漢字 {n}": (n, 1000 * n, n % 2) for n in range(decks)}
    loop(*keys, size=(columns, rows), decks=many, overdue=50, sync="just now", learned={}).choose()
