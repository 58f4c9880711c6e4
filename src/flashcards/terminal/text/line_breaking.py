"""Break text into lines, also in scripts without spaces."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from flashcards.terminal.text.width import display_width, graphemes

if TYPE_CHECKING:
    from rich.text import Text

SPACELESS_SCRIPT_RANGES = "\u1100-\u11ff\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
"""Scripts written without spaces: a line may end after any of their characters."""
NO_LINE_START = "\\])}»”’、。〉》」』】〕〗〙〛,.:;!?，．：；！？）］｝・ー々…"
NO_LINE_END = "(\\[{«“‘〈《「『【〔〖〘〚（［｛"
BREAK_PATTERN = (
    f"[{NO_LINE_END}]*[{SPACELESS_SCRIPT_RANGES}][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*[{NO_LINE_START}]*"
    f"|(?:[^\\s{SPACELESS_SCRIPT_RANGES}]|[\u00a0\u202f])+"
    r"|\s+"
)
ASCII_BREAK_PATTERN = r"\S+|\s+"
"""BREAK_PATTERN for ASCII: compiling the full one takes longer than showing the first card."""
CODE_BREAK_PATTERN = r"\w+|\s+|."  # code may be broken between any two words or symbols


def wrap_text(text: Text, columns: int, pieces: str = BREAK_PATTERN) -> list[Text]:
    """Wrap text to `columns`; too long words are cut."""
    if display_width(text.plain) <= columns:
        return [text]
    lines = list(text.divide(_line_ends(text.plain, columns, pieces)))
    for line in lines:
        line.rstrip()
    return lines


def wrap_words(text: str, columns: int) -> list[str]:
    """Wrap plain text to `columns`."""
    ends = [0, *_line_ends(text, columns, BREAK_PATTERN), len(text)]
    return [text[start:end].strip() for start, end in pairwise(ends)]


def _line_ends(text: str, columns: int, pieces: str) -> list[int]:
    ends: list[int] = []
    sizes: dict[str, int] = {}
    offset = used = 0
    if pieces is BREAK_PATTERN and text.isascii():
        pieces = ASCII_BREAK_PATTERN
    for piece in re.findall(pieces, text):
        if (wide := sizes.get(piece, -1)) < 0:
            wide = sizes[piece] = display_width(piece)
        if used + wide > columns and not piece.isspace():
            if used:
                ends.append(offset)
                used = 0
            if wide > columns:
                used = _break_long_word(piece, offset, columns, ends)
                offset += len(piece)
                continue
        used += wide
        offset += len(piece)
    return ends


def _break_long_word(long_word: str, offset: int, columns: int, ends: list[int]) -> int:
    """Add line ends inside a long word; return its last line's columns."""
    used = 0
    for character, wide in graphemes(long_word):
        if used + wide > columns:
            ends.append(offset)
            used = 0
        used += wide
        offset += len(character)
    return used
