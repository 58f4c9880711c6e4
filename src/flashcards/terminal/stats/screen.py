"""Interactive statistics screen."""

from collections.abc import Callable, Sequence

from rich.text import Text

from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.definition_texts import DEFINITIONS
from flashcards.terminal import theme
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.open_terminal import open_terminal
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenSize, ScreenView, fit_lines
from flashcards.terminal.stats.layout import MAX_BLOCK_WIDTH
from flashcards.terminal.stats.tabs import STATS_TABS
from flashcards.terminal.study.footer import key_hint_line
from flashcards.terminal.study.frame import fill_rows
from flashcards.terminal.study.page_loop import PageLoop, PageTerminal
from flashcards.terminal.study.render_pages import render_page
from flashcards.terminal.text.key_hints import KeyHint
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

Scopes = Sequence[tuple[str, Callable[[], Statistics]]]
"""Heading and statistics of everything, then of each deck."""
NEXT_KEYS, PREVIOUS_KEYS = ("right", "tab", "l", "n"), ("left", "backtab", "h", "p")
QUIT_KEYS = ("q", "escape", "eof")
LINE_STEPS = {"down": 1, "j": 1, "up": -1, "k": -1}
PAGE_STEPS = {"pagedown": 1, "space": 1, "pageup": -1, "back": -1}
TABS_HINT, QUIT_HINT = KeyHint("←→", "views"), KeyHint("q", "quit")
KEY_HINTS = (TABS_HINT, KeyHint("d", "deck"), KeyHint("↑↓", "scroll"), KeyHint("?", "definitions"), QUIT_HINT)
SHORT_KEY_HINTS = (TABS_HINT, KeyHint("?", "help"), QUIT_HINT)


def browse_stats(scopes: Scopes, setting: str) -> None:
    """Show the statistics on this process's terminal."""
    with open_terminal(setting) as (keyboard, screen):
        StatsBrowser(scopes, keyboard, screen).run()


class StatsBrowser(PageLoop):
    """The tabs of the statistics, one on screen."""

    def __init__(self, scopes: Scopes, keyboard: Keyboard, screen: TerminalScreen) -> None:
        self._scopes = scopes
        self._current_scope = 0
        super().__init__(PageTerminal(keyboard, screen, resolve_bindings()), self._render)
        self._current_tab = 0
        self._scroll_by_tab = [0] * len(STATS_TABS)

    def run(self) -> None:
        """Draw and handle keys until the user quits."""
        key = ""
        while key not in QUIT_KEYS:
            view = self._render()
            self._screen.draw_view(view)
            key = self._keyboard.read_key()
            if not self._scroll_tab(key, view.max_scroll, self._screen.size):
                self._change_tab(key)

    def _render(self) -> ScreenView:
        tab, (heading, compute) = self._current_tab, self._scopes[self._current_scope]
        return render_stats_view(self._screen.size, compute(), heading, tab, self._scroll_by_tab[tab])

    def _scroll_tab(self, key: str, most: int, size: ScreenSize) -> bool:
        """Scroll if the key does that, and tell whether it did."""
        step = LINE_STEPS.get(key, 0) + PAGE_STEPS.get(key, 0) * max(1, size.rows - 4)
        jumps = {"home": -most, "g": -most, "end": most, "G": most}
        if not step and key not in jumps:
            return False
        now = min(self._scroll_by_tab[self._current_tab], most) + step + jumps.get(key, 0)
        self._scroll_by_tab[self._current_tab] = max(0, min(most, now))
        return True

    def _change_tab(self, key: str) -> None:
        """Change tab, scope or page if the key does that."""
        if key in NEXT_KEYS:
            self._current_tab = (self._current_tab + 1) % len(STATS_TABS)
        elif key in PREVIOUS_KEYS:
            self._current_tab = (self._current_tab - 1) % len(STATS_TABS)
        elif key.isdecimal() and 0 < int(key) <= len(STATS_TABS):
            self._current_tab = int(key) - 1
        elif key == "d":
            self._current_scope = (self._current_scope + 1) % len(self._scopes)
        elif key == "?":
            self.show_page(render_definitions)


def render_stats_view(
    size: ScreenSize, statistics: Statistics, scope: str, tab: int, scroll: int
) -> ScreenView:
    """Render one tab, scrolled down by `scroll` rows."""
    header = [_tabs_line(size.columns, tab, scope), Text()][: 2 if size.rows >= 12 else 1]
    lines = STATS_TABS[tab].render_lines(statistics, size.columns - 2)
    body_rows = max(1, size.rows - len(header) - 1)
    most = max(0, len(lines) - body_rows)
    scroll = min(scroll, most)
    shown = [Text(" ") + line for line in lines[scroll : scroll + body_rows]]
    keys = KEY_HINTS if size.columns >= 50 else SHORT_KEY_HINTS
    footer = _footer_line(size.columns, keys, most - scroll, scroll)
    return ScreenView(fit_lines([*header, *fill_rows(shown, body_rows), footer], size), most)


def _tabs_line(columns: int, tab: int, scope: str) -> Text:
    """Return the tab names; only the current one on narrow screens."""
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
        line.append(" " * (columns - 1 - line.cell_len - display_width(scope_text)))
        line.append(scope_text, theme.WARNING)
    return line


def _footer_line(columns: int, keys: Sequence[KeyHint], rows_below: int, rows_above: int) -> Text:
    line = key_hint_line(columns, keys)
    more = f"↓ {rows_below} more " if rows_below else "↑ the end " if rows_above else ""
    if more and line.cell_len + len(more) < columns:
        line.append(more.rjust(columns - line.cell_len), theme.ACCENT)
    return line


def render_definitions(size: ScreenSize, scroll: int) -> ScreenView:
    """Render what each figure means."""
    width = min(size.columns - 2, MAX_BLOCK_WIDTH) - 2
    lines: list[Text] = []
    for name, what in DEFINITIONS.items():
        lines += [Text(name, theme.HEADING), *(Text("  ") + line for line in wrap_text(Text(what), width))]
    return render_page(size, "Definitions", lines, scroll)
