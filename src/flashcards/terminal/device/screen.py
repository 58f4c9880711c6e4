"""Draw frames and styled lines on the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, TextIO

from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, Capabilities
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.text.sanitize import sanitize, to_encoding, write_line
from flashcards.terminal.text.styled_line import FrameLine, StyledLine
from flashcards.terminal.theme import choose_palette

if TYPE_CHECKING:
    from flashcards.terminal.device.images import ImageRenderer

FRAME_START = "\x1b[?2026h\x1b[?25l\x1b[?7l\x1b[H"
"""Synchronized update, no cursor, no line wrap, then go to the top left."""
FRAME_END = "\x1b[?7h\x1b[?2026l"


class TerminalScreen:
    """A terminal to draw on, in the colours of a palette."""

    def __init__(
        self,
        output_fd: int,
        encoding: str,
        palette: str = "dark",
        capabilities: Capabilities = DEFAULT_CAPABILITIES,
    ) -> None:
        self._output_fd = output_fd
        self._encoding = encoding
        self._capabilities = capabilities
        self._palette = palette
        self._has_shades = theme.has_256_colours(os.environ)
        self.last_view: ScreenView | None = None

    def set_palette(self, palette: str) -> None:
        """Use another palette from the next frame on."""
        self._palette = palette

    def on_terminal_reply(self, reply: str, sixels: Callable[[], ImageRenderer]) -> None:
        """Take a reply of the terminal: light, dark or sixel."""
        if reply in theme.STYLES_BY_PALETTE:
            self.set_palette(reply)
        elif reply == "sixel" and self._capabilities.image_drawer is None:
            self._capabilities = self._capabilities._replace(image_drawer=sixels())

    @property
    def size(self) -> ScreenSize:
        """The terminal's current size."""
        columns, rows = 80, 24
        with suppress(OSError):
            columns, rows = os.get_terminal_size(self._output_fd)
        if self._capabilities.image_drawer is not None:
            self._capabilities.image_drawer.set_screen_rows(rows)
        return ScreenSize(max(10, columns), max(3, rows), self._capabilities)

    def invalidate(self) -> None:
        """Forget what is on the screen: another program used it."""
        if self._capabilities.image_drawer is not None:
            self._capabilities.image_drawer.invalidate()

    def draw_view(self, view: ScreenView) -> None:
        """Draw a view."""
        self.last_view = view
        # Lines are cleared first: after a full line the cursor is still on its last character.
        lines = "\r\n".join(
            f"\x1b[2K{style_line(line, self._palette, has_shades=self._has_shades)}" for line in view.lines
        )
        rest = "\r\n\x1b[J" if len(view.lines) < self.size.rows else ""
        image_drawer = self._capabilities.image_drawer
        images = image_drawer.draw_sequences(view.lines) if image_drawer is not None else ""
        frame = to_encoding(
            f"{FRAME_START}{lines}{rest}{images}{_cursor_sequence(view)}{FRAME_END}", self._encoding
        )
        left = frame.encode(self._encoding, "replace")
        while left:  # a terminal may take only a part at once
            left = left[os.write(self._output_fd, left) :]


def _cursor_sequence(view: ScreenView) -> str:
    if view.cursor is None:
        return ""
    row, column = view.cursor
    return f"\x1b[{row + 1};{column + 1}H\x1b[?25h"


def style_line(line: FrameLine, palette: str, *, has_shades: bool = False) -> str:
    """Return a line with the escape sequences of its styles."""
    # Heat-map characters become squares where the terminal has enough colours for shades.
    pieces = []
    for piece, style in styled_runs(line):
        codes, shown = theme.sgr_codes(style, palette), piece
        if style in theme.SHADES and palette != "mono":
            shown = "■" * len(piece) if has_shades else piece
            codes = codes if has_shades else theme.sgr_codes(theme.ACCENT, palette)
        pieces.append(f"\x1b[{codes}m{shown}\x1b[0m" if codes else shown)
    return "".join(pieces)


def styled_runs(line: FrameLine) -> Iterator[tuple[str, str]]:
    """Yield a line's runs of one style each."""
    if isinstance(line, StyledLine):
        yield from line.runs
        return
    plain = line.plain
    spans = [(span.start, span.end, str(span.style)) for span in line.spans if span.style]
    edges = sorted({0, len(plain), *(edge for start, end, _ in spans for edge in (start, end))})
    for start, end in pairwise(edges):
        styles = [style for first, last, style in spans if first <= start and end <= last]
        yield plain[start:end], " ".join((str(line.style), *styles)).strip()


def write_styled_lines(
    stream: TextIO, lines: Iterable[FrameLine], setting: str, environment: Mapping[str, str]
) -> None:
    """Write lines in the palette of the setting `theme`."""
    # The terminal is not asked for its background: where that is unknown, no colour is used.
    if not stream.isatty() or environment.get("TERM", "dumb") == "dumb":
        for line in lines:
            write_line(stream, line.plain)
        return
    palette, unsure = choose_palette(setting, environment)
    for line in lines:
        sanitized = line if sanitize(line.plain) == line.plain else StyledLine(sanitize(line.plain))
        shown = style_line(sanitized, "mono" if unsure else palette)
        stream.write(to_encoding(shown, stream.encoding) + "\n")
    stream.flush()
