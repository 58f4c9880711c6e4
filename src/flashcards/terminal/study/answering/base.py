"""Answer views: how a card is asked on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rich.text import Text

from flashcards.core.cards import Card
from flashcards.terminal import theme
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.markdown.render import card_text

ActionHint = tuple[str, str]
"""An action and what the bottom line says it does here; "" for its usual label."""


@dataclass(frozen=True, slots=True)
class CardLayout:
    """The lines in the middle of the screen."""

    question_lines: Sequence[Text]
    prompt_lines: Sequence[Text] = ()
    """The lines below the question before the answer is shown."""
    answer_lines: Sequence[Text] | None = None
    """What is below the rule; None before there is any."""
    hint_lines: Sequence[Text] = ()
    """What stands below the question once it was asked for."""
    max_answer_rows: int = 0
    """How many rows that can become: the question has its place from the beginning."""
    max_width: int = 0
    """The widest that any of it can be."""
    cursor: tuple[int, int] | None = None
    """Row in `asked`, and column, of the place where typed text goes."""


class AnswerView(Protocol):
    """One card being asked."""

    answer_shown: bool
    """Whether all of the answer is there, so that it can be rated."""
    is_typing: bool
    """Whether keys are text now."""

    @property
    def proposed_rating(self) -> int | None:
        """The rating that was earned, for one key to take."""

    def card_layout(self, size: ScreenSize) -> CardLayout:
        """Return what is to be seen now."""

    def handle_key(self, key: str, action: str) -> bool:
        """Take a key if it is for this answer view; tell whether it was."""

    def action_hints(self) -> Sequence[ActionHint]:
        """Return what can be done to see more."""

    def hide_answer(self) -> None:
        """Ask again."""

    def show_answer(self) -> None:
        """Show the answer as it is."""


def complete_layout(
    answer_view: AnswerView, card: Card, size: ScreenSize, *, hint_shown: bool = False
) -> CardLayout:
    """Return the layout of a card with its hint and its remark, which have their room from the beginning."""
    layout = answer_view.card_layout(size)
    if not (card.hint or card.remark):
        return layout
    hint, remark = (_dim_lines(text, card, size) for text in (card.hint, card.remark))
    answer = layout.answer_lines
    return replace(
        layout,
        hint_lines=hint if hint_shown else (),
        answer_lines=[*answer, *remark] if answer is not None and answer_view.answer_shown else answer,
        max_answer_rows=layout.max_answer_rows + len(hint) + len(remark),
        max_width=max(layout.max_width, max_line_width([*hint, *remark])),
    )


def _dim_lines(text: str, card: Card, size: ScreenSize) -> list[Text]:
    lines = [Text(), *card_text(text, card, size)] if text else []
    for line in lines:
        line.stylize(theme.CHROME)
    return lines


def max_line_width(lines: Sequence[Text]) -> int:
    """Return the columns of the widest line."""
    return max((line.cell_len for line in lines), default=0)
