"""What the shell hands over is read as the person meant it."""

from __future__ import annotations

import pytest

from flashcards.app.search_arguments import join_search, split_decks_and_search
from flashcards.cli.parser import escape_arguments, unescape_side

DECKS = ["French", "Due: lists", "Python: basics"]


@pytest.mark.parametrize(
    ("words", "decks", "search"),
    [
        (["french"], ["french"], ""),
        (["French", "tag:x"], ["French"], "tag:x"),
        (["due: lists", "due:today"], ["due: lists"], "due:today"),
        (["Python: basics"], ["Python: basics"], ""),
        (["tag:a", "or", "!is:new"], [], "tag:a or !is:new"),
        (["(tag:a or tag:b)"], [], "(tag:a or tag:b)"),
        (["deck:Two words"], [], 'deck:"Two words"'),
        (["deck:x is:due"], [], "deck:x is:due"),
    ],
)
def test_words_are_decks_or_a_search(words: list[str], decks: list[str], search: str) -> None:
    """A known field, a parenthesis or a minus makes a search of a word; else it names a deck."""
    assert split_decks_and_search(words, DECKS) == (decks, search)


def test_a_minus_before_a_field_is_no_option() -> None:
    """`-is:new` reaches the search; options stay options."""
    assert escape_arguments(["cards", "-is:new", "--json", "-h"]) == [
        "cards",
        "!is:new",
        "--json",
        "-h",
    ]
    assert join_search(["a", "-b"]) == "a -b"


def test_a_side_of_a_card_may_begin_with_a_dash() -> None:
    """A bullet or a number below zero is no option; options stay options."""
    words = ["add", "ln 0.5", "-0.69", "- one", "--tag", "x", "-e"]
    found = escape_arguments(words)
    assert [unescape_side(word) for word in found] == words
    assert [word for word in found if word.startswith("-")] == ["--tag", "-e"]
