"""The list of cards as text, at the sizes that people have."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, card
from flashcards.core.key_bindings import BROWSE_ACTIONS, KeyBindings, resolve_bindings
from flashcards.core.progress import CardState, Progress
from flashcards.core.search_query import SearchContext
from flashcards.core.sm2 import MemoryState
from flashcards.terminal.browse.browse_port import CardListing
from flashcards.terminal.browse.frame import browse_layout, render_browse_view
from flashcards.terminal.browse.search_input import SearchLine
from flashcards.terminal.browse.state import BrowseState
from flashcards.terminal.device.view import ScreenSize, ScreenView

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = NOON.date()
KEYS = resolve_bindings(None, BROWSE_ACTIONS)
SIZES = (ScreenSize(80, 24), ScreenSize(40, 15), ScreenSize(200, 50))
RANK = card(
    "How is rank r chosen in LoRA?",
    "- Small r → fewer parameters, faster training, may underfit\n"
    + "".join(f"- point number {i}\n" for i in range(2, 12)),
    deck="Transformers, RAG & LoRA",
    tags=("lora", "fine-tuning"),
)
STATES = (
    CardState(RANK, Progress(MemoryState(218, 6, 3, 3), TODAY,
                             fsrs_memory=(4.0, 7.0), fsrs_day=TODAY - timedelta(3))),
    CardState(card("漢字 \x1b]52;c;x\x07 [/nope]", "`x`"),
              Progress(MemoryState(250, 40, 5), TODAY + timedelta(days=12), mark="wrong")),
    CardState(card("New one", "back"), Progress()),
    CardState(card("Not asked", "back"),
              Progress(MemoryState(), TODAY + timedelta(days=400), suspended=True)),
    CardState(card("Tomorrow again", "back"), Progress(buried_until=TODAY + timedelta(days=1))),
    *(CardState(card(f"Card {i} of many", "back"), Progress()) for i in range(60)),
)  # fmt: skip
SEARCH = SearchLine(TODAY, (("lora", "low rank"), ("French", "Transformers, RAG & LoRA")))


def shown(
    size: ScreenSize, search: SearchLine = SEARCH, at: int = 0, states: Sequence[CardState] = STATES,
    keys: KeyBindings = KEYS, **more: object,
) -> ScreenView:  # fmt: skip
    """Return the frame of a list with the cursor somewhere on its first page."""
    rows = states[: browse_layout(size).list_rows]
    listing = CardListing(range(1, len(states) + 1), 65, SearchContext(TODAY))
    state = BrowseState(search, listing, rows, at=max(0, min(at, len(rows) - 1)), **more)  # type: ignore[arg-type]
    return render_browse_view(size, state, keys)


def left(search: SearchLine) -> SearchLine:
    """Return a search that is no longer typed."""
    return search._replace(is_typing=False)


FAULT = (
    "Not saved: No space left on device (/home/me/.local/share/flashcards/journal/x.jsonl). Free disk space."
)
SCREENS: dict[str, Callable[[ScreenSize], ScreenView]] = {
    "list": shown,
    "selected": lambda size: shown(
        size, left(SEARCH.edit("tag:lora ease<2.3")), 1, selected={1, 2}, sort_column="due", descending=True,
        message='"New one": suspended; u undoes',
    ),
    "typing": lambda size: shown(size, SEARCH.edit("rank or tag:lo")),
    "completed": lambda size: shown(size, SEARCH.edit("is:new deck:t").apply_key("tab")),
    "wrong": lambda size: shown(size, SEARCH.edit("is:nwe"), 0, ()),
    "nothing": lambda size: shown(size, left(SEARCH.edit("xyz")), 0, ()),
    "fault": lambda size: shown(size, at=3, message=FAULT),
    "sorted-by-recall": lambda size: shown(size, sort_column="recall"),
}  # fmt: skip


def text(view: ScreenView) -> str:
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(name: str, size: ScreenSize) -> None:
    """Each screen is the text that was looked at; FLASHCARDS_SNAPSHOTS=write takes the present ones."""
    found = text(SCREENS[name](size))
    path = SNAPSHOTS / f"{name}-{size.columns}x{size.rows}.txt"
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@given(st.integers(10, 220), st.integers(3, 60), st.sampled_from(sorted(SCREENS)))
def test_every_screen_fits_every_size(columns: int, rows: int, name: str) -> None:
    """No line is too wide, no row too many, and the cursor is on the screen."""
    view = SCREENS[name](ScreenSize(columns, rows))
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)
    assert view.cursor is None or (view.cursor[0] < rows and view.cursor[1] < columns)


@given(st.text(max_size=200), st.text(max_size=200), st.integers(10, 200), st.integers(3, 40))
def test_every_card_fits_and_steers_nothing(front: str, back: str, columns: int, rows: int) -> None:
    """Whatever a card, its deck and its tags say, no control character is in the frame."""
    size = ScreenSize(columns, rows)
    state = CardState(card(front, back, deck=front, tags=(back,)), Progress(mark=back))
    view = shown(size, left(SEARCH.edit(front)), 0, (state,))
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)
    assert not any(letter < " " or letter == "\x7f" for line in view.lines for letter in line.plain)


def test_keys_that_config_gives_to_others_are_not_told() -> None:
    """A key of one's own takes the place of the list's; what lost its key is out of the bottom line."""
    own = resolve_bindings({"undo": ["a"]}, BROWSE_ACTIONS)
    assert (own.action_for_key("a"), own.action_for_key("u")) == ("undo", "")
    assert "select all" in text(shown(SIZES[2]))
    assert "select all" not in text(shown(SIZES[2], keys=own))
