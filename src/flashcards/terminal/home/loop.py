"""The home's loop: draw, read a key, move, or leave with what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from flashcards.errors import FlashcardsError
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.home.frame import MOVE_HELP, HomeStatus, home_decks, render_home

STEPS = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10}
END = 1 << 20
JUMPS = {"home": -END, "g": -END, "end": END, "G": END}
LEAVE_KEYS = ("escape", "eof")


@dataclass(slots=True)
class HomeLoop:
    """The decks on one screen, one of them picked."""

    keyboard: Keyboard
    screen: TerminalScreen
    home: HomeStatus
    complete: Callable[[HomeStatus], HomeStatus]
    """Adds what takes longer than a first frame may."""
    message: str = ""
    at: int = 0

    def choose(self) -> tuple[str, str]:
        """Let the user pick a deck and something to do; return that, and the deck or path it is about."""
        actions = {key.key: key.action for key in self.home.keys}
        while True:
            self._draw()
            key = self.keyboard.read_key(on_idle=self._complete)
            if key == "resize":
                continue
            action = "quit" if key in LEAVE_KEYS else actions.get(key, "")
            if key in STEPS or key in JUMPS:
                self._move(STEPS.get(key, 0) + JUMPS.get(key, 0))
            elif action == "help":
                self._show_help()
            elif action == "import":
                if path := self._prompt_for_path():
                    return action, path
            elif action and (action != "study" or self.picked):
                return action, self.picked
            self.message = ""

    @property
    def picked(self) -> str:
        """The name of the picked deck; "" where there is none."""
        decks = home_decks(self.home)
        return decks[self.at].name if decks else ""

    def _draw(self) -> None:
        decks = home_decks(self.home)
        self.at = max(0, min(self.at, len(decks) - 1))
        self.screen.draw_view(render_home(self.screen.size, self.home, decks, self.at, self.message))

    def _complete(self) -> None:
        with suppress(FlashcardsError):
            if (home := self.complete(self.home)) != self.home:
                self.home = home
                self._draw()

    def _move(self, rows: int) -> None:
        self.at = max(0, min(len(home_decks(self.home)) - 1, self.at + rows))

    def _show_help(self) -> None:
        from flashcards.core.key_bindings import resolve_bindings
        from flashcards.terminal.study.page_loop import PageLoop
        from flashcards.terminal.study.pages import key_table_page

        rows = [*MOVE_HELP, *((key.key, key.help) for key in self.home.keys)]
        pages = PageLoop(self.keyboard, self.screen, resolve_bindings())
        pages.show_page(lambda size, scroll: key_table_page(size, rows, scroll))

    def _prompt_for_path(self) -> str:
        from flashcards.core.key_bindings import resolve_bindings
        from flashcards.terminal.device.line_editor import LineInput
        from flashcards.terminal.study.page_loop import PageLoop

        def behind() -> ScreenView:
            return render_home(self.screen.size, self.home, home_decks(self.home), self.at)

        pages = PageLoop(self.keyboard, self.screen, resolve_bindings())
        line = pages.prompt_for_line(behind, "file or folder: ", LineInput(), "import")
        return line.text.strip() if line else ""
