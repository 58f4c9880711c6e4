"""Answer views of the line-based study loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from string import ascii_lowercase

from flashcards.core.answer_text import answer_text, check_typed_answer
from flashcards.core.cards import Card
from flashcards.core.markdown_lists import split_list
from flashcards.core.multiple_choice import answer_options
from flashcards.core.typed_answer_check import RATING_IF_RIGHT, RATING_IF_WRONG
from flashcards.terminal.markdown.card_text import plain_lines
from flashcards.terminal.text.sanitize import sanitize_line

ANSWER_SEPARATOR = "---"


class PlainAnswerView(ABC):
    """A card as it is asked line by line."""

    def __init__(self, card: Card) -> None:
        self.question = plain_lines(card.marked_front)
        self._card = card
        self.answer_shown = False
        self.proposed_rating: int | None = None

    @property
    @abstractmethod
    def prompt(self) -> str:
        """What the next line is for."""

    @abstractmethod
    def is_answer(self, line: str) -> bool:
        """Tell whether a line that may be a command is an answer."""

    @abstractmethod
    def submit_line(self, line: str) -> Sequence[str]:
        """Take a line; return the lines to print."""


class PlainRevealView(PlainAnswerView):
    """Enter shows the answer, or a list item by item."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._list_intro, self._list_items = (
            split_list(card.marked_back) if card.answer_mode.listed else ("", [])
        )
        self._items_shown = 0

    @property
    def prompt(self) -> str:
        """What Enter shows."""
        if not self._list_items:
            return "(Enter shows the answer)"
        of = f"{self._items_shown + 1} of {len(self._list_items)}"
        return f"(Enter shows item {of}, a shows all)"

    def is_answer(self, line: str) -> bool:
        """Tell whether the line shows all items."""
        return bool(self._list_items) and line == "a"

    def submit_line(self, line: str) -> Sequence[str]:
        """Show the next item, or the answer."""
        if not self._list_items:
            self.answer_shown = True
            return ANSWER_SEPARATOR, plain_lines(self._card.marked_back)
        separator = [] if self._items_shown else [ANSWER_SEPARATOR]
        end = len(self._list_items) if line.casefold() == "a" else self._items_shown + 1
        already_shown = len(self._lines_up_to(self._items_shown)) if self._items_shown else 0
        lines = self._lines_up_to(end)[already_shown:]
        self._items_shown = end
        self.answer_shown = end == len(self._list_items)
        return [*separator, *lines]

    def _lines_up_to(self, end: int) -> list[str]:
        items = "".join(self._list_items[:end])
        return plain_lines(f"{self._list_intro}{items}\n").split("\n")


class PlainTypedView(PlainAnswerView):
    """The line is the answer; it is checked and proposes a rating."""

    prompt = "(type the answer; :q quits, :? shows more)"

    def is_answer(self, line: str) -> bool:
        """Treat a line as a command only if a colon starts it, and it is wrong."""
        return not line.startswith(":") or check_typed_answer(self._card, line).is_right

    def submit_line(self, line: str) -> Sequence[str]:
        """Show the differences, and the back."""
        answer_check = check_typed_answer(self._card, line)
        self.answer_shown, self.proposed_rating = True, answer_check.proposed_rating
        if answer_check.is_right:
            return ANSWER_SEPARATOR, "Correct.", plain_lines(self._card.marked_back)
        if answer_check.has_little_in_common:
            difference = [
                f"you    {sanitize_line(line)}",
                f"right  {sanitize_line(answer_check.closest_answer)}",
            ]
        else:
            marked = "".join(
                run.expected if run.is_equal else f"[{run.given}|{run.expected}]" for run in answer_check.runs
            )
            difference = [f"Not quite. [typed|correct]: {marked}"]
        return ANSWER_SEPARATOR, *difference, plain_lines(self._card.marked_back)


class PlainChoiceView(PlainAnswerView):
    """A letter chooses an option and proposes a rating."""

    def __init__(self, card: Card, today: date, shown: int) -> None:
        super().__init__(card)
        self._options = answer_options(card, today, shown)
        self._right_index = self._options.index(answer_text(card))
        self._letters = ascii_lowercase[: len(self._options)]
        listed = [f"{a}) {plain_lines(text)}" for a, text in zip(self._letters, self._options, strict=True)]
        self.question = "\n".join([self.question, *listed])

    @property
    def prompt(self) -> str:
        """The letters that choose."""
        return f"(a-{self._letters[-1]} chooses, Enter shows the answer)"

    def is_answer(self, line: str) -> bool:
        """Tell whether a line is one of the letters."""
        return len(line) == 1 and line.casefold() in self._letters

    def submit_line(self, line: str) -> Sequence[str]:
        """Say whether the choice was right, and show the back."""
        self.answer_shown = True
        result = []
        if self.is_answer(line):
            is_right = self._letters.index(line.casefold()) == self._right_index
            self.proposed_rating = RATING_IF_RIGHT if is_right else RATING_IF_WRONG
            result = ["Correct." if is_right else f"Wrong: the answer is {self._letters[self._right_index]}."]
        return [ANSWER_SEPARATOR, *result, plain_lines(self._card.marked_back)]


def make_plain_answer_view(card: Card, today: date, shown: int, *, typing: bool) -> PlainAnswerView:
    """Return the view for a card; `typing` overrides reveal only."""
    if card.answer_mode.choices:
        return PlainChoiceView(card, today, shown)
    return PlainTypedView(card) if typing or card.answer_mode.typed else PlainRevealView(card)
