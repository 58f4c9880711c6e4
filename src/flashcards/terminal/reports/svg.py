"""Render a page as an SVG image."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from flashcards.terminal import theme
from flashcards.terminal.device.screen import styled_runs
from flashcards.terminal.text.styled_line import FrameLine
from flashcards.terminal.text.width import display_width, graphemes

CELL_WIDTH, CELL_HEIGHT, PAGE_MARGIN = 8.4, 18, 16  # pixels of a character, and of the margin around the page
SVG_COLOURS = {  # terminal colours; "" is that of plain text
    "dark": {"": "#d6d9de", "paper": "#16191d", "cyan": "#5ccfe6", "green": "#87d96c",
             "yellow": "#ffd173", "red": "#f28779", "blue": "#73b8ff", "magenta": "#dfbfff"},
    "light": {"": "#24292f", "paper": "#ffffff", "cyan": "#0b7285", "green": "#2b7a0b",
              "yellow": "#8a6100", "red": "#c2255c", "blue": "#0b5cad", "magenta": "#862e9c"},
}  # fmt: skip
CSS_RULES = {
    "bold": "font-weight:bold", "dim": "opacity:.6", "italic": "font-style:italic",
    "underline": "text-decoration:underline", "strike": "text-decoration:line-through",
}  # fmt: skip


def render_svg(lines: Sequence[FrameLine], columns: int, title: str) -> str:
    """Render a page as SVG; text keeps its columns in any font."""
    width, height = columns * CELL_WIDTH + 2 * PAGE_MARGIN, len(lines) * CELL_HEIGHT + 2 * PAGE_MARGIN
    size = f'width="{width:g}" height="{height:g}"'
    box = f'viewBox="0 0 {width:g} {height:g}" {size}'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_style_sheet()}</style>",
        f'<rect class="paper" {size} rx="8"/>',
        *(piece for row, line in enumerate(lines) for piece in _line_elements(line, row)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _style_sheet() -> str:
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
        words = [word for word in theme.style_words(role, palette) if word in CSS_RULES or word in colours]
        declarations = [CSS_RULES.get(word) or f"fill:{colours[word]}" for word in words]
        if declarations:
            yield f".{role}{{{';'.join(declarations)}}}"


def _line_elements(line: FrameLine, row: int) -> Iterator[str]:
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
    class_attribute = f' class="{escape(style)}"' if style else ""
    return f"<text {place}{length}{class_attribute}>{escape(text)}</text>"


def _same_font_runs(piece: str) -> Iterator[tuple[str, int]]:
    """Yield runs of ASCII, and single other characters, with columns."""
    # Other characters may come from another font, so each gets its own width.
    for _, group in groupby(graphemes(piece), key=lambda sign: sign[0].isascii() or sign[0]):
        signs = list(group)
        yield ("".join(sign for sign, _ in signs), sum(wide for _, wide in signs))
