"""The size of a terminal, and what becomes of a screen in a small one."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from flashcards.terminal.device.capabilities import PLAIN, Medium

MEASURE = 72
"""The widest that card text is set, in columns: longer lines are hard to read."""
SHORT = 18
"""Rows below which the frame around a card gives way to it."""


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows of the terminal."""

    columns: int
    rows: int
    medium: Medium = PLAIN
    """What can be shown there."""

    @property
    def measure(self) -> int:
        """The columns that card text may take."""
        return max(8, min(MEASURE, self.columns - 2))


@dataclass(frozen=True, slots=True)
class View:
    """A frame and how far its middle can be scrolled, in rows."""

    lines: list[Text]
    most: int = 0
    cursor: tuple[int, int] | None = None
    """Row and column, from 0, at which text is being typed."""


def fitted(lines: list[Text], size: Size) -> list[Text]:
    """Return the lines cut to the screen; the last ones stay, for they tell the keys."""
    if len(lines) > size.rows:
        lines = lines[: size.rows - 1] + lines[-1:]
    for line in lines:
        line.truncate(size.columns, overflow="ellipsis")
    return lines
