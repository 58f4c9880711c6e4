"""Screen size, and the view that fits it."""

from collections.abc import Sequence
from typing import NamedTuple

from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, Capabilities
from flashcards.terminal.text.styled_line import FrameLine

MAX_TEXT_WIDTH = 72  # columns of card text at most: longer lines are hard to read
SHORT_SCREEN_ROWS = 18  # with fewer rows, a card is drawn without its frame


class ScreenSize(NamedTuple):
    """The terminal's size and what it can show."""

    columns: int
    rows: int
    capabilities: Capabilities = DEFAULT_CAPABILITIES

    @property
    def text_width(self) -> int:
        """The columns card text may take."""
        return max(8, min(MAX_TEXT_WIDTH, self.columns - 2))


class ScreenView(NamedTuple):
    """A frame, and how many rows its middle scrolls."""

    lines: Sequence[FrameLine]
    max_scroll: int = 0
    cursor: tuple[int, int] | None = None  # row and column of the text cursor, from 0


def fit_lines(lines: Sequence[FrameLine], size: ScreenSize) -> Sequence[FrameLine]:
    """Cut lines to the screen, keeping the last one: the key hints."""
    if len(lines) > size.rows:
        lines = [*lines[: size.rows - 1], *lines[-1:]]
    for line in lines:
        line.truncate(size.columns, overflow="ellipsis")
    return lines
