"""A card's text as styled lines: plain text at once, Markdown by way of its blocks."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rich.text import Text

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import is_single_line
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, Capabilities
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize
from flashcards.terminal.text.width import display_width

MARKUP_CHARACTERS = re.compile(  # text without any of these is plain, and needs no Markdown parser
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
    r"|[\\`*_~\[<|$]|&[#A-Za-z]|^[ \t]|^[=+>#-]|^\d{1,9}[.)]|[ \t]{2}$|\t",
    re.MULTILINE,
)
LIST_BULLET = "- "
UNLIMITED_COLUMNS = 1_000_000


def render_markdown(
    markdown: str, width: int, capabilities: Capabilities = DEFAULT_CAPABILITIES, deck_path: str = ""
) -> list[Text]:
    """Return a card side's lines, wrapped to `width` columns."""
    # Image paths are relative to `deck_path`.
    if capabilities.image_drawer is None:
        return [line.copy() for line in _render_cached(markdown, width, capabilities)]
    return _render_uncached(markdown, width, capabilities, deck_path)


@lru_cache(maxsize=16)  # a card is drawn again at every key
def _render_cached(markdown: str, width: int, capabilities: Capabilities) -> list[Text]:
    return _render_uncached(markdown, width, capabilities, "")


def _render_uncached(markdown: str, width: int, capabilities: Capabilities, deck_path: str) -> list[Text]:
    text, width = sanitize(markdown).expandtabs(4), max(8, width)
    lines = _render_plain(text, width)
    if lines is None:
        from flashcards.terminal.markdown.render_blocks import render_blocks

        lines = render_blocks(text, width, capabilities, deck_path)
    if any(line.justify for line in lines):
        lines = align_rtl_lines(lines, max(display_width(line.plain) for line in lines))
    return lines


def align_rtl_lines(lines: Iterable[Text], width: int) -> list[Text]:
    """Right-align the right-to-left lines within `width` columns."""
    return [
        Text(" " * max(0, width - display_width(line.plain)), justify="right") + line
        if line.justify == "right"
        else line
        for line in lines
    ]


def _render_plain(text: str, width: int) -> list[Text] | None:
    """Return the lines of plain paragraphs or one flat list, else None."""
    # Most cards are no more than this, and then the parser is never loaded.
    rows = [row.rstrip(" ") for row in text.strip("\n ").split("\n")] if text.strip() else []
    is_list = (
        bool(rows)
        and not is_single_line(text)
        and all(row.startswith(LIST_BULLET) and row[2:3].strip() for row in rows)
    )
    texts = [row[2:] for row in rows] if is_list else rows
    if MARKUP_CHARACTERS.search("\n".join(texts)) or (text.startswith(" ") and rows):
        return None
    if is_list:
        return [line for row in texts for line in _bulleted(row, width)]
    lines: list[Text] = []
    for row, before in zip(rows, ["", *rows], strict=False):
        if row or before:
            lines += wrap_text(Text(row), width)
    return lines


def plain_lines(markdown: str) -> str:
    """Return a card side as plain, unwrapped lines without markup."""
    capabilities = Capabilities(reorders_rtl=True, is_line_output=True)
    return "\n".join(line.plain for line in render_markdown(markdown, UNLIMITED_COLUMNS, capabilities))


def _bulleted(text: str, width: int) -> list[Text]:
    pieces = wrap_text(Text(text), max(4, width - 2))
    return [Text.assemble(("  " if i else "• ", theme.CHROME), piece) for i, piece in enumerate(pieces)]


def card_text(markdown: str, card: Card, size: ScreenSize, columns: int | None = None) -> list[Text]:
    """Return a card's text as lines for this screen size."""
    return render_markdown(markdown, columns or size.text_width, size.capabilities, card.path)
