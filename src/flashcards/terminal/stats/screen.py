"""The screen of `stats`: one view at a time, and keys that move between them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.core.stats.definitions import MEANINGS
from flashcards.terminal import theme
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import Screen
from flashcards.terminal.device.view import Size, View, fitted
from flashcards.terminal.stats import VIEWS
from flashcards.terminal.stats.layout import MEASURE
from flashcards.terminal.study.footer import Told, key_line
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, wrap

HELP = len(VIEWS)
"""The number of the page behind `?`."""
NEXT, BEFORE = ("right", "tab", "l", "n"), ("left", "backtab", "h", "p")
LEAVE = ("q", "escape", "eof")
LINES = {"down": 1, "j": 1, "up": -1, "k": -1}
PAGES = {"pagedown": 1, "space": 1, "pageup": -1, "back": -1}
VIEW_KEYS, QUIT = Told("←→", "views"), Told("q", "quit")
KEYS = (VIEW_KEYS, Told("↑↓", "scroll"), Told("?", "what is what"), QUIT)
KEYS_FEW = (VIEW_KEYS, Told("?", "help"), QUIT)
KEYS_HELP = (Told("↑↓", "scroll"), Told("any other key", "back"))


def browse(found: Figures, scope: str, setting: str) -> None:
    """Show figures on this process's terminal until the person has seen enough."""
    palette, ask = theme.chosen(setting, os.environ)
    screen = Screen(sys.stdout.fileno(), sys.stdout.encoding, palette)
    learn = screen.wear if ask else None
    with Keyboard(sys.stdin.fileno(), sys.stdout.fileno(), learn) as keyboard:
        Browser(found, scope, keyboard, screen).run()


class Browser:
    """A person looking at figures."""

    def __init__(self, found: Figures, scope: str, keyboard: Keyboard, screen: Screen) -> None:
        self._found = found
        self._scope = scope
        self._keyboard = keyboard
        self._screen = screen
        self._at = self._before = 0
        self._scrolled = [0] * (HELP + 1)

    def run(self) -> None:
        """Show a view, wait for a key, do what it says."""
        while True:
            size = self._screen.size
            view = frame(size, self._found, self._scope, self._at, self._scrolled[self._at])
            self._screen.draw(view)
            key = self._keyboard.read()
            if key == "resize" or self._scroll(key, view.most, size):
                continue
            if self._at == HELP:
                self._at = self._before
            elif key in LEAVE:
                return
            else:
                self._turn(key)

    def _scroll(self, key: str, most: int, size: Size) -> bool:
        """Scroll, if that is what the key does."""
        step = LINES.get(key, 0) + PAGES.get(key, 0) * max(1, size.rows - 4)
        jumps = {"home": -most, "g": -most, "end": most, "G": most}
        if not step and key not in jumps:
            return False
        now = min(self._scrolled[self._at], most) + step + jumps.get(key, 0)
        self._scrolled[self._at] = max(0, min(most, now))
        return True

    def _turn(self, key: str) -> None:
        """Go to another view, if that is what the key says."""
        if key in NEXT:
            self._at = (self._at + 1) % len(VIEWS)
        elif key in BEFORE:
            self._at = (self._at - 1) % len(VIEWS)
        elif key.isdecimal() and 0 < int(key) <= len(VIEWS):
            self._at = int(key) - 1
        elif key == "?":
            self._before, self._at = self._at, HELP


def frame(size: Size, found: Figures, scope: str, at: int, scroll: int) -> View:
    """Return one view as a page of the terminal's size, scrolled by so many rows."""
    header = [_tabs(size.columns, at, scope), Text()][: 2 if size.rows >= 12 else 1]
    inner = size.columns - 2
    lines = meanings(inner) if at == HELP else VIEWS[at].lines(found, inner)
    room = max(1, size.rows - len(header) - 1)
    most = max(0, len(lines) - room)
    scroll = min(scroll, most)
    shown = [Text(" ") + line for line in lines[scroll : scroll + room]]
    shown += [Text()] * (room - len(shown))
    keys = KEYS_HELP if at == HELP else KEYS if size.columns >= 50 else KEYS_FEW
    footer = _footer(size.columns, keys, most - scroll, scroll)
    return View(fitted([*header, *shown, footer], size), most)


def _tabs(columns: int, at: int, scope: str) -> Text:
    """Return the names of the views, this one marked; just this one where columns are few."""
    if at == HELP:
        return Text(" What each figure is", theme.HEADING)
    line = Text()
    for i, view in enumerate(VIEWS):
        here = f"{theme.RATING} underline" if i == at else theme.CHROME
        line.append(" " if i == 0 else "   ")
        line.append(f"{i + 1} {view.title}", here)
    if line.cell_len > columns:
        line = Text(f" {at + 1}/{len(VIEWS)} ", theme.CHROME)
        line.append(VIEWS[at].title, theme.RATING)
    left = columns - line.cell_len - 4
    if scope and left >= 8:
        told = cut(safe_line(scope), left)
        line.append(" " * (columns - 1 - line.cell_len - Text(told).cell_len))
        line.append(told, theme.WARNING)
    return line


def _footer(columns: int, keys: Sequence[Told], below: int, above: int) -> Text:
    line = key_line(columns, keys)
    more = f"↓ {below} more " if below else "↑ the end " if above else ""
    if more and line.cell_len + len(more) < columns:
        line.append(more.rjust(columns - line.cell_len), theme.ACCENT)
    return line


def meanings(columns: int) -> list[Text]:
    """Return what each figure is."""
    lines: list[Text] = []
    for name, what in MEANINGS.items():
        lines.append(Text(name, theme.HEADING))
        lines += [Text("  ") + piece for piece in wrap(Text(what), min(columns, MEASURE) - 2)]
    return lines
