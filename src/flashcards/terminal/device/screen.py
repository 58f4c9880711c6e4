"""The screen: a page becomes one write, so that nothing flickers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import TextIO

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import PLAIN, Medium, Pictures
from flashcards.terminal.device.view import Size, View
from flashcards.terminal.text.sanitize import encodable, safe, write_line
from flashcards.terminal.theme import chosen

BEGIN = "\x1b[?2026h\x1b[?25l\x1b[?7l\x1b[H"
"""Hold the picture until the end, let no line run over its edge, and start in the corner."""
END = "\x1b[?7h\x1b[?2026l"


class Screen:
    """A terminal to draw on, in the colours of a palette."""

    def __init__(
        self, sink: int, encoding: str, palette: str = "dark", medium: Medium = PLAIN
    ) -> None:
        self._sink = sink
        self._encoding = encoding
        self._medium = medium
        self._palette = palette
        self.drawn: View | None = None
        """What was put there last."""

    def wear(self, palette: str) -> None:
        """Use another palette from the next page on."""
        self._palette = palette

    def learn(self, word: str, sixels: Callable[[], Pictures]) -> None:
        """Take what the terminal says of itself: light, dark, or sixel."""
        if word in theme.PALETTES:
            self.wear(word)
        elif word == "sixel" and self._medium.pictures is None:
            self._medium = replace(self._medium, pictures=sixels())

    @property
    def size(self) -> Size:
        """The terminal's size now."""
        columns, rows = 80, 24
        with suppress(OSError):
            columns, rows = os.get_terminal_size(self._sink)
        if self._medium.pictures is not None:
            self._medium.pictures.fit(rows)
        return Size(max(10, columns), max(3, rows), self._medium)

    def forget(self) -> None:
        """Take nothing for granted: the terminal was another's meanwhile."""
        if self._medium.pictures is not None:
            self._medium.pictures.forget()

    def draw(self, view: View) -> None:
        """Put a view on the screen."""
        self.drawn = view
        # Cleared before they are written: behind a full line the cursor stands on its last sign.
        lines = "\r\n".join(f"\x1b[2K{painted(line, self._palette)}" for line in view.lines)
        rest = "\r\n\x1b[J" if len(view.lines) < self.size.rows else ""
        pictures = self._medium.pictures
        drawn = pictures.sequences(view.lines) if pictures is not None else ""
        frame = encodable(f"{BEGIN}{lines}{rest}{drawn}{_cursor(view)}{END}", self._encoding)
        left = frame.encode(self._encoding, "replace")
        while left:
            left = left[os.write(self._sink, left) :]


def _cursor(view: View) -> str:
    """Return what shows the cursor where text is being typed."""
    if view.cursor is None:
        return ""
    row, column = view.cursor
    return f"\x1b[{row + 1};{column + 1}H\x1b[?25h"


def painted(line: Text, palette: str) -> str:
    """Return a line with the sequences that style it; each piece begins and ends plain."""
    out = []
    for piece, style in runs(line):
        switch = theme.codes(style, palette)
        out.append(f"\x1b[{switch}m{piece}\x1b[0m" if switch else piece)
    return "".join(out)


def runs(line: Text) -> Iterator[tuple[str, str]]:
    """Yield a line's pieces, each with the style that it wears from end to end."""
    plain = line.plain
    spans = [(span.start, span.end, str(span.style)) for span in line.spans if span.style]
    edges = sorted({0, len(plain), *(edge for start, end, _ in spans for edge in (start, end))})
    for start, end in pairwise(edges):
        worn = [style for first, last, style in spans if first <= start and end <= last]
        yield plain[start:end], " ".join((str(line.style), *worn)).strip()


def write_styled(
    stream: TextIO, lines: Iterable[Text], setting: str, environment: Mapping[str, str]
) -> None:
    """Write lines in the palette that the setting `theme` stands for.

    Nobody waits here for a terminal to tell its background: where it is unknown, no colour is.
    """
    if not stream.isatty() or environment.get("TERM", "dumb") == "dumb":
        for line in lines:
            write_line(stream, line.plain)
        return
    palette, unsure = chosen(setting, environment)
    for line in lines:
        gated = line if safe(line.plain) == line.plain else Text(safe(line.plain))
        shown = painted(gated, "mono" if unsure else palette)
        stream.write(encodable(shown, stream.encoding) + "\n")
    stream.flush()
