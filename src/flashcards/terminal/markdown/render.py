"""A card's Markdown as lines of styled text; what Markdown does not say stays as it was typed."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.text import Text

from flashcards.core.cards import Card
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import PLAIN, Medium
from flashcards.terminal.device.view import Size
from flashcards.terminal.text.sanitize import safe
from flashcards.terminal.text.width import width, wrap

SIGNS = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
    r"|[\\`*_~\[<|$]|&[#A-Za-z]|^[ \t]|^[=+>#-]|^\d{1,9}[.)]|[ \t]{2}$|\t",
    re.MULTILINE,
)
"""Where any of these is, a text may be more than it looks."""
BULLET = "- "


def render(markdown: str, columns: int, medium: Medium = PLAIN, home: str = "") -> list[Text]:
    """Return the lines of a card's side, wrapped to so many columns.

    `home` is the deck file that the side comes from: pictures are named from there.
    """
    if medium.pictures is None:
        return [line.copy() for line in _kept(markdown, columns, medium)]
    return _set(markdown, columns, medium, home)


@lru_cache(maxsize=16)
def _kept(markdown: str, columns: int, medium: Medium) -> list[Text]:
    """Keep what was set last: a card is drawn again at every key."""
    return _set(markdown, columns, medium, "")


def _set(markdown: str, columns: int, medium: Medium, home: str) -> list[Text]:
    text, columns = safe(markdown).expandtabs(4), max(8, columns)
    lines = _quick(text, columns)
    if lines is None:
        from flashcards.terminal.markdown.blocks import set_blocks

        lines = set_blocks(text, columns, medium, home)
    while lines and not lines[-1].plain:
        lines.pop()
    if any(line.justify for line in lines):
        from flashcards.terminal.text.bidi import aligned

        lines = aligned(lines, max(width(line.plain) for line in lines))
    return lines


def _quick(text: str, columns: int) -> list[Text] | None:
    """Return the lines of plain paragraphs, or of one list of plain items; None for all else.

    Most cards are no more than this, and need not wait for a parser to be loaded.
    """
    rows = [row.rstrip(" ") for row in text.strip("\n ").split("\n")] if text.strip() else []
    bullets = bool(rows) and all(row.startswith(BULLET) and row[2:3].strip() for row in rows)
    said = [row[2:] for row in rows] if bullets else rows
    if SIGNS.search("\n".join(said)) or (text.startswith(" ") and rows):
        return None
    if bullets:
        return [line for row in said for line in hung(Text(row), "• ", columns)]
    lines: list[Text] = []
    for row, before in zip(rows, ["", *rows], strict=False):
        if row or before:
            lines += wrap(Text(row), columns)
    return lines


def hung(text: Text, head: str, columns: int) -> list[Text]:
    """Return a text's lines behind a head, the second and later ones below its first word."""
    below = " " * width(head)
    pieces = wrap(text, max(4, columns - width(head)))
    return [
        Text.assemble((below if i else head, theme.CHROME), piece) for i, piece in enumerate(pieces)
    ]


def card_text(markdown: str, card: Card, size: Size, columns: int | None = None) -> list[Text]:
    """Return a text of a card as lines, set for a terminal of this size."""
    return render(markdown, columns or size.measure, size.medium, card.path)
