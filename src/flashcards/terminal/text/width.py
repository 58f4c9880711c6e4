"""Display width of text, truncation and line breaking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

SPACELESS_SCRIPT_RANGES = "\u1100-\u11ff\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
"""Scripts that are written without spaces: a line may end after any of their signs."""
NO_LINE_START = "\\])}»”’、。〉》」』】〕〗〙〛,.:;!?，．：；！？）］｝・ー々…"
"""What never stands first in a line."""
NO_LINE_END = "(\\[{«“‘〈《「『【〔〖〘〚（［｛"
"""What never stands last in a line."""
BREAK_PATTERN = (
    f"[{NO_LINE_END}]*[{SPACELESS_SCRIPT_RANGES}][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*[{NO_LINE_START}]*"
    f"|(?:[^\\s{SPACELESS_SCRIPT_RANGES}]|[\u00a0\u202f])+"
    r"|\s+"
)
ASCII_BREAK_PATTERN = r"\S+|\s+"
"""What PIECES comes to in ASCII: to compile all of it takes longer than to show the first card."""
CODE_BREAK_PATTERN = r"\w+|\s+|."
"""Where a line of a program may end: between any two of its words and signs."""
ONE_COLUMN_SIGNS = re.compile("[ -~\xa1-\xac\xae-\u02ff–…↑↓▁-█▸]*")
"""Text that takes a column a sign, as most does: it needs no tables to be loaded."""


def display_width(text: str) -> int:
    """Return the columns that a text takes in a terminal; joined signs count as one."""
    if text.isascii() or ONE_COLUMN_SIGNS.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def graphemes(text: str) -> Iterator[tuple[str, int]]:
    """Yield what a reader sees as one sign, joiners and accents included, with its columns."""
    if text.isascii():
        yield from ((character, 1) for character in text)
        return
    from rich.cells import split_graphemes

    for start, end, columns in split_graphemes(text)[0]:
        yield text[start:end], columns


def truncate(text: str, columns: int) -> str:
    """Return a text that takes at most that many columns, with … where it was cut."""
    if display_width(text) <= columns:
        return text
    kept, used = "", 0
    for character, wide in graphemes(text):
        used += wide
        if used > columns - 1:
            break
        kept += character
    return kept + "…"


def wrap_text(text: Text, columns: int, pieces: str = BREAK_PATTERN) -> list[Text]:
    """Return a text in lines of at most that many columns; long words are cut, spaces between go."""
    if display_width(text.plain) <= columns:
        return [text]
    lines = list(text.divide(_line_ends(text.plain, columns, pieces)))
    for line in lines:
        line.rstrip()
    return lines


def wrap_words(text: str, columns: int) -> list[str]:
    """Return plain text in lines of at most that many columns."""
    ends = [0, *_line_ends(text, columns, BREAK_PATTERN), len(text)]
    return [text[start:end].strip() for start, end in pairwise(ends)]


def _line_ends(text: str, columns: int, pieces: str) -> list[int]:
    """Return where to end lines: offsets into the text."""
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
    """Add the ends inside a word that is longer than a line; return the columns of its rest."""
    used = 0
    for character, wide in graphemes(long_word):
        if used + wide > columns:
            ends.append(offset)
            used = 0
        used += wide
        offset += len(character)
    return used
