"""Loop of the card list: draw, read a key, act."""

from contextlib import suppress

from flashcards.core.cards import Card
from flashcards.core.progress import CardState
from flashcards.errors import FlashcardsError
from flashcards.terminal.browse.browse_port import BrowsePort
from flashcards.terminal.browse.frame import COLUMN_WIDTHS, browse_layout, render_browse_view
from flashcards.terminal.browse.search_input import SearchLine
from flashcards.terminal.browse.state import BrowseState
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.study.page_loop import PageLoop, PageTerminal, scroll_steps
from flashcards.terminal.study.render_pages import card_page

SORT_ACTIONS = {f"sort_{i}": column for i, column in enumerate(("", *COLUMN_WIDTHS))}
MANY_CARDS = 1_000  # with more cards than this, a message says that work is under way


class BrowseLoop(PageLoop):
    """The card list on one screen."""

    def __init__(self, port: BrowsePort, terminal: PageTerminal, search: str = "") -> None:
        super().__init__(terminal, self._render_view)
        self._port = port
        line = SearchLine(port.today(), port.search_names()).edit(search)
        self._state = BrowseState(line._replace(is_typing=False), port.list_cards(search))
        self._listed_search = self._former_search = self._state.search.text
        self._refused_words: dict[str, str] = {}
        port.on_wait(self.show_message)

    def run(self) -> None:
        """Draw and handle keys until the user quits."""
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
        size, state = self._screen.size, self._state
        keys = state.scroll(browse_layout(size).list_rows)
        state.rows = self._port.card_states(keys)
        if len(state.rows) < len(keys):  # another program took some out
            self._list_cards()
            state.rows = self._port.card_states(state.scroll(browse_layout(size).list_rows))
        return render_browse_view(size, state, self._bindings)

    def _wait_for(self, work: str, cards: int | None = None) -> None:
        """Say what is under way if it may outlast a frame."""
        if (self._state.listing.total if cards is None else cards) > MANY_CARDS:
            self.show_message(work)

    def _finish_pending_work(self) -> None:
        """Start the backup, and load changes by other programs."""
        try:
            self._port.finish_pending_work()
            notices = self._port.poll_changes().notices
        except FlashcardsError as error:
            notices = (str(error),)
        self._state.message = "; ".join(notices[-2:]) or self._state.message
        self._screen.draw_view(self._render_view())

    def _list_cards(self, key: int = 0) -> None:
        """List again; the cursor goes to `key`, or stays on its card."""
        state = self._state
        self._wait_for("listing …")
        search = self._listed_search if state.search.fault else state.search.text
        listing = self._port.list_cards(search, state.sort_column, descending=state.descending)
        self._listed_search = search
        state.take_listing(listing, key or state.key)

    def _edit_search(self, key: str) -> bool:
        """Handle a key in the search; enter and escape leave it."""
        state = self._state
        if key == "escape":
            state.search = state.search.edit(self._former_search)._replace(is_typing=False)
        elif key == "enter" and not state.search.fault:
            state.search = state.search._replace(is_typing=False)
        else:
            state.search = state.search.apply_key(key)
        if not state.search.is_typing and state.search.text != self._listed_search:
            self._list_cards()
        return True

    def _follow_search(self) -> None:
        with suppress(FlashcardsError):  # reported when the search is entered
            if self._state.search.text != self._listed_search and not self._state.search.fault:
                self._list_cards()
                self._screen.draw_view(self._render_view())

    def _run_action(self, key: str) -> bool:
        """Run a key's action; return False to quit."""
        action, state = self._bindings.action_for_key(key), self._state
        steps = scroll_steps(browse_layout(self._screen.size).list_rows)
        if action == "quit" and not (state.selected and key == "escape"):
            return False
        if action == "quit":
            state.selected.clear()
        elif action in steps:
            state.move(steps[action])
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
        """Undo or redo; the cursor goes to a card that changed or returned."""
        state, before = self._state, set(self._state.listing.keys)
        self._wait_for("…")
        taken = self._port.undo_last() if action == "undo" else self._port.redo_last()
        key = self._port.card_key(taken.card_id) if taken and taken.card_id else 0
        if key not in before:  # deck files changed, and with them perhaps what the search finds
            self._list_cards()
            key = next((key for key in state.listing.keys if key not in before), state.key)
        state.at = state.listing.keys.index(key) if key else 0
        done = {"undo": "undone", "redo": "redone"}[action]
        state.message = f"{done}: {taken.text}" if taken else f"nothing to {action}"

    def _run_card_action(self, action: str) -> None:
        state = self._state
        if action == "select":
            state.select()
        elif action == "select_all":
            state.select_all()
        else:
            self._port.poll_changes()
            chosen = [key for key in state.listing.keys if key in state.selected]
            chosen = [state.key] if action in SINGLE_ACTIONS or not chosen else chosen
            self._wait_for("working …", len(chosen))
            if not (cards := self._port.card_states(chosen)):
                self._list_cards()
                state.message = "this card is in no deck any more"
            elif action == "edit":
                self._edit_card(cards[0].card)
            elif action == "open_card":
                history, today = self._port.card_history(cards[0].card.id), self._port.today()
                self.show_page(lambda size, at: card_page(size, cards[0], today, at, history))
            else:
                self._run_command(action, cards)

    def _run_command(self, action: str, cards: list[CardState]) -> None:
        """Ask for the action's argument, then run it."""
        # A refused argument is offered again at the next try.
        state, prompt, words = self._state, PROMPTS.get(action), ""
        if prompt:
            before = self._refused_words.pop(action, cards[0].progress.mark if action == "mark" else "")
            line = self.prompt_for_line(prompt, LineInput(before or ""))
            words = " ".join(line.text.split()) if line else ""
            if line is None or not (words or action == "mark"):
                return
            self._refused_words[action] = words
        if action in DECK_ACTIONS:
            self._wait_for("working …")
        (at,) = self._port.card_states([state.key])
        done = self._port.run_command(action, cards, words)
        self._refused_words.pop(action, None)
        if action in DECK_ACTIONS:
            state.search = state.search._replace(names=self._port.search_names())
            self._list_cards(self._port.card_key(at.card.id))
        state.message = f"{done}; {self._bindings.first_key('undo')} undoes"

    def _edit_card(self, card: Card) -> None:
        """Edit a card, and find it again under its new id."""
        self._port.wait_until_editable()
        with self._keyboard.suspended_terminal():
            message = self._port.edit_card(card)
        self._list_cards(self._port.card_key(card.id))
        self._state.message = message


PROMPTS = {
    "mark": "reason: ",
    "set_due": "due (+14, fri, 24 Dec): ",
    "tag": "tags (-tag takes off): ",
    "move": "to the deck: ",
}
DECK_ACTIONS = ("tag", "move", "delete")
"""Actions that change deck files, so that the cards must be listed again."""
SINGLE_ACTIONS = ("edit", "open_card")
"""Actions on the card at the cursor only, whatever is selected."""
