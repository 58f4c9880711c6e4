"""Screen size, and the view that fits it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, Capabilities

if TYPE_CHECKING:
    from flashcards.terminal.text.styled_line import FrameLine

MAX_TEXT_WIDTH = 72
"""The widest that card text is set, in columns: longer lines are hard to read."""
SHORT_SCREEN_ROWS = 18
"""Rows below which the frame around a card gives way to it."""


class ScreenSize(NamedTuple):
    """Columns and rows of the terminal."""

    columns: int
    rows: int
    capabilities: Capabilities = DEFAULT_CAPABILITIES
    """What can be shown there."""

    @property
    def text_width(self) -> int:
        """The columns that card text may take."""
        return max(8, min(MAX_TEXT_WIDTH, self.columns - 2))


class ScreenView(NamedTuple):
    """A frame and how far its middle can be scrolled, in rows."""

    lines: Sequence[FrameLine]
    max_scroll: int = 0
    cursor: tuple[int, int] | None = None
    """Row and column, from 0, at which text is being typed."""


def fit_lines(lines: Sequence[FrameLine], size: ScreenSize) -> Sequence[FrameLine]:
    """Return the lines cut to the screen; the last ones stay, for they tell the keys."""
    if len(lines) > size.rows:
        lines = [*lines[: size.rows - 1], *lines[-1:]]
    for line in lines:
        line.truncate(size.columns, overflow="ellipsis")
    return lines
