"""Reveal the answer at once or item by item."""

from collections.abc import Sequence

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import split_list
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.markdown.card_text import card_text, plain_lines
from flashcards.terminal.study.answering.answer_view import ActionHint, AnswerView, CardLayout, max_line_width


class RevealView(AnswerView):
    """Shows the answer; a list can come item by item."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._list_intro, self._list_items = (
            split_list(card.marked_back) if card.answer_mode.listed else ("", [])
        )
        self._items_shown = 0

    def card_layout(self, size: ScreenSize) -> CardLayout:
        """Return the question, and what is revealed so far."""
        card = self.card
        front, back = card_text(card.marked_front, card, size), card_text(card.marked_back, card, size)
        shown_lines = back if self.answer_shown else None
        if self._items_shown and not self.answer_shown:
            shown_lines = card_text(self._list_until(self._items_shown), card, size)
        width = max_line_width([*front, *back])
        return CardLayout(front, answer_lines=shown_lines, max_answer_rows=len(back), max_width=width)

    def handle_key(self, key: str, action: str) -> bool:
        """Reveal the next item, or everything."""
        del key
        if self.answer_shown or action not in ("show", "show_all"):
            return False
        self._items_shown = len(self._list_items) if action == "show_all" else self._items_shown + 1
        self.answer_shown = self._items_shown >= len(self._list_items)
        return True

    def _list_until(self, end: int) -> str:
        return self._list_intro + "".join(self._list_items[:end])

    def action_hints(self) -> Sequence[ActionHint]:
        """Return how to reveal more."""
        if not self._list_items:
            return (("show", ""),)
        return ("show", f"item {self._items_shown + 1} of {len(self._list_items)}"), ("show_all", "")

    @property
    def line_prompt(self) -> str:
        """What Enter shows."""
        if not self._list_items:
            return "(Enter shows the answer)"
        of = f"{self._items_shown + 1} of {len(self._list_items)}"
        return f"(Enter shows item {of}, a shows all)"

    def is_answer(self, line: str) -> bool:
        """Tell whether the line shows all items."""
        return bool(self._list_items) and line == "a"

    def submit_line(self, line: str) -> Sequence[str]:
        """Show the next item, all of them, or the answer."""
        before = self._items_shown
        self.handle_key("", "show_all" if line.casefold() == "a" else "show")
        if not self._list_items:
            return self.SEPARATOR, plain_lines(self.card.marked_back)
        if not before:
            return [self.SEPARATOR, *self._list_lines(self._items_shown)]
        return self._list_lines(self._items_shown)[len(self._list_lines(before)) :]

    def _list_lines(self, end: int) -> list[str]:
        return plain_lines(f"{self._list_until(end)}\n").split("\n")
