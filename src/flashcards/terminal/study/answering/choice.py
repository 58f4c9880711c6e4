"""Answer view for multiple-choice cards."""

from collections.abc import Sequence
from datetime import date
from string import ascii_lowercase

from rich.text import Text

from flashcards.core.answer_text import answer_text, extra_text
from flashcards.core.cards import Card
from flashcards.core.multiple_choice import answer_options
from flashcards.core.typed_answer_check import RATING_IF_RIGHT, RATING_IF_WRONG
from flashcards.terminal import theme
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.markdown.card_text import card_text, plain_lines
from flashcards.terminal.study.answering.answer_view import ActionHint, AnswerView, CardLayout, max_line_width


class ChoiceView(AnswerView):
    """A choice between several options."""

    def __init__(self, card: Card, today: date, shown: int) -> None:
        super().__init__(card)
        self._options = answer_options(card, today, shown)
        self._letters = ascii_lowercase[: len(self._options)]
        self._right_index = self._options.index(answer_text(card))
        self._chosen_index: int | None = None

    def card_layout(self, size: ScreenSize) -> CardLayout:
        """Return the question and options, marked once answered."""
        card = self.card
        question_lines = card_text(card.marked_front, card, size)
        option_lines = [line for i in range(len(self._options)) for line in self._option_lines(i, size)]
        extra_lines = card_text(extra_text(card), card, size)
        answer_lines = [*option_lines, Text(), *extra_lines] if extra_lines else option_lines
        return CardLayout(
            question_lines,
            prompt_lines=[Text(), *option_lines],
            answer_lines=answer_lines if self.answer_shown else None,
            max_answer_rows=len(answer_lines),
            max_width=max_line_width([*question_lines, *answer_lines]),
        )

    def _option_lines(self, index: int, size: ScreenSize) -> list[Text]:
        mark, style = " ", ""
        if self.answer_shown and index == self._right_index:
            mark, style = "✓", theme.GOOD
        elif self.answer_shown:
            mark, style = ("✗", theme.BAD) if index == self._chosen_index else (" ", theme.CHROME)
        letter = style or theme.ACCENT
        lines = card_text(self._options[index], self.card, size, size.text_width - 5) or [Text()]
        for line in lines:
            line.stylize(style)
        prefix = Text.assemble((f"{mark} ", style), (self._letters[index], letter), "  ")
        return [(prefix if n == 0 else Text(" " * 5)) + line for n, line in enumerate(lines)]

    def handle_key(self, key: str, action: str) -> bool:
        """Choose by letter, or show the answer without choosing."""
        if self.answer_shown:
            return False
        if self.is_answer(key):
            self._chosen_index = self._letters.index(key.casefold())
            is_right = self._chosen_index == self._right_index
            self.proposed_rating = RATING_IF_RIGHT if is_right else RATING_IF_WRONG
        elif action not in ("show", "show_all"):
            return False
        self.answer_shown = True
        return True

    def action_hints(self) -> Sequence[ActionHint]:
        """Return the letters that choose."""
        return (f"'a-{self._letters[-1]}", "choose"), ("show", "")

    @property
    def question_text(self) -> str:
        """The question in lines, and the options below it."""
        options = zip(self._letters, self._options, strict=True)
        return "\n".join([super().question_text, *(f"{a}) {plain_lines(text)}" for a, text in options)])

    @property
    def line_prompt(self) -> str:
        """The letters that choose."""
        return f"(a-{self._letters[-1]} chooses, Enter shows the answer)"

    def is_answer(self, line: str) -> bool:
        """Tell whether a key or line is one of the letters."""
        return len(line) == 1 and line.casefold() in self._letters

    def submit_line(self, line: str) -> Sequence[str]:
        """Say whether the choice was right, and show the back."""
        self.handle_key(line, "show")
        result = []
        if self._chosen_index is not None:
            is_right = self._chosen_index == self._right_index
            result = ["Correct." if is_right else f"Wrong: the answer is {self._letters[self._right_index]}."]
        return [self.SEPARATOR, *result, plain_lines(self.card.marked_back)]
