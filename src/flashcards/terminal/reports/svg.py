"""Render a page as an SVG image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from flashcards.terminal import theme
from flashcards.terminal.device.screen import styled_runs
from flashcards.terminal.text.width import display_width, graphemes

if TYPE_CHECKING:
    from flashcards.terminal.text.styled_line import FrameLine

CELL_WIDTH, CELL_HEIGHT, PAGE_MARGIN = 8.4, 18, 16
"""Pixels of one sign, across and down, and around the page."""
SVG_COLOURS = {
    "dark": {"": "#d6d9de", "paper": "#16191d", "cyan": "#5ccfe6", "green": "#87d96c",
             "yellow": "#ffd173", "red": "#f28779", "blue": "#73b8ff", "magenta": "#dfbfff"},
    "light": {"": "#24292f", "paper": "#ffffff", "cyan": "#0b7285", "green": "#2b7a0b",
              "yellow": "#8a6100", "red": "#c2255c", "blue": "#0b5cad", "magenta": "#862e9c"},
}  # fmt: skip
"""What a terminal's colours come to; "" is that of plain text."""
CSS_RULES = {
    "bold": "font-weight:bold", "dim": "opacity:.6", "italic": "font-style:italic",
    "underline": "text-decoration:underline", "strike": "text-decoration:line-through",
}  # fmt: skip


def render_svg(lines: Sequence[FrameLine], columns: int, title: str) -> str:
    """Return a page as a picture; each piece of text keeps its columns, whatever the font is."""
    page_width, down = (columns * CELL_WIDTH + 2 * PAGE_MARGIN, len(lines) * CELL_HEIGHT + 2 * PAGE_MARGIN)
    box = f'viewBox="0 0 {page_width:g} {down:g}" '
    box += f'width="{page_width:g}" height="{down:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_style_sheet()}</style>",
        f'<rect class="paper" width="{page_width:g}" height="{down:g}" rx="8"/>',
        *(piece for row, line in enumerate(lines) for piece in _line_elements(line, row)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _style_sheet() -> str:
    """Return the rules for every role, once for dark and once for light."""
    font = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
    common = f"text{{font:14px {font};white-space:pre}}\n"
    light = "".join(f"{rule}\n" for rule in _css_rules("light"))
    dark = "".join(f"{rule}\n" for rule in _css_rules("dark"))
    return f"{common}{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


def _css_rules(palette: str) -> Iterator[str]:
    colours = SVG_COLOURS[palette]
    yield f".paper{{fill:{colours['paper']}}}"
    yield f"text{{fill:{colours['']}}}"
    for role in (*theme.STYLES_BY_PALETTE[palette], *CSS_RULES):
        worn = [word for word in theme.style_words(role, palette) if word in CSS_RULES or word in colours]
        declarations = [CSS_RULES.get(word) or f"fill:{colours[word]}" for word in worn]
        if declarations:
            yield f".{role}{{{';'.join(declarations)}}}"


def _line_elements(line: FrameLine, row: int) -> Iterator[str]:
    """Yield the pieces of a line, each at its place and as wide as its columns."""
    column = 0
    for piece, style in styled_runs(line):
        for part, wide in _same_font_runs(piece):
            if part.strip():
                indent = len(part) - len(part.lstrip())
                yield _text_element(part.strip(), row, column + indent, style)
            column += wide


def _text_element(text: str, row: int, column: int, style: str) -> str:
    place = f'x="{PAGE_MARGIN + column * CELL_WIDTH:g}" '
    place += f'y="{PAGE_MARGIN + (row + 0.75) * CELL_HEIGHT:g}"'
    length = f' textLength="{display_width(text) * CELL_WIDTH:g}"' if len(text) > 1 else ""
    worn = f' class="{escape(style)}"' if style else ""
    return f"<text {place}{length}{worn}>{escape(text)}</text>"


def _same_font_runs(piece: str) -> Iterator[tuple[str, int]]:
    """Yield stretches of ASCII, and of each other sign, with their columns: fonts differ there."""
    for _, group in groupby(graphemes(piece), key=lambda sign: sign[0].isascii() or sign[0]):
        signs = list(group)
        yield ("".join(sign for sign, _ in signs), sum(wide for _, wide in signs))
