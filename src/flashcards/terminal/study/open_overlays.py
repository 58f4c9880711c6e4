"""Overlay screens during study; the answer timer is paused."""

from collections.abc import Callable

from flashcards.core.cards import Card
from flashcards.core.progress import CardState
from flashcards.errors import FlashcardsError
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.leech_advice import leech_page
from flashcards.terminal.study.page_loop import (
    CONTINUE_SESSION,
    END_OF_PAGE,
    LEAVE_SESSION,
    SCROLL_ROWS,
    PageLoop,
    PageTerminal,
)
from flashcards.terminal.study.render_pages import (
    add_message,
    card_page,
    history_page,
    pause_page,
    search_results_page,
)
from flashcards.terminal.study.summary_page import CONTINUE_KEY, SessionSummary, closing_line, summary_page


class Overlays(PageLoop):
    """The screens beside the cards, shown while the clock is paused; each returns a message."""

    def __init__(
        self, actions: StudyActions, terminal: PageTerminal, render_card: Callable[[], ScreenView]
    ) -> None:
        super().__init__(terminal, render_card)
        self._actions = actions
        self.closing_line = ""  # printed on the terminal after the summary

    def show_history(self) -> str:
        """Show the history of the current card."""
        card = self._actions.current_card
        history = self._actions.port.card_history(card.id)
        self.show_page(lambda size, at: history_page(size, card.front, history, at), END_OF_PAGE)
        return ""

    def show_pause(self) -> str:
        """Pause until a key is pressed."""
        session, spent = self._actions.session, self._actions.time_spent_ms
        self.show_page(lambda size, _: pause_page(size, session.answered, session.remaining.total, spent))
        return "timer resumed"

    def prompt_for_mark(self) -> str:
        """Ask for the reason of a mark; an emptied one removes it."""
        mark = self._actions.card_state.progress.mark if self._actions.card_state else None
        line = self.prompt_for_line("reason: ", LineInput(mark or ""))
        if line is None:
            return ""
        reason = " ".join(line.text.split())
        return self._actions.mark_card(reason, on=bool(reason) or mark is None)

    def edit_card(self, card: Card) -> tuple[str, bool]:
        """Edit a card in the editor, then reload the current one.

        Returns a message, and whether the same card is still current.
        """
        with self._actions.clock_paused():
            self._actions.port.wait_until_editable()  # a long wait is shown here, not in the editor
        with self._actions.clock_paused(), self._keyboard.suspended_terminal():
            message = self._actions.port.edit_card(card)
        return message, self._actions.reload_current_card()

    def show_leech(self, card_state: CardState) -> str:
        """Say that a card is a leech; return the chosen action."""
        with self._actions.clock_paused():
            return self.show_page(
                lambda size, at: leech_page(size, card_state, self._bindings, at),
                wanted=("edit", "suspend", "undo"),
            )

    def search_cards(self) -> str:
        """Search for other cards and show them."""
        line = self.prompt_for_line("search: ", LineInput(), "search")
        if line is None or not line.text.strip():
            return ""
        self._screen.draw_view(add_message(self._screen.size, self._render_behind(), "searching …"))
        try:
            cards = self._actions.port.search_cards(line.text)
        except FlashcardsError as error:
            return str(error)
        if not cards:
            return f"no card matches {line.text.strip()!r}"
        at = 0
        while True:
            self._screen.draw_view(search_results_page(self._screen.size, line.text, cards, at))
            key = self._keyboard.read_key()
            action = self._bindings.action_for_key(key)
            if action in SCROLL_ROWS and action != "show":
                at = max(0, min(len(cards) - 1, at + SCROLL_ROWS[action]))
            elif action in ("show", "show_all"):
                self._show_card(cards[at])
            elif key != "resize":
                return ""

    def _show_card(self, card_state: CardState) -> None:
        today = self._actions.port.today()
        self.show_page(lambda size, at: card_page(size, card_state, today, at))

    def show_summary(self, message: str) -> str:
        """Show the results until closed; return undo, leave or go on."""
        session, trouble = self._actions.session, self._actions.hardest_cards()
        totals, left = session.compute_results(), session.remaining.total
        summary = SessionSummary(
            totals, left, None, trouble, message, is_cram=session.cram, can_undo=self._actions.steps_here > 0
        )
        # Drawn first without the forecast, which can take longer than a frame.
        self._screen.draw_view(summary_page(self._screen.size, summary, self._bindings))
        try:
            summary = summary._replace(today=self._actions.port.today_summary())
        except FlashcardsError as error:
            summary = summary._replace(message=str(error))
        while True:
            self._screen.draw_view(summary_page(self._screen.size, summary, self._bindings))
            key = self._keyboard.read_key()
            action = self._bindings.action_for_key(key)
            if action == "undo" and summary.can_undo:
                return action
            if key == CONTINUE_KEY and left:
                return CONTINUE_SESSION
            if key == "eof" or action in ("quit", "show_all"):
                self.closing_line = closing_line(summary)
                return LEAVE_SESSION
