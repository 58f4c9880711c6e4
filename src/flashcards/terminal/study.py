"""The study screen: a loop that shows a frame, waits for one key, and does what it says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from flashcards.core.agenda import choices
from flashcards.core.session import Session
from flashcards.errors import StoreError
from flashcards.terminal import frames, pages
from flashcards.terminal.desk import Desk
from flashcards.terminal.frames import Offer, Size, Status, View
from flashcards.terminal.hand import Hand
from flashcards.terminal.keyboard import Keyboard
from flashcards.terminal.screen import Screen
from flashcards.terminal.theme import chosen

DOWN = {"down": 1, "j": 1}
UP = {"up": -1, "k": -1}
END_OF_CARD, LEAVE = "next", "leave"


def study_on_screen(
    session: Session,
    desk: Desk,
    *,
    monotonic: Callable[[], float],
    until_ms: int | None = None,
    theme: str = "auto",
) -> None:
    """Run a session on this process's terminal, which is given back as it was."""
    palette, ask = chosen(theme, os.environ)
    screen = Screen(sys.stdout.fileno(), sys.stdout.encoding, palette)
    learn = screen.wear if ask else None
    with Keyboard(sys.stdin.fileno(), sys.stdout.fileno(), learn) as keyboard:
        Study(Hand(session, desk, monotonic), keyboard, screen).run(until_ms)


class Study:
    """One session on one screen."""

    def __init__(self, hand: Hand, keyboard: Keyboard, screen: Screen) -> None:
        self._hand = hand
        self._keyboard = keyboard
        self._screen = screen
        self._revealed = False
        self._scroll = 0
        self._message = ""

    def run(self, until_ms: int | None) -> None:
        """Ask card after card, then sum up; from the summary an undo leads back."""
        while True:
            while self._hand.entry is not None:
                if until_ms is not None and self._hand.spent_ms >= until_ms and not self._revealed:
                    break
                if self._step() == LEAVE:
                    break
            if self._sum_up() == LEAVE:
                return
            until_ms = None

    def _step(self) -> str:
        """Show the card as it is, wait for a key, obey it."""
        view = self._view()
        self._screen.draw(view)
        key = self._keyboard.read()
        if key == "resize":
            return ""
        self._message = ""
        if key in ("q", "escape", "eof"):
            return LEAVE
        try:
            self._obey(key, view)
        except StoreError as error:
            self._message = str(error)
        return ""

    def _view(self) -> View:
        hand, size = self._hand, self._screen.size
        session = hand.session
        status = Status(
            hand.card.deck, len(session.answers), session.remaining, hand.spent_ms, self._message
        )
        if not self._revealed or hand.entry is None:
            return frames.question(size, status, hand.card)
        today = hand.desk.today()
        offered = choices(hand.entry.progress, today, session.repeat_below, cram=session.cram)
        return frames.answer(size, status, hand.card, Offer(offered, today), self._scroll)

    def _obey(self, key: str, view: View) -> None:
        moves = {
            "u": self._hand.undo,
            "s": self._hand.suspend,
            "b": self._hand.bury,
        }
        if key in moves:
            self._turn(moves[key]())
        elif key in ("space", "enter", "pagedown", "pageup", "up", "down", "j", "k", "home", "end"):
            self._reveal_or_scroll(key, view)
        elif key in {"1", "2", "3", "4", "5"}:
            self._rate(int(key))
        elif key == "e":
            self._edit()
        elif key == "i":
            steps = self._hand.desk.steps(self._hand.card.id)
            front, today = self._hand.card.front, self._hand.desk.today()
            self._read_page(lambda size, at: pages.history_page(size, front, steps, today, at))
        elif key in ("?", "h"):
            self._read_page(pages.help_page)

    def _turn(self, message: str) -> None:
        """Begin anew with the card that is in hand now."""
        self._revealed, self._scroll, self._message = False, 0, message

    def _reveal_or_scroll(self, key: str, view: View) -> None:
        page = max(1, self._screen.size.rows // 2)
        if not self._revealed:
            if key in ("space", "enter"):
                self._revealed = True
            return
        moves = {**DOWN, **UP, "space": page, "pagedown": page, "pageup": -page}
        moves |= {"home": -view.most, "end": view.most}
        self._scroll = max(0, min(view.most, self._scroll + moves.get(key, 0)))

    def _rate(self, rating: int) -> None:
        if not self._revealed:
            self._message = "space shows the answer first"
            return
        self._hand.rate(rating)
        self._turn("")

    def _edit(self) -> None:
        with self._keyboard.suspended():
            message = self._hand.desk.edit(self._hand.card)
        self._hand.look()
        self._message = message.split("\n")[0]

    def _read_page(self, page: Callable[[Size, int], View]) -> None:
        """Show a page until a key that does not scroll it."""
        scroll = 0
        while True:
            view = page(self._screen.size, scroll)
            self._screen.draw(view)
            key = self._keyboard.read()
            moves = {**DOWN, **UP, "pagedown": 10, "pageup": -10, "space": 10}
            if key != "resize" and (key not in moves or not view.most):
                return
            scroll = max(0, min(view.most, scroll + moves.get(key, 0)))

    def _sum_up(self) -> str:
        """Show the summary; an undo from here goes back to the card, anything else leaves."""
        session = self._hand.session
        ahead = self._hand.desk.outlook()
        while True:
            left = session.remaining.total
            self._screen.draw(
                pages.summary_page(self._screen.size, session.summary(), ahead, left, self._message)
            )
            key = self._keyboard.read()
            if key == "u":
                try:
                    self._turn(self._hand.undo())
                except StoreError as error:
                    self._message = str(error)
                    continue
                if self._hand.entry is not None:
                    return ""
            elif key in ("q", "enter", "escape", "space", "eof"):
                return LEAVE
