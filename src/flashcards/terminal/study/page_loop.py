"""Pages and prompts over a screen, each shown until a key ends it."""

from collections.abc import Callable
from typing import NamedTuple

from flashcards.core.key_bindings import KeyBindings
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenSize, ScreenView

RenderPage = Callable[[ScreenSize, int], ScreenView]
LEAVE_SESSION, CONTINUE_SESSION = "leave", "go on"
END_OF_PAGE = 1 << 20  # a row beyond the end of any page


def scroll_steps(page: int) -> dict[str, int]:
    """Return the rows of each action that scrolls, `page` of them at a time."""
    return {
        "down": 1, "up": -1, "page_down": page, "page_up": -page, "show": page,
        "top": -END_OF_PAGE, "bottom": END_OF_PAGE,
    }  # fmt: skip


SCROLL_ROWS = scroll_steps(10)


class PageTerminal(NamedTuple):
    """The two ends of a terminal, and what its keys do."""

    keyboard: Keyboard
    screen: TerminalScreen
    bindings: KeyBindings


class PageLoop:
    """Shows pages, messages and prompts over a screen."""

    def __init__(self, terminal: PageTerminal, render_behind: Callable[[], ScreenView]) -> None:
        self._terminal = terminal
        self._keyboard, self._screen, self._bindings = terminal
        self._render_behind = render_behind

    def show_message(self, message: str) -> None:
        """Show below the current frame what is being waited for."""
        from flashcards.terminal.study.render_pages import add_message

        if self._screen.last_view is not None:
            self._screen.draw_view(add_message(self._screen.size, self._screen.last_view, message))

    def show_help(self) -> str:
        """Show what each key does; return no message."""
        from flashcards.terminal.study.render_pages import help_page

        self.show_page(lambda size, at: help_page(size, self._bindings, at))
        return ""

    def show_page(self, page: RenderPage, scroll: int = 0, wanted: tuple[str, ...] | None = None) -> str:
        """Show a page until a key ends it; return that key's action."""
        while True:
            view = page(self._screen.size, scroll)
            scroll = min(scroll, view.max_scroll)
            self._screen.draw_view(view)
            key = self._keyboard.read_key()
            action = self._bindings.action_for_key(key)
            if key == "resize":
                continue
            if view.max_scroll and action in SCROLL_ROWS:
                scroll = max(0, min(view.max_scroll, scroll + SCROLL_ROWS[action]))
            elif wanted is None or key == "eof" or action in (*wanted, "quit", "show", "show_all"):
                return action

    def prompt_for_line(self, prompt: str, line: LineInput, does: str = "save") -> LineInput | None:
        """Prompt for a line below the card; None if cancelled."""
        from flashcards.terminal.study.render_pages import add_prompt

        while True:
            size = self._screen.size
            card_view = self._render_behind()._replace(cursor=None)
            self._screen.draw_view(add_prompt(size, card_view, prompt, line, does))
            key = self._keyboard.read_key(accept_paste=True)
            if key == "enter":
                return line
            if key in ("escape", "eof"):
                return None
            line = line.apply_key(key) or line
