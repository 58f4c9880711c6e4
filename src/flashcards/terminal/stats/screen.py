"""Interactive statistics screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from flashcards.core.stats.compute import Statistics
from flashcards.core.stats.definitions import DEFINITIONS
from flashcards.terminal import theme
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.terminal import open_terminal
from flashcards.terminal.device.view import ScreenSize, ScreenView, fit_lines
from flashcards.terminal.stats import STATS_TABS
from flashcards.terminal.stats.layout import MAX_BLOCK_WIDTH
from flashcards.terminal.study.footer import key_hint_line
from flashcards.terminal.text.key_hints import KeyHint
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import truncate, wrap_text

DEFINITIONS_TAB = len(STATS_TABS)
"""The number of the page behind `?`."""
NEXT_KEYS, PREVIOUS_KEYS = ("right", "tab", "l", "n"), ("left", "backtab", "h", "p")
QUIT_KEYS = ("q", "escape", "eof")
LINE_STEPS = {"down": 1, "j": 1, "up": -1, "k": -1}
PAGE_STEPS = {"pagedown": 1, "space": 1, "pageup": -1, "back": -1}
TABS_HINT, QUIT_HINT = KeyHint("←→", "views"), KeyHint("q", "quit")
KEY_HINTS = (TABS_HINT, KeyHint("↑↓", "scroll"), KeyHint("?", "definitions"), QUIT_HINT)
SHORT_KEY_HINTS = (TABS_HINT, KeyHint("?", "help"), QUIT_HINT)
DEFINITIONS_KEY_HINTS = (KeyHint("↑↓", "scroll"), KeyHint("any other key", "back"))


def browse_stats(statistics: Statistics, scope: str, setting: str) -> None:
    """Show figures on this process's terminal until the user has seen enough."""
    with open_terminal(setting) as (keyboard, screen):
        StatsBrowser(statistics, scope, keyboard, screen).run()


class StatsBrowser:
    """A user looking at figures."""

    def __init__(
        self, statistics: Statistics, scope: str, keyboard: Keyboard, screen: TerminalScreen
    ) -> None:
        self._statistics = statistics
        self._scope = scope
        self._keyboard = keyboard
        self._screen = screen
        self._current_tab = self._previous_tab = 0
        self._scroll_by_tab = [0] * (DEFINITIONS_TAB + 1)

    def run(self) -> None:
        """Show a view, wait for a key, do what it says."""
        while True:
            size = self._screen.size
            view = render_stats_view(
                size, self._statistics, self._scope, self._current_tab, self._scroll_by_tab[self._current_tab]
            )
            self._screen.draw_view(view)
            key = self._keyboard.read_key()
            if key == "resize" or self._scroll_tab(key, view.max_scroll, size):
                continue
            if self._current_tab == DEFINITIONS_TAB:
                self._current_tab = self._previous_tab
            elif key in QUIT_KEYS:
                return
            else:
                self._change_tab(key)

    def _scroll_tab(self, key: str, most: int, size: ScreenSize) -> bool:
        """Scroll, if that is what the key does."""
        step = LINE_STEPS.get(key, 0) + PAGE_STEPS.get(key, 0) * max(1, size.rows - 4)
        jumps = {"home": -most, "g": -most, "end": most, "G": most}
        if not step and key not in jumps:
            return False
        now = min(self._scroll_by_tab[self._current_tab], most) + step + jumps.get(key, 0)
        self._scroll_by_tab[self._current_tab] = max(0, min(most, now))
        return True

    def _change_tab(self, key: str) -> None:
        """Go to another view, if that is what the key says."""
        if key in NEXT_KEYS:
            self._current_tab = (self._current_tab + 1) % len(STATS_TABS)
        elif key in PREVIOUS_KEYS:
            self._current_tab = (self._current_tab - 1) % len(STATS_TABS)
        elif key.isdecimal() and 0 < int(key) <= len(STATS_TABS):
            self._current_tab = int(key) - 1
        elif key == "?":
            self._previous_tab, self._current_tab = self._current_tab, DEFINITIONS_TAB


def render_stats_view(
    size: ScreenSize, statistics: Statistics, scope: str, tab: int, scroll: int
) -> ScreenView:
    """Return one view as a page of the terminal's size, scrolled by so many rows."""
    header = [_tabs_line(size.columns, tab, scope), Text()][: 2 if size.rows >= 12 else 1]
    inner = size.columns - 2
    lines = (
        definition_lines(inner) if tab == DEFINITIONS_TAB else STATS_TABS[tab].render_lines(statistics, inner)
    )
    body_rows = max(1, size.rows - len(header) - 1)
    most = max(0, len(lines) - body_rows)
    scroll = min(scroll, most)
    shown = [Text(" ") + line for line in lines[scroll : scroll + body_rows]]
    shown += [Text()] * (body_rows - len(shown))
    keys = (
        DEFINITIONS_KEY_HINTS
        if tab == DEFINITIONS_TAB
        else KEY_HINTS
        if size.columns >= 50
        else SHORT_KEY_HINTS
    )
    footer = _footer_line(size.columns, keys, most - scroll, scroll)
    return ScreenView(fit_lines([*header, *shown, footer], size), most)


def _tabs_line(columns: int, tab: int, scope: str) -> Text:
    """Return the names of the views, this one marked; just this one where columns are few."""
    if tab == DEFINITIONS_TAB:
        return Text(" Definitions", theme.HEADING)
    line = Text()
    for i, view in enumerate(STATS_TABS):
        style = f"{theme.RATING} underline" if i == tab else theme.CHROME
        line.append(" " if i == 0 else "   ")
        line.append(f"{i + 1} {view.title}", style)
    if line.cell_len > columns:
        line = Text(f" {tab + 1}/{len(STATS_TABS)} ", theme.CHROME)
        line.append(STATS_TABS[tab].title, theme.RATING)
    left = columns - line.cell_len - 4
    if scope and left >= 8:
        scope_text = truncate(sanitize_line(scope), left)
        line.append(" " * (columns - 1 - line.cell_len - Text(scope_text).cell_len))
        line.append(scope_text, theme.WARNING)
    return line


def _footer_line(columns: int, keys: Sequence[KeyHint], rows_below: int, rows_above: int) -> Text:
    line = key_hint_line(columns, keys)
    more = f"↓ {rows_below} more " if rows_below else "↑ the end " if rows_above else ""
    if more and line.cell_len + len(more) < columns:
        line.append(more.rjust(columns - line.cell_len), theme.ACCENT)
    return line


def definition_lines(width: int) -> list[Text]:
    """Return what each figure is."""
    lines: list[Text] = []
    for name, what in DEFINITIONS.items():
        lines.append(Text(name, theme.HEADING))
        lines += [Text("  ") + piece for piece in wrap_text(Text(what), min(width, MAX_BLOCK_WIDTH) - 2)]
    return lines
