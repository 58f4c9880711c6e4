"""A line that is being typed, as the screen shows it."""

from __future__ import annotations

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.columns import width
from flashcards.terminal.line import Line

PROMPT = "› "


def field(line: Line, columns: int, prompt: str = PROMPT) -> tuple[Text, int]:
    """Return a line that is being typed, and the cursor's column: the part that fits around it."""
    room = max(4, columns - width(prompt) - 1)
    left, right = line.left, line.right
    while width(left) > room:
        left = left[1:]
    while width(left) + width(right) > room:
        right = right[:-1]
    return Text.assemble((prompt, theme.ACCENT), left, right), width(prompt) + width(left)
