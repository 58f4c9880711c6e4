"""A card whose answer is typed: a line to type it in, then what differs from the right one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from flashcards.core.answer_check import Verdict, judge
from flashcards.core.answer_text import answer_of, as_typed, remark_of, right_answers
from flashcards.core.cards import Card
from flashcards.terminal import theme
from flashcards.terminal.device.line_editor import Line, field
from flashcards.terminal.device.view import Size
from flashcards.terminal.markdown.render import card_text
from flashcards.terminal.study.answering.base import Hint, Sheet, widest
from flashcards.terminal.study.answering.diff import difference


class Type:
    """An answer that is typed and compared."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._line = Line()
        self._verdict: Verdict | None = None
        self.typing = True
        self.shown = False

    @property
    def proposed(self) -> int | None:
        """The rating that the typed answer earned."""
        return self._verdict.proposed if self._verdict else None

    def sheet(self, size: Size) -> Sheet:
        """Return the question with the line below it; then the difference, and the back."""
        card, columns = self._card, size.measure
        front, back = card_text(card.front, card, size), card_text(card.back, card, size)
        rows = len(back) + 5  # three of difference, and a blank line around the rest
        wide = max(widest([*front, *back]), min(columns, 40))
        if not self.shown:
            line, column = field(self._line, columns)
            asked = [Text(), line] if self.typing else [Text(), Text(line.plain, theme.CHROME)]
            cursor = (1, column) if self.typing else None
            return Sheet(front, asked=asked, rows=rows, wide=wide, cursor=cursor)
        return Sheet(front, answer=self._answer(back, size), rows=rows, wide=wide)

    def _answer(self, back: list[Text], size: Size) -> list[Text]:
        if self._verdict is None:
            return back
        told = difference(self._verdict, size.measure)
        # The line above says the answer already, unless it is only one of several right ones.
        alone = self._verdict.wanted == as_typed(answer_of(self._card))
        rest = card_text(remark_of(self._card), self._card, size) if alone else back
        return [*told, Text(), *rest] if rest else told

    def press(self, key: str, action: str) -> bool:
        """Edit the line, hand it in, or leave it for the other keys."""
        if self.shown:
            return False
        if self.typing:
            return self._edit(key)
        if action == "type":
            self.typing = True
        elif action in ("show", "show_all"):
            self.shown = True
        else:
            return False
        return True

    def _edit(self, key: str) -> bool:
        if key == "enter":
            self._hand_in()
        elif key == "escape":
            self.typing = False
        elif (line := self._line.press(key)) is not None:
            self._line = line
        else:
            return False
        return True

    def _hand_in(self) -> None:
        card = self._card
        given = self._line.text
        self._verdict = judge(given, right_answers(card, given), card.asking.lenient)
        self.typing, self.shown = False, True

    def hints(self) -> Sequence[Hint]:
        """Return how the line is handed in."""
        if self.typing:
            return ("'enter", "compare"), ("'escape", "other keys")
        return ("show", ""), ("type", "")

    def hide(self) -> None:
        """Ask anew, with an empty line."""
        self._line, self._verdict = Line(), None
        self.typing, self.shown = True, False

    def reveal(self) -> None:
        """Show the answer without a comparison."""
        self.typing, self.shown = False, True
