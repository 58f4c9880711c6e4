"""Loop of the list of cards: draw, read a key, act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.errors import FlashcardsError
from flashcards.terminal.browse.actions import EVENTS, change_cards, mark_cards
from flashcards.terminal.browse.frame import (
    COLUMNS,
    BrowseStatus,
    CardList,
    browse_layout,
    render_browse_view,
)
from flashcards.terminal.browse.ports import BrowsePort
from flashcards.terminal.browse.search_line import SearchLine
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.study.page_loop import END_OF_PAGE, PageLoop
from flashcards.terminal.study.pages import add_message, card_page

SORT_ACTIONS = {f"sort_{i}": column.name for i, column in enumerate(COLUMNS, 1)} | {"sort_0": ""}
MANY_CARDS = 1_000
"""Cards from which it is told that something is under way."""


class BrowseLoop(PageLoop):
    """The library on one screen."""

    def __init__(
        self,
        port: BrowsePort,
        keyboard: Keyboard,
        screen: TerminalScreen,
        bindings: KeyBindings,
        search: str = "",
    ) -> None:
        super().__init__(keyboard, screen, bindings, self._render_view)
        self._port = port
        tags, decks = port.search_names()
        self._search = replace(SearchLine(port.today(), tags, decks).edit(search), is_typing=False)
        self._listed_search = ""
        self._keys: Sequence[int] = ()
        self._total = 0
        self._at = self._first = 0
        self._selected: set[int] = set()
        self._sort_column, self._descending = "", False
        self._message = ""
        port.on_wait(self._show_wait_message)

    def run(self) -> None:
        """Show the list until it is left."""
        self._list_cards()
        while True:
            self._screen.draw_view(self._render_view())
            typing = self._search.is_typing
            key = self._keyboard.read_key(
                accept_paste=typing, on_idle=self._follow_search if typing else self._finish_pending_work
            )
            if key == "resize":
                continue
            self._message = ""
            try:
                if key == "eof" or not (self._edit_search(key) if typing else self._run_action(key)):
                    return
            except (FlashcardsError, OSError) as error:
                self._message = str(error)

    def _render_view(self) -> ScreenView:
        size = self._screen.size
        rows = browse_layout(size).list_rows
        self._first = max(0, min(self._first, self._at, len(self._keys) - rows))
        self._first = max(self._first, self._at - rows + 1)
        keys = self._keys[self._first : self._first + rows]
        cards = CardList(
            len(self._keys),
            self._total,
            self._port.card_states(keys),
            self._first,
            self._at,
            {self._first + i for i, key in enumerate(keys) if key in self._selected},
            len(self._selected),
            self._sort_column,
            self._descending,
        )
        status = BrowseStatus(
            self._search, self._port.search_context(), self._port.memory_model(), self._message
        )
        return render_browse_view(size, cards, status, self._bindings)

    def _show_wait_message(self, message: str) -> None:
        view = self._screen.last_view or self._render_view()
        self._screen.draw_view(add_message(self._screen.size, view, message))

    def _finish_pending_work(self) -> None:
        """Begin the backup, and take in what others did."""
        try:
            self._port.finish_pending_work()
            notices = self._port.poll_changes().notices
        except FlashcardsError as error:
            notices = (str(error),)
        if notices:
            self._message = "; ".join(notices[-2:])
            self._screen.draw_view(self._render_view())

    def _list_cards(self, at_key: int = 0) -> None:
        """List anew; the cursor stays on its card, or else in its place."""
        at_key = at_key or (self._keys[self._at] if self._keys else 0)
        if self._total > MANY_CARDS:
            self._show_wait_message("listing …")
        self._keys = self._port.list_cards(self._search.text, self._sort_column, descending=self._descending)
        self._listed_search, self._total = self._search.text, self._port.count_cards()
        self._selected.intersection_update(self._keys)
        try:
            self._at = self._keys.index(at_key)
        except ValueError:
            self._at = max(0, min(self._at, len(self._keys) - 1))

    def _edit_search(self, key: str) -> bool:
        """Type on; enter and escape lead back to the list."""
        if key == "escape":
            self._search = replace(self._search.edit(self._search_before), is_typing=False)
        elif key == "enter" and not self._search.fault:
            self._search = replace(self._search, is_typing=False)
        else:
            self._search = self._search.apply_key(key)
        if not self._search.is_typing and self._search.text != self._listed_search:
            self._list_cards()
        return True

    def _follow_search(self) -> None:
        """List what the search finds so far, once the user pauses."""
        if self._search.text == self._listed_search or self._search.fault:
            return
        self._list_cards()
        self._screen.draw_view(self._render_view())

    def _run_action(self, key: str) -> bool:
        """Do what a key says; tell whether to go on."""
        action = self._bindings.action_for_key(key)
        if action == "quit" and self._selected and key == "escape":
            self._selected.clear()
        elif action == "quit":
            return False
        elif action in SORT_ACTIONS:
            self._sort(SORT_ACTIONS[action])
        elif action in MOVES:
            self._at = max(0, min(len(self._keys) - 1, self._at + MOVES[action](self._page_rows())))
        elif action == "look_up":
            self._search_before = self._search.text
            self._search = self._search.edit(self._search.text)
        elif action in ("undo", "redo"):
            self._take_back(action)
        elif action == "help":
            self.show_help()
        elif self._keys and action:
            self._run_card_action(action)
        return True

    def _page_rows(self) -> int:
        return browse_layout(self._screen.size).list_rows

    def _sort(self, column: str) -> None:
        self._descending = bool(column) and column == self._sort_column and not self._descending
        self._sort_column = column
        self._list_cards()

    def _take_back(self, action: str) -> None:
        taken = self._port.undo_last() if action == "undo" else self._port.redo_last()
        self._list_cards(self._port.card_key(taken.card_id) if taken and taken.card_id else 0)
        self._message = f"{action.removesuffix('o')}one: {taken.text}" if taken else f"nothing to {action}"

    def _run_card_action(self, action: str) -> None:
        key = self._keys[self._at]
        if action == "select":
            self._selected ^= {key}
            self._at = min(len(self._keys) - 1, self._at + 1)
        elif action == "select_all":
            self._selected = set() if len(self._selected) == len(self._keys) else set(self._keys)
        else:
            self._port.poll_changes()
            cards = self._chosen_cards()
            if not cards:
                self._list_cards()
                self._message = "this card is in no deck any more"
            elif action in EVENTS:
                self._tell(change_cards(self._port, action, cards))
            elif action in CARD_ACTIONS:
                CARD_ACTIONS[action](self, cards)

    def _chosen_cards(self) -> list[CardState]:
        """Return the selected cards in the order of the list, or the one at the cursor."""
        if len(self._selected) > MANY_CARDS:
            self._show_wait_message("working …")
        keys = [key for key in self._keys if key in self._selected] or [self._keys[self._at]]
        return self._port.card_states(keys)

    def _tell(self, done: str) -> None:
        self._message = f"{done}; {self._bindings.first_key('undo')} undoes"

    def _mark(self, cards: list[CardState]) -> None:
        line = self.prompt_for_line("reason: ", LineInput(cards[0].progress.mark or ""))
        if line is not None:
            self._tell(mark_cards(self._port, cards, " ".join(line.text.split())))

    def _edit_card(self, _: list[CardState]) -> None:
        """Let the user edit the card at the cursor, and find it again under the id that it has then."""
        (state,) = self._port.card_states([self._keys[self._at]])
        self._port.wait_until_editable()
        with self._keyboard.suspended_terminal():
            message = self._port.edit_card(state.card)
        self._list_cards(self._port.card_key(state.card.id))
        self._message = message

    def _open_card(self, _: list[CardState]) -> None:
        (state,) = self._port.card_states([self._keys[self._at]])
        history, today = self._port.card_history(state.card.id), self._port.today()
        self.show_page(lambda size, at: card_page(size, state, today, at, history))


MOVES: dict[str, Callable[[int], int]] = {
    "down": lambda _: 1, "up": lambda _: -1, "page_down": lambda rows: rows, "page_up": lambda rows: -rows,
    "top": lambda _: -END_OF_PAGE, "bottom": lambda _: END_OF_PAGE,
}  # fmt: skip
"""How far an action moves the cursor, given the rows of the list."""
CARD_ACTIONS: dict[str, Callable[[BrowseLoop, list[CardState]], None]] = {
    "mark": BrowseLoop._mark,  # noqa: SLF001 (its own moves, in a table)
    "edit": BrowseLoop._edit_card,  # noqa: SLF001
    "open_card": BrowseLoop._open_card,  # noqa: SLF001
}
