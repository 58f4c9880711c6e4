"""Loop of the home: draw, read a key, move, or return a command."""

from collections.abc import Callable
from contextlib import suppress

from flashcards.core.key_bindings import resolve_bindings
from flashcards.errors import FlashcardsError
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.home.frame import HomeStatus, home_decks, render_home
from flashcards.terminal.study.page_loop import SCROLL_ROWS, PageLoop, PageTerminal


class HomeLoop(PageLoop):
    """The decks on one screen, one of them picked."""

    def __init__(  # noqa: PLR0913, PLR0917 (two ends of a terminal, and what is shown there)
        self,
        keyboard: Keyboard,
        screen: TerminalScreen,
        home: HomeStatus,
        complete: Callable[[HomeStatus], HomeStatus],
        message: str = "",
        picked: int = 0,
    ) -> None:
        """Take what to show; `complete` adds what is slow."""
        super().__init__(PageTerminal(keyboard, screen, resolve_bindings(None, home.actions)), self._render)
        self._home = home
        self._complete = complete
        self._message = message
        self.picked = picked

    def choose(self) -> tuple[str, str]:
        """Let the user pick; return an action, and its deck or path."""
        while True:
            self._screen.draw_view(self._render())
            key = self._keyboard.read_key(on_idle=self._add_details)
            if key == "resize":
                continue
            self._message = ""
            action = "quit" if key == "eof" else self._bindings.action_for_key(key)
            decks = home_decks(self._home)
            if action in SCROLL_ROWS:
                self.picked = max(0, min(len(decks) - 1, self.picked + SCROLL_ROWS[action]))
            elif action == "help":
                self.show_help()
            elif action == "import":
                line = self.prompt_for_line("file or folder: ", LineInput(), "import")
                if line and line.text.strip():
                    return action, line.text.strip()
            elif action:
                return action, decks[self.picked].name if decks else ""

    def _render(self) -> ScreenView:
        decks = home_decks(self._home)
        self.picked = max(0, min(self.picked, len(decks) - 1))
        return render_home(self._screen.size, self._home, decks, self.picked, self._message)

    def _add_details(self) -> None:
        with suppress(FlashcardsError):
            self._home = self._complete(self._home)
            self._screen.draw_view(self._render())
