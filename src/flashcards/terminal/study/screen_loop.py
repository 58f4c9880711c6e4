"""Study loop on the screen: draw, read a key, act."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from flashcards.core.key_bindings import RATING_ACTIONS, KeyBindings, resolve_bindings
from flashcards.core.progress import CardState
from flashcards.core.session import Session
from flashcards.errors import FlashcardsError
from flashcards.terminal.device.open_terminal import open_terminal
from flashcards.terminal.device.view import ScreenView
from flashcards.terminal.markdown.card_text import card_text
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.answering.answer_view import AnswerView
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.card_media import CardMedia
from flashcards.terminal.study.footer import RatingPreview, answer_key_hints, footer_lines
from flashcards.terminal.study.frame import SessionStatus, render_study_view
from flashcards.terminal.study.page_loop import (
    CONTINUE_SESSION,
    END_OF_PAGE,
    LEAVE_SESSION,
    PageLoop,
    PageTerminal,
    scroll_steps,
)
from flashcards.terminal.study.study_port import StudyPort
from flashcards.terminal.text.key_hints import key_label

if TYPE_CHECKING:
    from flashcards.terminal.study.open_overlays import Overlays

REVEAL_ACTIONS = ("show", "show_all")


def run_screen_study(  # noqa: PLR0913 (a session, a port, a clock, and what was asked for)
    session: Session,
    port: StudyPort,
    *,
    monotonic: Callable[[], float],
    time_limit_ms: int | None = None,
    theme: str = "auto",
    images: str = "off",
    keys: KeyBindings | None = None,
    typing: bool = False,
    note: str = "",
) -> str:
    """Run a session on this terminal; return the closing line.

    With `typing` the answers of all cards are typed; the first frame shows `note`.
    """
    with open_terminal(theme, images, port.find_image) as (keyboard, screen):
        bindings = keys or resolve_bindings()
        actions = StudyActions(session, port, monotonic, key_label(bindings.first_key("undo")))
        try:
            terminal = PageTerminal(keyboard, screen, bindings)
            return StudyLoop(actions, terminal, typing=typing).run(time_limit_ms, note)
        finally:
            port.stop_sound()


class StudyLoop(PageLoop):
    """One session on one screen."""

    def __init__(self, actions: StudyActions, terminal: PageTerminal, *, typing: bool) -> None:
        super().__init__(terminal, self._render_view)
        self._actions = actions
        self._type_answers = typing
        self._types_card = typing  # whether the current card's answer is typed
        self._answer_view: AnswerView | None = None
        self._media = CardMedia(actions)
        self._scroll = 0
        self._message = ""
        actions.port.on_wait(self.show_message)

    @cached_property
    def _overlays(self) -> Overlays:
        from flashcards.terminal.study.open_overlays import Overlays  # the first card is drawn without them

        return Overlays(self._actions, self._terminal, self._render_view)

    def run(self, time_limit_ms: int | None, note: str = "") -> str:
        """Ask cards, then show the summary; return the closing line."""
        self._start_card(note)
        while True:
            while self._actions.card_state is not None:
                is_time_up = time_limit_ms is not None and self._actions.time_spent_ms >= time_limit_ms
                ends_here = is_time_up and not self._current_answer_view.answer_shown
                if ends_here or self._handle_next_key() == LEAVE_SESSION:
                    break
            if self._show_summary() == LEAVE_SESSION:
                return self._overlays.closing_line
            time_limit_ms = None

    @property
    def _current_answer_view(self) -> AnswerView:
        if self._answer_view is None:
            actions, today = self._actions, self._actions.port.today()
            self._answer_view = make_answer_view(
                actions.current_card, today, actions.shown_today, typing=self._types_card
            )
        return self._answer_view

    def _handle_next_key(self) -> str:
        view = self._render_view()
        self._screen.draw_view(view)
        key = self._keyboard.read_key(
            accept_paste=self._current_answer_view.is_typing, on_idle=self._finish_pending_work
        )
        if key == "resize":
            return ""
        self._message = ""
        try:
            return self._run_action(key, view)
        except FlashcardsError as error:
            self._message = str(error)
        return ""

    def _finish_pending_work(self) -> None:
        with suppress(FlashcardsError):  # reported when it matters
            self._actions.port.finish_pending_work()
            coming = self._actions.session.upcoming
            if coming and (state := self._actions.port.card_state(coming)):
                for side in (state.card.marked_front, state.card.marked_back):
                    card_text(side, state.card, self._screen.size)  # fills the cache for the next frame

    def _render_view(self) -> ScreenView:
        actions, answer_view, size = self._actions, self._current_answer_view, self._screen.size
        session, entry = actions.session, actions.card_state
        mark = entry.progress.mark if entry else None
        deck, spent = actions.current_card.deck, actions.time_spent_ms
        status = SessionStatus(
            deck, session.answered, session.remaining, spent, self._message, mark, session.cram
        )
        preview = None
        if answer_view.answer_shown and entry is not None:
            today, outcomes = actions.port.today(), actions.preview()
            keys = [self._bindings.first_key(action) for action in RATING_ACTIONS]
            preview = RatingPreview(outcomes, today, answer_view.proposed_rating, keys)
        hints = answer_key_hints(answer_view, self._bindings, self._card_actions())
        layout = answer_view.complete_layout(size, hint_shown=actions.hint_shown)
        return render_study_view(size, status, layout, footer_lines(size, hints, preview), self._scroll)

    def _card_actions(self) -> list[str]:
        """Return the actions that not every card has."""
        actions, shown = self._actions, self._current_answer_view.answer_shown
        hints = ["hint"] if actions.current_card.hint and not (shown or actions.hint_shown) else []
        return [*hints, *(["listen"] if self._media.sounds(answer_shown=shown) else [])]

    def _run_action(self, key: str, view: ScreenView) -> str:
        if key == "eof":
            return LEAVE_SESSION
        action = self._bindings.action_for_key(key)
        if self._pass_key(key, action):
            return ""
        if action == "quit":
            return LEAVE_SESSION
        if action in RATING_ACTIONS:
            self._rate_card(RATING_ACTIONS[action])
        elif action == "show_all" and self._current_answer_view.proposed_rating:
            self._rate_card(self._current_answer_view.proposed_rating)
        elif action == "hide":
            self._answer_view, self._scroll = None, 0
        elif action == "type" and not self._current_answer_view.answer_shown:
            self._answer_view, self._types_card = None, True
        elif action in ACTION_HANDLERS:
            ACTION_HANDLERS[action](self)
        else:
            self._scroll_by(action, view)
        return ""

    def _pass_key(self, key: str, action: str) -> bool:
        """Pass a key to the answer view; tell whether it took it."""
        answer_view = self._current_answer_view
        reveals = not answer_view.answer_shown and (action in REVEAL_ACTIONS or key == "enter")
        if reveals and not self._actions.recheck_current_card():
            self._start_card("")
            return True
        partly = answer_view.card_layout(self._screen.size).answer_lines is not None
        hidden = not answer_view.answer_shown
        if not answer_view.handle_key(key, action):
            return False
        if hidden and answer_view.answer_shown:
            self._media.begin_side(answer_shown=True)
        # Typed text and list items scroll to their end; a whole answer is read from its start.
        self._scroll = END_OF_PAGE if not answer_view.answer_shown or partly else 0
        return True

    def _start_card(self, message: str) -> None:
        """Start the current card, with the pending notices."""
        notices, self._actions.notices = self._actions.notices, []
        self._answer_view, self._types_card, self._scroll = None, self._type_answers, 0
        self._media.begin_side(answer_shown=False)
        self._message = "; ".join(piece for piece in (message, *notices[-2:]) if piece)

    def _rate_card(self, rating: int) -> None:
        if not self._current_answer_view.answer_shown:
            self._message = f"{self._bindings.first_key('show')} shows the answer first"
            return
        self._actions.rate_card(rating)
        self._start_card("")
        if self._actions.new_leech is not None:
            self._offer_leech_help(self._actions.new_leech)

    def _offer_leech_help(self, card_state: CardState) -> None:
        action = self._overlays.show_leech(card_state)
        if action == "edit":
            self._start_card(self._overlays.edit_card(card_state.card)[0])
        elif action == "suspend":
            self._start_card(self._actions.suspend_card(card_state.card.id))
        elif action == "undo":
            self._undo_last()

    def _undo_last(self) -> None:
        message, given_here = self._actions.undo_last()
        self._start_card(message)
        if given_here and self._actions.card_state is not None:
            # The rating was undone, not the recall: the answer stays visible.
            self._current_answer_view.show_answer()

    def _edit_card(self) -> None:
        shown = self._current_answer_view.answer_shown
        message, same = self._overlays.edit_card(self._actions.current_card)
        self._start_card(message)
        if shown and same:
            self._current_answer_view.show_answer()

    def _use_side(self, use: Callable[..., str]) -> None:
        self._message = use(answer_shown=self._current_answer_view.answer_shown)

    def _run_overlay(self, overlay: Callable[[], str]) -> None:
        with self._actions.clock_paused():
            self._message = overlay()

    def _scroll_by(self, action: str, view: ScreenView) -> None:
        steps = scroll_steps(max(1, self._screen.size.rows // 2)).get(action, 0)
        self._scroll = max(0, min(view.max_scroll, min(self._scroll, view.max_scroll) + steps))

    def _show_summary(self) -> str:
        """Show the summary; "" returns to the cards."""
        while True:
            action = self._overlays.show_summary(self._message)
            if action == LEAVE_SESSION:
                return LEAVE_SESSION
            if action == CONTINUE_SESSION:
                self._start_card("")
                return ""
            try:
                self._undo_last()
            except FlashcardsError as error:
                self._message = str(error)
                continue
            if self._actions.card_state is not None:
                return ""


ACTION_HANDLERS: dict[str, Callable[[StudyLoop], None]] = {
    "undo": StudyLoop._undo_last,  # noqa: SLF001 (its own moves, in a table)
    "redo": lambda study: study._start_card(study._actions.redo_last()),  # noqa: SLF001
    "suspend": lambda study: study._start_card(study._actions.suspend_card()),  # noqa: SLF001
    "bury": lambda study: study._start_card(study._actions.bury_card()),  # noqa: SLF001
    "edit": StudyLoop._edit_card,  # noqa: SLF001
    "mark": lambda study: study._run_overlay(study._overlays.prompt_for_mark),  # noqa: SLF001
    "look_up": lambda study: study._run_overlay(study._overlays.search_cards),  # noqa: SLF001
    "history": lambda study: study._run_overlay(study._overlays.show_history),  # noqa: SLF001
    "pause": lambda study: study._run_overlay(study._overlays.show_pause),  # noqa: SLF001
    "open": lambda study: study._use_side(study._media.open_image),  # noqa: SLF001
    "listen": lambda study: study._use_side(study._media.listen),  # noqa: SLF001
    "hint": lambda study: study._use_side(study._actions.show_hint),  # noqa: SLF001
    "help": lambda study: study._run_overlay(study.show_help),  # noqa: SLF001
}
