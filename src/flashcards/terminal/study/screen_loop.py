"""The study screen: a loop that shows a frame, waits for one key, and does what it says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress

from flashcards.core.key_bindings import RATINGS, Bindings, bindings
from flashcards.core.progress import Entry
from flashcards.core.session import Session
from flashcards.core.study_order import choices
from flashcards.errors import FlashcardsError
from flashcards.terminal.device.capabilities import screen_medium
from flashcards.terminal.device.images import Gallery, cell_of, gallery_of, may_ask, sources
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import Screen
from flashcards.terminal.device.view import View
from flashcards.terminal.study import frame
from flashcards.terminal.study.actions import Hand
from flashcards.terminal.study.answering import face_of
from flashcards.terminal.study.answering.base import Face
from flashcards.terminal.study.footer import Offer, told_of
from flashcards.terminal.study.frame import Foot, Status
from flashcards.terminal.study.overlays import GO_ON, LEAVE, Asides
from flashcards.terminal.study.ports import Desk
from flashcards.terminal.theme import chosen

REVEALING = ("show", "show_all")
END = 1 << 20
"""Scrolls to the end of anything."""


def study_on_screen(  # noqa: PLR0913 (a session, a desk, a clock, and what was asked for)
    session: Session,
    desk: Desk,
    *,
    monotonic: Callable[[], float],
    until_ms: int | None = None,
    theme: str = "auto",
    images: str = "off",
    keys: Bindings | None = None,
    typing: bool = False,
    note: str = "",
) -> None:
    """Run a session on this process's terminal, which is given back as it was.

    With `typing` the answers of all cards are typed; the first frame tells a `note`.
    """
    palette, ask = chosen(theme, os.environ)
    sink, encoding = sys.stdout.fileno(), sys.stdout.encoding
    pictures = gallery_of(desk.picture, images, os.environ, sink)
    screen = Screen(sink, encoding, palette, screen_medium(encoding, os.environ, pictures))
    questions = ["background"] * ask + ["sixels"] * may_ask(images, os.environ)

    def learn(word: str) -> None:
        screen.learn(word, lambda: Gallery(desk.picture, "sixel", cell=cell_of(sink)))

    with Keyboard(sys.stdin.fileno(), sink, learn, screen.forget, questions) as keyboard:
        hand = Hand(session, desk, monotonic)
        Study(hand, keyboard, screen, keys or bindings(), typing=typing).run(until_ms, note)


class Study:
    """One session on one screen."""

    def __init__(
        self, hand: Hand, keyboard: Keyboard, screen: Screen, keys: Bindings, *, typing: bool
    ) -> None:
        self._hand = hand
        self._keyboard = keyboard
        self._screen = screen
        self._keys = keys
        self._typing = typing
        self._asides = Asides(hand, keyboard, screen, keys, self._view)
        self._face: Face | None = None
        self._scroll = 0
        self._message = ""
        hand.desk.when_waiting(self._show_waiting)

    def run(self, until_ms: int | None, note: str = "") -> None:
        """Ask card after card, then sum up; from the summary an undo leads back."""
        self._turn(note)
        while True:
            while self._hand.entry is not None:
                if until_ms is not None and self._hand.spent_ms >= until_ms and self._untouched():
                    break
                if self._step() == LEAVE:
                    break
            if self._sum_up() == LEAVE:
                return
            until_ms = None

    @property
    def _asked(self) -> Face:
        """The card in hand, as it is being asked."""
        if self._face is None:
            self._face = face_of(self._hand.card, self._hand.desk.today(), typing=self._typing)
        return self._face

    def _untouched(self) -> bool:
        return not self._asked.shown

    def _step(self) -> str:
        """Show the card as it is, wait for a key, obey it."""
        view = self._view()
        self._screen.draw(view)
        key = self._keyboard.read(pasting=self._asked.typing, idle=self._settle)
        if key == "resize":
            return ""
        self._message = ""
        try:
            return self._obey(key, view)
        except FlashcardsError as error:
            self._message = str(error)
        return ""

    def _settle(self) -> None:
        with suppress(FlashcardsError):  # whatever is wrong will be told when it matters
            self._hand.desk.settle()

    def _show_waiting(self, line: str) -> None:
        """Show below what is on the screen what it waits for; the next frame takes it away."""
        from flashcards.terminal.study.pages import with_message

        if self._screen.drawn is not None:
            self._screen.draw(with_message(self._screen.size, self._screen.drawn, line))

    def _view(self) -> View:
        hand, face, size = self._hand, self._asked, self._screen.size
        session, entry = hand.session, hand.entry
        mark = entry.progress.flag if entry else None
        status = Status(
            hand.card.deck, len(session.answers), session.remaining, hand.spent_ms,
            self._message, mark, session.cram,
        )  # fmt: skip
        offer = None
        if face.shown and entry is not None:
            today = hand.desk.today()
            offered = choices(entry.progress, today, session.repeat_below, cram=session.cram)
            keys = [self._keys.first(action) for action in RATINGS]
            offer = Offer(offered, today, face.proposed, keys)
        foot = Foot(told_of(face, self._keys), offer)
        return frame.page(size, status, face.sheet(size), foot, self._scroll)

    def _obey(self, key: str, view: View) -> str:
        if key == "eof":
            return LEAVE
        action = self._keys.action(key)
        if self._press(key, action):
            return ""
        if action == "quit":
            return LEAVE
        if action in RATINGS:
            self._rate(RATINGS[action])
        elif action == "show_all" and self._asked.proposed:
            self._rate(self._asked.proposed)
        elif action == "hide":
            self._asked.hide()
            self._scroll = 0
        elif action == "type" and not self._asked.shown:
            self._face = face_of(self._hand.card, self._hand.desk.today(), typing=True)
        elif action in MOVES:
            MOVES[action](self)
        else:
            self._scroll_by(action, view)
        return ""

    def _press(self, key: str, action: str) -> bool:
        """Let the face have a key; tell whether it took it."""
        face = self._asked
        reveals = not face.shown and (action in REVEALING or key == "enter")
        if reveals and not self._hand.still_asked():
            self._turn("")
            return True
        partly = face.sheet(self._screen.size).answer is not None
        if not face.press(key, action):
            return False
        # What is typed, or comes item by item, is followed; an answer is read from its beginning.
        self._scroll = END if not face.shown or partly else 0
        return True

    def _turn(self, message: str) -> None:
        """Begin anew with the card that is in hand now, and tell what happened meanwhile."""
        told, self._hand.told = self._hand.told, []
        self._face, self._scroll = None, 0
        self._message = "; ".join(piece for piece in (message, *told[-2:]) if piece)

    def _rate(self, rating: int) -> None:
        if not self._asked.shown:
            self._message = f"{self._keys.first('show')} shows the answer first"
            return
        self._hand.rate(rating)
        self._turn("")
        if self._hand.leech is not None:
            self._help_with(self._hand.leech)

    def _help_with(self, leech: Entry) -> None:
        """Offer what helps against a leech, before the next card."""
        action = self._asides.leech(leech)
        if action == "edit":
            self._turn(self._asides.edit(leech.card)[0])
        elif action == "suspend":
            self._turn(self._hand.suspend(leech.card.id))
        elif action == "undo":
            self._undo()

    def _undo(self) -> None:
        message, given_here = self._hand.undo()
        self._turn(message)
        if given_here and self._hand.entry is not None:
            self._asked.reveal()  # as it was: the slip was the rating, not the recall

    def _suspend(self) -> None:
        self._turn(self._hand.suspend())

    def _bury(self) -> None:
        self._turn(self._hand.bury())

    def _edit(self) -> None:
        shown = self._asked.shown
        message, same = self._asides.edit(self._hand.card)
        self._turn(message)
        if shown and same:
            self._asked.reveal()

    def _open(self) -> None:
        """Open the first picture that is shown; the answer's only when it is there."""
        card, desk = self._hand.card, self._hand.desk
        for source in sources(f"{card.front}\n{card.back if self._asked.shown else ''}"):
            if (path := desk.picture(source, card.path)) is not None:
                self._message = desk.open_picture(path)
                return
        self._message = "there is no picture here"

    def _aside(self, aside: Callable[[], str]) -> None:
        """Do something beside the card, which stays as it is."""
        self._message = aside()

    def _scroll_by(self, action: str, view: View) -> None:
        page = max(1, self._screen.size.rows // 2)
        steps = {
            "down": 1, "up": -1, "show": page, "page_down": page, "page_up": -page,
            "top": -END, "bottom": END,
        }  # fmt: skip
        now = min(self._scroll, view.most)
        self._scroll = max(0, min(view.most, now + steps.get(action, 0)))

    def _sum_up(self) -> str:
        """Show the summary; from here one can go on, or undo; anything else leaves."""
        while True:
            action = self._asides.summary(self._message)
            if action == LEAVE:
                return LEAVE
            if action == GO_ON:
                self._turn("")
                return ""
            try:
                self._undo()
            except FlashcardsError as error:
                self._message = str(error)
                continue
            if self._hand.entry is not None:
                return ""


MOVES: dict[str, Callable[[Study], None]] = {
    "undo": Study._undo,  # noqa: SLF001 (its own moves, in a table)
    "suspend": Study._suspend,  # noqa: SLF001
    "bury": Study._bury,  # noqa: SLF001
    "edit": Study._edit,  # noqa: SLF001
    "mark": lambda study: study._aside(study._asides.mark),  # noqa: SLF001
    "look_up": lambda study: study._aside(study._asides.look_up),  # noqa: SLF001
    "history": lambda study: study._aside(study._asides.history),  # noqa: SLF001
    "pause": lambda study: study._aside(study._asides.pause),  # noqa: SLF001
    "open": Study._open,  # noqa: SLF001
    "help": lambda study: study._aside(study._asides.help),  # noqa: SLF001
}
