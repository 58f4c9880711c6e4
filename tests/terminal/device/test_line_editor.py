"""A line that is typed: every key of a shell's line, and nothing that could steer a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.terminal.device.line_editor import (
    EDITING_KEYS,
    PASTE_PREFIX,
    LineInput,
    render_input,
)

KEYS = st.sampled_from([*EDITING_KEYS, "a", "é", "漢", "x", "up", "enter", f"{PASTE_PREFIX}a\nb\x1b[31m"])


def press(line: LineInput, *keys: str) -> LineInput:
    for key in keys:
        line = line.apply_key(key) or line
    return line


@pytest.mark.parametrize(
    ("keys", "left", "right"),
    [
        (["a", "space", "b"], "a b", ""),
        (["a", "b", "back"], "a", ""),
        (["a", "b", "left", "x"], "ax", "b"),
        (["a", "b", "home", "delete"], "", "b"),
        (["a", "b", "left", "ctrl-k"], "a", ""),
        (["a", "b", "left", "ctrl-u"], "", "b"),
        ([*"one two", "ctrl-w"], "one ", ""),
        ([*"one two", "ctrl-left", "ctrl-left", "ctrl-right"], "one", " two"),
        ([f"{PASTE_PREFIX}two\r\nlines"], "two lines", ""),
        ([f"{PASTE_PREFIX}a\x1b[31mb\u202e"], "a[31mb", ""),
    ],
)
def test_what_each_key_does(keys: list[str], left: str, right: str) -> None:
    """As in any shell; what is pasted is one line, and steers nothing."""
    assert press(LineInput(), *keys) == LineInput(left, right)


def test_keys_that_edit_nothing_are_left_to_others() -> None:
    """Enter and escape are not for the line."""
    assert LineInput("a").apply_key("enter") is None
    assert LineInput("a").apply_key("escape") is None


@given(st.lists(KEYS, max_size=30), st.integers(10, 60))
def test_a_field_shows_the_cursor_at_any_width(keys: list[str], columns: int) -> None:
    """However long the line, it fits, and the cursor is inside."""
    text, cursor = render_input(press(LineInput(), *keys), columns)
    assert text.cell_len <= columns
    assert cursor < columns
