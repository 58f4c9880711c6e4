"""Answer view for cards whose answer is typed."""

from collections.abc import Sequence

from rich.text import Text

from flashcards.core.answer_text import answer_text, extra_text, plain_text
from flashcards.core.cards import Card
from flashcards.core.typed_answer_check import AnswerCheck, check_typed_answer
from flashcards.terminal import theme
from flashcards.terminal.device.line_editor import LineInput, render_input
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.markdown.card_text import card_text, plain_lines
from flashcards.terminal.study.answering.answer_view import ActionHint, AnswerView, CardLayout, max_line_width
from flashcards.terminal.study.answering.diff import diff_lines
from flashcards.terminal.text.sanitize import sanitize_line


class TypedView(AnswerView):
    """An answer that is typed and checked."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._input = LineInput()
        self._answer_check: AnswerCheck | None = None
        self.is_typing = True

    def card_layout(self, size: ScreenSize) -> CardLayout:
        """Return the question and input line, or the check and back."""
        card, columns = self.card, size.text_width
        question_lines = card_text(card.marked_front, card, size)
        back_lines = card_text(card.marked_back, card, size)
        rows = len(back_lines) + 5  # three rows of difference, and blank lines
        max_width = max(max_line_width([*question_lines, *back_lines]), min(columns, 40))
        line, column = render_input(self._input, columns)
        return CardLayout(
            question_lines,
            prompt_lines=[Text(), line if self.is_typing else Text(line.plain, theme.CHROME)],
            answer_lines=self._answer_lines(back_lines, size) if self.answer_shown else None,
            max_answer_rows=rows,
            max_width=max_width,
            cursor=(1, column) if self.is_typing else None,
        )

    def _answer_lines(self, back: list[Text], size: ScreenSize) -> list[Text]:
        if self._answer_check is None:
            return back
        diff = diff_lines(self._answer_check, size.text_width, reorders_rtl=size.capabilities.reorders_rtl)
        # The diff shows the answer already, unless it is only one of several right ones.
        alone = self._answer_check.closest_answer == plain_text(answer_text(self.card))
        rest = card_text(extra_text(self.card), self.card, size) if alone else back
        return [*diff, Text(), *rest] if rest else diff

    def handle_key(self, key: str, action: str) -> bool:
        """Edit the line, submit it, or leave it for other keys."""
        if self.answer_shown:
            return False
        if self.is_typing:
            return self._edit_input(key)
        if action == "type":
            self.is_typing = True
        elif action in ("show", "show_all"):
            self.answer_shown = True
        else:
            return False
        return True

    def _edit_input(self, key: str) -> bool:
        if key == "enter":
            self._check_text(self._input.text)
        elif key == "escape":
            self.is_typing = False
        elif (line := self._input.apply_key(key)) is not None:
            self._input = line
        else:
            return False
        return True

    def _check_text(self, text: str) -> AnswerCheck:
        self._answer_check = check_typed_answer(self.card, text)
        self.proposed_rating = self._answer_check.proposed_rating
        self.show_answer()
        return self._answer_check

    def action_hints(self) -> Sequence[ActionHint]:
        """Return how the line is submitted."""
        if self.is_typing:
            return ("'enter", "compare"), ("'escape", "other keys")
        return ("show", ""), ("type", "")

    line_prompt = "(type the answer; :q quits, :? shows more)"

    def is_answer(self, line: str) -> bool:
        """Treat a line as a command only if a colon starts it, and it is wrong."""
        return not line.startswith(":") or check_typed_answer(self.card, line).is_right

    def submit_line(self, line: str) -> Sequence[str]:
        """Show the differences, and the back."""
        check = self._check_text(line)
        if check.is_right:
            result = ["Correct."]
        elif check.has_little_in_common:
            result = [f"you    {sanitize_line(line)}", f"right  {sanitize_line(check.closest_answer)}"]
        else:
            marked = (run.expected if run.is_equal else f"[{run.given}|{run.expected}]" for run in check.runs)
            result = [f"Not quite. [typed|correct]: {''.join(marked)}"]
        return self.SEPARATOR, *result, plain_lines(self.card.marked_back)
