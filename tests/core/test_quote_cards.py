"""Counts, quoted fronts and suggestions as messages have them."""

from __future__ import annotations

from datetime import date

import pytest

from flashcards.core.date_text import format_day
from flashcards.core.format_count import format_count
from flashcards.core.name_suggestions import suggest_name
from flashcards.core.quote_cards import quote_front


def test_counts_have_their_plural() -> None:
    """One thing is singular, none and many are plural, thousands are grouped."""
    assert [format_count(n, "card") for n in (0, 1, 2345)] == ["0 cards", "1 card", "2,345 cards"]
    assert format_day(date(2026, 12, 5)) == "5 Dec"


def test_a_front_is_shortened_between_words() -> None:
    """No word is cut, and a front without spaces is cut at the limit."""
    assert quote_front("Why were\n Transformers introduced?") == '"Why were Transformers introduced?"'
    assert quote_front("one two three", 9) == '"one two …"'
    assert quote_front("x" * 12, 9) == f'"{"x" * 9} …"'


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("fornt", "Did you mean front?"),
        ("BAKC", "Did you mean back?"),
        ("frot", "Did you mean front?"),
        ("chocies", "Did you mean choices?"),
        ("question", "Known: front, back, choices."),
        ("x", "Known: front, back, choices."),
    ],
)
def test_only_a_near_name_is_suggested(name: str, suggestion: str) -> None:
    """Two typing errors at most, a swap of neighbours being one; for other names all are listed."""
    assert suggest_name(name, ["front", "back", "choices"]) == suggestion
