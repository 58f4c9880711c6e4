"""Loop of the list of cards: draw, read a key, act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.errors import FlashcardsError
from flashcards.terminal.browse.actions import EVENTS, change_cards, mark_cards
from flashcards.terminal.browse.frame import COLUMN_WIDTHS, browse_layout, render_browse_view
from flashcards.terminal.browse.ports import BrowsePort
from flashcards.terminal.browse.search_line import SearchLine
from flashcards.terminal.browse.state import BrowseState
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.study.page_loop import END_OF_PAGE, PageLoop
from flashcards.terminal.study.pages import add_message, card_page

SORT_ACTIONS = {f"sort_{i}": column for i, column in enumerate(("", *COLUMN_WIDTHS))}
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
        line = SearchLine(port.today(), *port.search_names()).edit(search)
        self._state = BrowseState(replace(line, is_typing=False), port.list_cards(search))
        self._listed_search = self._former_search = self._state.search.text
        self._refused_words: dict[str, str] = {}
        port.on_wait(self._show_wait_message)

    def run(self) -> None:
        """Show the list until it is left."""
        while True:
            self._screen.draw_view(self._render_view())
            typing = self._state.search.is_typing
            key = self._keyboard.read_key(
                accept_paste=typing, on_idle=self._follow_search if typing else self._finish_pending_work
            )
            if key == "resize":
                continue
            self._state.message = ""
            try:
                if key == "eof" or not (self._edit_search(key) if typing else self._run_action(key)):
                    return
            except (FlashcardsError, OSError) as error:
                self._state.message = str(error)

    def _render_view(self) -> ScreenView:
        size = self._screen.size
        self._state.rows = self._port.card_states(self._state.scroll(browse_layout(size).list_rows))
        return render_browse_view(size, self._state, self._bindings)

    def _show_wait_message(self, message: str) -> None:
        view = self._screen.last_view or self._render_view()
        self._screen.draw_view(add_message(self._screen.size, view, message))

    def _wait_for(self, work: str, cards: int | None = None) -> None:
        """Tell what is under way where it may take longer than a frame."""
        if (self._state.listing.total if cards is None else cards) > MANY_CARDS:
            self._show_wait_message(work)

    def _finish_pending_work(self) -> None:
        """Begin the backup, and take in what others did."""
        try:
            self._port.finish_pending_work()
            notices = self._port.poll_changes().notices
        except FlashcardsError as error:
            notices = (str(error),)
        if notices:
            self._state.message = "; ".join(notices[-2:])
            self._screen.draw_view(self._render_view())

    def _list_cards(self, key: int = 0) -> None:
        """List again; the cursor goes to a card that is named, or stays on its own."""
        state = self._state
        self._wait_for("listing …")
        listing = self._port.list_cards(state.search.text, state.sort_column, descending=state.descending)
        self._listed_search = state.search.text
        state.take_listing(listing, key or state.key)

    def _edit_search(self, key: str) -> bool:
        """Type on; enter and escape lead back to the list."""
        state = self._state
        if key == "escape":
            state.search = replace(state.search.edit(self._former_search), is_typing=False)
        elif key == "enter" and not state.search.fault:
            state.search = replace(state.search, is_typing=False)
        else:
            state.search = state.search.apply_key(key)
        if not state.search.is_typing and state.search.text != self._listed_search:
            self._list_cards()
        return True

    def _follow_search(self) -> None:
        """List what the search finds so far, once the user pauses."""
        if self._state.search.text != self._listed_search and not self._state.search.fault:
            self._list_cards()
            self._screen.draw_view(self._render_view())

    def _run_action(self, key: str) -> bool:
        """Do what a key says; tell whether to go on."""
        action, state = self._bindings.action_for_key(key), self._state
        if action == "quit" and not (state.selected and key == "escape"):
            return False
        if action == "quit":
            state.selected.clear()
        elif action in MOVES:
            state.move(MOVES[action](browse_layout(self._screen.size).list_rows))
        elif action in SORT_ACTIONS:
            state.sort(SORT_ACTIONS[action])
            self._list_cards()
        elif action == "look_up":
            self._former_search = state.search.text
            state.search = state.search.edit(state.search.text)
        elif action in ("undo", "redo"):
            self._take_back(action)
        elif action == "help":
            self.show_help()
        elif action and state.key:
            self._run_card_action(action)
        return True

    def _take_back(self, action: str) -> None:
        self._wait_for("…")
        taken = self._port.undo_last() if action == "undo" else self._port.redo_last()
        self._list_cards(self._port.card_key(taken.card_id) if taken and taken.card_id else 0)
        done = {"undo": "undone", "redo": "redone"}[action]
        self._state.message = f"{done}: {taken.text}" if taken else f"nothing to {action}"

    def _run_card_action(self, action: str) -> None:
        state = self._state
        if action == "select":
            state.select()
        elif action == "select_all":
            state.select_all()
        else:
            self._port.poll_changes()
            self._wait_for("working …", len(state.selected))
            one = [state.key] if action in SINGLE_ACTIONS else []
            keys = one or [key for key in state.listing.keys if key in state.selected] or [state.key]
            if not (cards := self._port.card_states(keys)):
                self._list_cards()
                state.message = "this card is in no deck any more"
            elif action in EVENTS:
                self._tell(change_cards(self._port, action, cards))
            elif action in COMMAND_ACTIONS:
                self._run_command(action, cards)
            elif action in CARD_ACTIONS:
                CARD_ACTIONS[action](self, cards)

    def _tell(self, done: str) -> None:
        self._state.message = f"{done}; {self._bindings.first_key('undo')} undoes"

    def _mark(self, cards: list[CardState]) -> None:
        line = self.prompt_for_line("reason: ", LineInput(cards[0].progress.mark or ""))
        if line is not None:
            self._tell(mark_cards(self._port, cards, " ".join(line.text.split())))

    def _run_command(self, action: str, cards: list[CardState]) -> None:
        """Ask for what the action needs; words that were refused are there again at the next try."""
        words, prompt = "", COMMAND_ACTIONS[action]
        if prompt:
            line = self.prompt_for_line(prompt, LineInput(self._refused_words.pop(action, "")))
            if line is None or not (words := " ".join(line.text.split())):
                return
            self._refused_words[action] = words
        (at,) = self._port.card_states([self._state.key])
        done = self._port.run_command(action, [entry.card for entry in cards], words)
        self._refused_words.pop(action, None)
        self._list_cards(self._port.card_key(at.card.id))
        self._tell(done)

    def _edit_card(self, cards: list[CardState]) -> None:
        """Let the user edit the card at the cursor, and find it again under the id that it has then."""
        card = cards[0].card
        self._port.wait_until_editable()
        with self._keyboard.suspended_terminal():
            message = self._port.edit_card(card)
        self._list_cards(self._port.card_key(card.id))
        self._state.message = message

    def _open_card(self, cards: list[CardState]) -> None:
        history, today = self._port.card_history(cards[0].card.id), self._port.today()
        self.show_page(lambda size, at: card_page(size, cards[0], today, at, history))


MOVES: dict[str, Callable[[int], int]] = {
    "down": lambda _: 1, "up": lambda _: -1, "page_down": lambda rows: rows, "page_up": lambda rows: -rows,
    "top": lambda _: -END_OF_PAGE, "bottom": lambda _: END_OF_PAGE,
}  # fmt: skip
"""How far an action moves the cursor, given the rows of the list."""
COMMAND_ACTIONS = {
    "set_due": "due on (+14, fri, 24 Dec): ",
    "tag": "tags to give, -tag to take off: ",
    "move": "to the deck: ",
    "delete": "",
}
"""What the commands of the same name do, and what is asked before."""
CARD_ACTIONS: dict[str, Callable[[BrowseLoop, list[CardState]], None]] = {
    "mark": BrowseLoop._mark,  # noqa: SLF001 (its own moves, in a table)
    "edit": BrowseLoop._edit_card,  # noqa: SLF001
    "open_card": BrowseLoop._open_card,  # noqa: SLF001
}
SINGLE_ACTIONS = ("edit", "open_card")
"""What is done to the card at the cursor only, whatever is selected."""
