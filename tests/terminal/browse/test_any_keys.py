"""Any keys in any order on a real store: every frame fits, and undo leads back to the beginning."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import Clock, open_store, put_deck
from flashcards.app.browse_cards import StoreBrowsePort
from flashcards.core.key_bindings import BROWSE_ACTIONS, resolve_bindings
from flashcards.core.progress import CardState
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from flashcards.terminal.browse.loop import BrowseLoop
from flashcards.terminal.device.line_editor import PASTE_PREFIX
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.study.page_loop import PageTerminal

DECK = "deck: Any\ncards:\n" + "".join(
    f"  - {{id: c{i}, front: Question {i}, back: b, tags: ['t{i % 3}', '\"x y']}}\n" for i in range(7)
)
KEYS = st.sampled_from(
    [
        *(key for action in BROWSE_ACTIONS if action.name != "edit" for key in action.default_keys
          if action.name != "quit"),
        *'-()"<:2z', "tag:t1", "is:due", "resize", "back", "backtab", "tab", "ctrl-u", "escape",
        f"{PASTE_PREFIX}tag:t2 \x1b]0;x\x07", *(["space", "enter", "/", "down"] * 3),
    ]
)  # fmt: skip


class Keyboard:
    """Types a list of keys, with pauses, then leaves."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = iter(keys)

    def read_key(self, *, accept_paste: bool = False, on_idle: Callable[[], None] | None = None) -> str:
        if on_idle:
            on_idle()
        key = next(self._keys, "eof")
        return "" if key.startswith(PASTE_PREFIX) and not accept_paste else key

    def suspended_terminal(self) -> nullcontext[None]:
        return nullcontext()


class Screen:
    """Checks that each frame fits, and that nothing in it steers a terminal."""

    def __init__(self, size: ScreenSize) -> None:
        self.size = size
        self.last_view: ScreenView | None = None

    def draw_view(self, view: ScreenView) -> None:
        assert len(view.lines) <= self.size.rows
        assert all(line.cell_len <= self.size.columns for line in view.lines)
        assert not any(letter < " " for line in view.lines for letter in line.plain)
        if view.cursor:
            row, column = view.cursor
            assert 0 <= row < self.size.rows
            assert 0 <= column < self.size.columns
        self.last_view = view


def states(store: Store) -> list[CardState]:
    store.refresh_index()
    return list(store.query(lambda index: list(cards.card_states(index))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(KEYS, max_size=60), st.integers(10, 150), st.integers(3, 30))
def test_whatever_is_pressed_fits_and_can_be_undone(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], columns: int, rows: int
) -> None:
    """All that was done is undone, step by step."""
    folder = tmp_path_factory.mktemp("keys")
    put_deck(folder, DECK)
    store = open_store(folder, Clock())
    before = states(store)
    keyboard, screen = Keyboard(keys), Screen(ScreenSize(columns, rows))
    port = StoreBrowsePort(store)
    BrowseLoop(port, PageTerminal(keyboard, screen, resolve_bindings(None, BROWSE_ACTIONS))).run()  # type: ignore[arg-type]
    while port.undo_last():
        pass
    assert states(store) == before
    store.close()
