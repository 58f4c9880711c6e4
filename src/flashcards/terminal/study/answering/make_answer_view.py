"""The ways of answering a card: reveal, choose, type."""

from datetime import date

from flashcards.core.cards import Card
from flashcards.terminal.study.answering.answer_view import AnswerView
from flashcards.terminal.study.answering.reveal import RevealView


def make_answer_view(card: Card, today: date, shown: int = 0, *, typing: bool) -> AnswerView:
    """Return the view for a card; `typing` overrides reveal only."""
    if card.answer_mode.choices:
        from flashcards.terminal.study.answering.choice import ChoiceView

        return ChoiceView(card, today, shown)
    if typing or card.answer_mode.typed:
        from flashcards.terminal.study.answering.typed import TypedView

        return TypedView(card)
    return RevealView(card)
