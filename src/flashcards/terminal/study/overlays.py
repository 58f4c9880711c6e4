"""What can be done beside a card, its clock stopped meanwhile: help, history, a mark, a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flashcards.core.cards import Card
from flashcards.core.key_bindings import Bindings
from flashcards.core.progress import Entry
from flashcards.errors import FlashcardsError
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.line_editor import Line
from flashcards.terminal.device.screen import Screen
from flashcards.terminal.device.view import Size, View
from flashcards.terminal.study.actions import Hand

LEAVE, GO_ON = "leave", "go on"
Page = Callable[[Size, int], View]
LAST = 9999
"""The end of any page."""
STEPS = {"down": 1, "up": -1, "page_down": 10, "page_up": -10, "show": 10, "top": -LAST,
         "bottom": LAST}  # fmt: skip
"""How far an action scrolls a page, in rows."""


class Asides:
    """The screens beside the cards; each returns what to tell on the card again."""

    def __init__(
        self,
        hand: Hand,
        keyboard: Keyboard,
        screen: Screen,
        keys: Bindings,
        behind: Callable[[], View],
    ) -> None:
        """Take a session's parts; `behind` is the card's own frame."""
        self._hand = hand
        self._keyboard = keyboard
        self._screen = screen
        self._keys = keys
        self._behind = behind

    def help(self) -> str:
        """Show what each key does."""
        from flashcards.terminal.study.pages import help_page

        self._read(lambda size, at: help_page(size, self._keys, at))
        return ""

    def history(self) -> str:
        """Show the answers of the card in hand."""
        from flashcards.terminal.study.pages import history_page

        card = self._hand.card
        with self._hand.away():
            moments = self._hand.desk.moments(card.id)
            self._scroll_through(lambda size, at: history_page(size, card.front, moments, at), LAST)
        return ""

    def pause(self) -> str:
        """Stop until a key."""
        from flashcards.terminal.study.pages import pause_page

        session = self._hand.session
        done, left, spent = len(session.answers), session.remaining.total, self._hand.spent_ms
        self._read(lambda size, _: pause_page(size, done, left, spent))
        return "the clock goes on"

    def mark(self) -> str:
        """Ask why the card is to be mended, and mark it; an emptied word takes a mark off."""
        flag = self._hand.entry.progress.flag if self._hand.entry else None
        with self._hand.away():
            line = self._ask("why? ", Line(flag or ""))
        if line is None:
            return ""
        why = " ".join(line.text.split())
        return self._hand.mark(why, on=bool(why) or flag is None)

    def edit(self, card: Card) -> tuple[str, bool]:
        """Let the person edit a card, and take the card in hand anew.

        Returns what to tell, and whether the same card is still in hand.
        """
        with self._hand.away():
            self._hand.desk.ready_to_edit()  # told on this screen, if it takes a while
        with self._hand.away(), self._keyboard.suspended():
            message = self._hand.desk.edit(card)
        return message.split("\n")[0], self._hand.refresh()

    def leech(self, entry: Entry) -> str:
        """Tell gently that a card is a leech; return the action chosen."""
        from flashcards.terminal.study.pages import leech_page

        with self._hand.away():
            return self._choose(
                lambda size, at: leech_page(size, entry, self._keys, at),
                ("edit", "suspend", "undo"),
            )

    def look_up(self) -> str:
        """Search for other cards and show them, then come back."""
        from flashcards.terminal.study.pages import found_page, with_message

        with self._hand.away():
            line = self._ask("look up: ", Line(), "search")
            if line is None or not line.text.strip():
                return ""
            self._screen.draw(with_message(self._screen.size, self._behind(), "searching …"))
            try:
                found = self._hand.desk.find(line.text)
            except FlashcardsError as error:
                return str(error)
            if not found:
                return f"no card has {line.text.strip()!r}"
            at = 0
            while True:
                self._screen.draw(found_page(self._screen.size, line.text, found, at))
                key = self._keyboard.read()
                action = self._keys.action(key)
                if action in STEPS and action != "show":
                    at = max(0, min(len(found) - 1, at + STEPS[action]))
                elif action in ("show", "show_all"):
                    self._show(found[at])
                elif key != "resize":
                    return ""

    def _show(self, entry: Entry) -> None:
        from flashcards.terminal.study.pages import card_page

        today = self._hand.desk.today()
        self._scroll_through(lambda size, at: card_page(size, entry, today, at))

    def summary(self, message: str) -> str:
        """Show what the sitting came to until a key; return LEAVE, GO_ON, or "undo"."""
        from flashcards.terminal.study.pages import SumUp, summary_page

        session, trouble = self._hand.session, self._hand.trouble()
        found, left = session.summary(), session.remaining.total
        told = SumUp(found, left, None, trouble, message, cram=session.cram)
        # Drawn first without what lies ahead: that can take longer than a frame may.
        self._screen.draw(summary_page(self._screen.size, told, self._keys))
        try:
            told = replace(told, ahead=self._hand.desk.outlook())
        except FlashcardsError as error:
            told = replace(told, message=str(error))
        while True:
            self._screen.draw(summary_page(self._screen.size, told, self._keys))
            key = self._keyboard.read()
            action = self._keys.action(key)
            if action == "undo":
                return action
            if action == "show" and left:
                return GO_ON
            if key == "eof" or action in ("quit", "show", "show_all"):
                return LEAVE

    def _read(self, page: Page) -> None:
        with self._hand.away():
            self._scroll_through(page)

    def _scroll_through(self, page: Page, scroll: int = 0) -> None:
        self._choose(page, None, scroll)

    def _choose(self, page: Page, wanted: tuple[str, ...] | None, scroll: int = 0) -> str:
        """Show a page until a key that does not scroll it; return what that key does."""
        while True:
            view = page(self._screen.size, scroll)
            scroll = min(scroll, view.most)
            self._screen.draw(view)
            key = self._keyboard.read()
            action = self._keys.action(key)
            if key == "resize":
                continue
            if view.most and action in STEPS:
                scroll = max(0, min(view.most, scroll + STEPS[action]))
            elif wanted is None or key == "eof" or action in (*wanted, "quit", "show", "show_all"):
                return action

    def _ask(self, prompt: str, line: Line, does: str = "keep") -> Line | None:
        """Let the person type a line below the card; None when they thought better of it."""
        from flashcards.terminal.study.pages import with_prompt

        while True:
            size = self._screen.size
            behind = replace(self._behind(), cursor=None)
            self._screen.draw(with_prompt(size, behind, prompt, line, does))
            key = self._keyboard.read(pasting=True)
            if key == "enter":
                return line
            if key in ("escape", "eof"):
                return None
            line = line.press(key) or line
