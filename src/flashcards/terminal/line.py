"""One line that is being typed: a frozen value; each key makes the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flashcards.terminal.console import STEERING

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
