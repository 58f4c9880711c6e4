"""Reveal the answer, at once or item by item."""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import pieces
from flashcards.terminal.device.view import Size
from flashcards.terminal.markdown.render import card_text
from flashcards.terminal.study.answering.base import Hint, Sheet, widest


class Reveal:
    """The plain way: the answer is shown and rated; a list can come item by item."""

    typing = False
    proposed = None

    def __init__(self, card: Card) -> None:
        self._card = card
        self._lead, self._items = pieces(card.back) if card.asking.listed else ("", [])
        self._seen = 0
        self.shown = False

    def sheet(self, size: Size) -> Sheet:
        """Return the question, and below it what was revealed so far."""
        card = self._card
        front, back = card_text(card.front, card, size), card_text(card.back, card, size)
        seen = back if self.shown else None
        if self._seen and not self.shown:
            seen = card_text(self._lead + "".join(self._items[: self._seen]), card, size)
        return Sheet(front, answer=seen, rows=len(back), wide=widest([*front, *back]))

    def press(self, key: str, action: str) -> bool:
        """Reveal the next item, or everything."""
        del key
        if self.shown or action not in ("show", "show_all"):
            return False
        self._seen += 1
        self.shown = action == "show_all" or self._seen >= len(self._items)
        return True

    def hints(self) -> Sequence[Hint]:
        """Return how to see more."""
        if not self._items:
            return (("show", ""),)
        return ("show", f"item {self._seen + 1} of {len(self._items)}"), ("show_all", "")

    def hide(self) -> None:
        """Cover the answer."""
        self.shown, self._seen = False, 0

    def reveal(self) -> None:
        """Uncover it."""
        self.shown = True
