"""A line that is being typed, as the screen shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.text.sanitize import STEERING
from flashcards.terminal.text.width import width

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


PASTED = "paste:"
"""Begins the name of a key that is a pasted text."""
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """What stands left and right of the cursor."""

    left: str = ""
    right: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return self.left + self.right

    def press(self, key: str) -> Line | None:
        """Return the line after a key; None when the key is no part of editing."""
        if key.startswith(PASTED):
            return self.insert(key.removeprefix(PASTED))
        if key in MOVES:
            return MOVES[key](self)
        if len(key) == 1 and key.isprintable():
            return self.insert(key)
        return None

    def insert(self, text: str) -> Line:
        """Return the line with a text at the cursor; line breaks become spaces."""
        clean = STEERING.sub("", re.sub(r"[\r\n\t]+", " ", text))
        return Line((self.left + clean)[:LONGEST], self.right)


def _without_word(line: Line) -> Line:
    return Line(re.sub(r"\S*\s*$", "", line.left), line.right)


def _word_left(line: Line) -> Line:
    kept = _without_word(line).left
    return Line(kept, line.left[len(kept) :] + line.right)


def _word_right(line: Line) -> Line:
    word = re.match(r"\s*\S*", line.right)
    end = word.end() if word else 0
    return Line(line.left + line.right[:end], line.right[end:])


MOVES: Mapping[str, Callable[[Line], Line]] = {
    "space": lambda line: line.insert(" "),
    "back": lambda line: Line(line.left[:-1], line.right),
    "ctrl-h": lambda line: Line(line.left[:-1], line.right),
    "delete": lambda line: Line(line.left, line.right[1:]),
    "left": lambda line: Line(line.left[:-1], line.left[-1:] + line.right),
    "right": lambda line: Line(line.left + line.right[:1], line.right[1:]),
    "ctrl-b": lambda line: Line(line.left[:-1], line.left[-1:] + line.right),
    "ctrl-f": lambda line: Line(line.left + line.right[:1], line.right[1:]),
    "home": lambda line: Line("", line.text),
    "ctrl-a": lambda line: Line("", line.text),
    "end": lambda line: Line(line.text),
    "ctrl-e": lambda line: Line(line.text),
    "ctrl-u": lambda line: Line("", line.right),
    "ctrl-k": lambda line: Line(line.left),
    "ctrl-w": _without_word,
    "ctrl-left": _word_left,
    "ctrl-right": _word_right,
}
"""As every shell has them."""
