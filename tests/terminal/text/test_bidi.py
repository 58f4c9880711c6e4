"""Text that runs from right to left, and mixtures of both ways."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.markdown.card_text import render_markdown
from flashcards.terminal.text.bidi import is_rtl_paragraph, reverse_margin, to_visual_order
from flashcards.terminal.text.sanitize import sanitize
from flashcards.terminal.text.width import display_width


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("שלום", "םולש"),
        ("שלום 123 abc", "abc 123 םולש"),
        ("abc שלום (כאן) def", "abc (ןאכ) םולש def"),
        ("מה זה (LoRA)?", "?(LoRA) הז המ"),
        ("שָׁלוֹם", "םוֹלשָׁ"),
        ("سلام", "\ufee1\ufe8e\ufee0\ufeb3"),
        ("می\u200cخواهم", "\ufee2\ufeeb\ufe8d\ufeee\ufea7\ufbfd\u200c\ufee3"),
        ("3 > 2", "3 > 2"),
    ],
)
def test_a_line_is_in_the_order_that_it_is_seen(text: str, seen: str) -> None:
    """Letters run left, numbers and words of other scripts do not, brackets face the right way."""
    assert to_visual_order(Text(text), rtl=is_rtl_paragraph(text)).plain == seen


@given(st.text("abשלם (12)[],.-مر\u05b8漢", max_size=40).map(sanitize))
def test_nothing_is_lost_or_widened(text: str) -> None:
    """The same signs, but for mirrored brackets and letters that join, in the same columns."""
    turned_text = to_visual_order(Text(text), rtl=is_rtl_paragraph(text)).plain
    flat = str.maketrans("()[]", "((((")
    same = [sorted(normalize("NFKC", t).translate(flat)) for t in (text, turned_text)]
    assert same[0] == same[1]
    assert display_width(turned_text) == display_width(text)


def test_styles_move_with_their_letters() -> None:
    """A bold word is bold wherever it is placed."""
    line = Text("שלום עולם")
    line.stylize("bold", 0, 4)
    seen = to_visual_order(line, rtl=True)
    assert "".join(seen.plain[s.start : s.end] for s in seen.spans if s.style == "bold") == "םולש"


def test_paragraphs_and_lists_stand_at_the_right() -> None:
    """Right-to-left lines end at one edge, with their bullets behind them."""
    lines = [line.plain for line in render_markdown("- שלום עולם\n- אחת\n- two", 30)]
    assert lines == ["םלוע םולש •", "      תחא •", "• two"]


def test_a_terminal_that_turns_text_itself_is_left_to_it() -> None:
    """Nothing is turned twice."""
    (line,) = render_markdown("שלום abc", 30, Capabilities(reorders_rtl=True))
    assert line.plain == "שלום abc"


def test_numbers_of_lists_stay_numbers() -> None:
    """12 is not 21."""
    assert reverse_margin("12. ") == " .12"
    assert reverse_margin("│ • ") == " • │"
