"""Answer views: how a card is asked, on the screen and in lines."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from flashcards.core.cards import Card
from flashcards.terminal import theme
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.markdown.card_text import card_text, plain_lines

ActionHint = tuple[str, str]  # an action and its label in the key hints; "" for the usual one


class CardLayout(NamedTuple):
    """The lines in the middle of the screen."""

    question_lines: Sequence[Text]
    prompt_lines: Sequence[Text] = ()  # lines below the question before the answer is shown
    answer_lines: Sequence[Text] | None = None  # lines below the rule; None before there are any
    hint_lines: Sequence[Text] = ()
    max_answer_rows: int = 0  # rows of the whole answer, so that the question keeps its place
    max_width: int = 0  # the widest that any line can become
    cursor: tuple[int, int] | None = None  # row in `prompt_lines` and column of the text cursor


class AnswerView(ABC):
    """A card as it is being asked, on the screen or line by line."""

    SEPARATOR = "---"  # above the answer in lines

    def __init__(self, card: Card) -> None:
        self.card = card
        self.answer_shown = False  # whether the whole answer is shown and can be rated
        self.is_typing = False  # whether keys are taken as text
        self.proposed_rating: int | None = None  # the rating earned by the answer, if any

    @abstractmethod
    def card_layout(self, size: ScreenSize) -> CardLayout:
        """Return what is visible now."""

    def complete_layout(self, size: ScreenSize, *, hint_shown: bool = False) -> CardLayout:
        """Return the layout with the card's hint and remark."""
        # Both are counted from the start, so that the question does not move.
        layout = self.card_layout(size)
        if not (self.card.hint or self.card.remark):
            return layout
        hint, remark = (self._dim_lines(text, size) for text in (self.card.hint, self.card.remark))
        answer = layout.answer_lines
        return layout._replace(
            hint_lines=hint if hint_shown else (),
            answer_lines=[*answer, *remark] if answer is not None and self.answer_shown else answer,
            max_answer_rows=layout.max_answer_rows + len(hint) + len(remark),
            max_width=max(layout.max_width, max_line_width([*hint, *remark])),
        )

    def _dim_lines(self, text: str, size: ScreenSize) -> list[Text]:
        lines = [Text(), *card_text(text, self.card, size)] if text else []
        for line in lines:
            line.stylize(theme.CHROME)
        return lines

    @abstractmethod
    def handle_key(self, key: str, action: str) -> bool:
        """Handle a key; tell whether it was used."""

    @abstractmethod
    def action_hints(self) -> Sequence[ActionHint]:
        """Return the hints of the actions that show more."""

    def show_answer(self) -> None:
        """Show the answer without checking."""
        self.is_typing, self.answer_shown = False, True

    @property
    def question_text(self) -> str:
        """The question in lines."""
        return plain_lines(self.card.marked_front)

    @property
    @abstractmethod
    def line_prompt(self) -> str:
        """What the next line is for."""

    @abstractmethod
    def is_answer(self, line: str) -> bool:
        """Tell whether a line that may be a command is an answer."""

    @abstractmethod
    def submit_line(self, line: str) -> Sequence[str]:
        """Take a line; return the lines to print."""


def max_line_width(lines: Sequence[Text]) -> int:
    """Return the columns of the widest line."""
    return max((line.cell_len for line in lines), default=0)
