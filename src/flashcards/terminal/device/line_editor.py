"""One line of text being typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from flashcards.terminal import theme
from flashcards.terminal.text.sanitize import CONTROL_CHARACTERS
from flashcards.terminal.text.width import display_width

if TYPE_CHECKING:
    from rich.text import Text

DEFAULT_PROMPT = "› "


def render_input(line: LineInput, width: int, prompt: str = DEFAULT_PROMPT) -> tuple[Text, int]:
    """Return the visible part of the line, and the cursor's column."""
    from rich.text import Text

    text_width = max(4, width - display_width(prompt) - 1)
    left, right = line.before_cursor, line.after_cursor
    while display_width(left) > text_width:
        left = left[1:]
    while display_width(left) + display_width(right) > text_width:
        right = right[:-1]
    return Text.assemble((prompt, theme.ACCENT), left, right), display_width(prompt) + display_width(left)


PASTE_PREFIX = "paste:"  # starts the key name of pasted text
MAX_LENGTH = 2_000


class LineInput(NamedTuple):
    """The text before and after the cursor."""

    before_cursor: str = ""
    after_cursor: str = ""

    @property
    def text(self) -> str:
        """The whole line."""
        return self.before_cursor + self.after_cursor

    def apply_key(self, key: str) -> LineInput | None:
        """Return the line after a key; None if it edits nothing."""
        if key.startswith(PASTE_PREFIX):
            return self.insert_text(key.removeprefix(PASTE_PREFIX))
        if edit := EDITING_KEYS.get(KEY_SYNONYMS.get(key, key)):
            return edit(self)
        if len(key) == 1 and key.isprintable():
            return self.insert_text(key)
        return None

    def insert_text(self, text: str) -> LineInput:
        """Insert text at the cursor; line breaks become spaces."""
        clean = re.sub(CONTROL_CHARACTERS, "", re.sub(r"[\r\n\t]+", " ", text))
        return LineInput((self.before_cursor + clean)[:MAX_LENGTH], self.after_cursor)


def _delete_word_left(line: LineInput) -> LineInput:
    return LineInput(re.sub(r"\S*\s*$", "", line.before_cursor), line.after_cursor)


def _move_word_left(line: LineInput) -> LineInput:
    kept = _delete_word_left(line).before_cursor
    return LineInput(kept, line.before_cursor[len(kept) :] + line.after_cursor)


def _move_word_right(line: LineInput) -> LineInput:
    word = re.match(r"\s*\S*", line.after_cursor)
    end = word.end() if word else 0
    return LineInput(line.before_cursor + line.after_cursor[:end], line.after_cursor[end:])


EDITING_KEYS: Mapping[str, Callable[[LineInput], LineInput]] = {  # the keys of readline
    "space": lambda line: line.insert_text(" "),
    "back": lambda line: LineInput(line.before_cursor[:-1], line.after_cursor),
    "delete": lambda line: LineInput(line.before_cursor, line.after_cursor[1:]),
    "left": lambda line: LineInput(line.before_cursor[:-1], line.before_cursor[-1:] + line.after_cursor),
    "right": lambda line: LineInput(line.before_cursor + line.after_cursor[:1], line.after_cursor[1:]),
    "home": lambda line: LineInput("", line.text),
    "end": lambda line: LineInput(line.text),
    "ctrl-u": lambda line: LineInput("", line.after_cursor),
    "ctrl-k": lambda line: LineInput(line.before_cursor),
    "ctrl-w": _delete_word_left,
    "ctrl-left": _move_word_left,
    "ctrl-right": _move_word_right,
}
KEY_SYNONYMS = {"ctrl-h": "back", "ctrl-b": "left", "ctrl-f": "right", "ctrl-a": "home", "ctrl-e": "end"}
