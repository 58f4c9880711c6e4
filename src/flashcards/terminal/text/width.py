"""Display width of text, and truncation."""

import re
from collections.abc import Iterator

ONE_COLUMN_CHARACTERS = re.compile("[ -~\xa1-\xac\xae-\u02ff–…↑↓▁-█▸]*")
"""Common characters one column wide: they need no width tables."""


def display_width(text: str) -> int:
    """Return the terminal columns a text takes."""
    if text.isascii() or ONE_COLUMN_CHARACTERS.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def graphemes(text: str) -> Iterator[tuple[str, int]]:
    """Yield the text's grapheme clusters, each with its columns."""
    if text.isascii():
        yield from ((character, 1) for character in text)
        return
    from rich.cells import split_graphemes

    for start, end, columns in split_graphemes(text)[0]:
        yield text[start:end], columns


def truncate(text: str, columns: int) -> str:
    """Cut text to `columns`, marking the cut with …."""
    if display_width(text) <= columns:
        return text
    kept, used = "", 0
    for character, wide in graphemes(text):
        used += wide
        if used > columns - 1:
            break
        kept += character
    return kept + "…"
