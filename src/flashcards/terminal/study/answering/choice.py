"""A card with options: a letter chooses one, in an order of the card and the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from string import ascii_lowercase

from rich.text import Text

from flashcards.core.answer_check import RIGHT, WRONG
from flashcards.core.answer_text import answer_of, options, remark_of
from flashcards.core.cards import Card
from flashcards.terminal import theme
from flashcards.terminal.device.view import Size
from flashcards.terminal.markdown.render import card_text
from flashcards.terminal.study.answering.base import Hint, Sheet, widest


class Choose:
    """A choice among several answers."""

    typing = False

    def __init__(self, card: Card, today: date) -> None:
        self._card = card
        self._options = options(card, today)
        self._right = self._options.index(answer_of(card))
        self._chosen: int | None = None
        self.shown = False
        self.proposed: int | None = None

    def sheet(self, size: Size) -> Sheet:
        """Return the question with its options; then which is right and which was chosen."""
        card = self._card
        front, remark = card_text(card.front, card, size), card_text(remark_of(card), card, size)
        listed = [line for i in range(len(self._options)) for line in self._option(i, size)]
        more = [Text(), *remark] if remark else []
        wide = widest([*front, *listed, *remark])
        rows = len(listed) + len(more)
        if not self.shown:
            return Sheet(front, asked=[Text(), *listed], rows=rows, wide=wide)
        return Sheet(front, answer=[*listed, *more], rows=rows, wide=wide)

    def _option(self, i: int, size: Size) -> list[Text]:
        mark, style = " ", ""
        if self.shown and i == self._right:
            mark, style = "✓", theme.GOOD
        elif self.shown:
            mark, style = ("✗", theme.BAD) if i == self._chosen else (" ", theme.CHROME)
        letter = style or theme.ACCENT
        lines = card_text(self._options[i], self._card, size, size.measure - 5) or [Text()]
        for line in lines:
            line.stylize(style)
        head = Text.assemble((f"{mark} ", style), (ascii_lowercase[i], letter), "  ")
        return [(head if n == 0 else Text(" " * 5)) + line for n, line in enumerate(lines)]

    def press(self, key: str, action: str) -> bool:
        """Choose by letter, or look without choosing."""
        if self.shown:
            return False
        letters = ascii_lowercase[: len(self._options)]
        if len(key) == 1 and key.casefold() in letters:
            self._chosen = letters.index(key.casefold())
            self.proposed = RIGHT if self._chosen == self._right else WRONG
        elif action not in ("show", "show_all"):
            return False
        self.shown = True
        return True

    def hints(self) -> Sequence[Hint]:
        """Return which letters choose."""
        letters = f"a-{ascii_lowercase[len(self._options) - 1]}"
        return (f"'{letters}", "choose"), ("show", "")

    def hide(self) -> None:
        """Take the choice back."""
        self.shown, self._chosen, self.proposed = False, None, None

    def reveal(self) -> None:
        """Show which is right."""
        self.shown = True
