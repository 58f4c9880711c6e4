"""The difference on the screen: both texts aligned, marked by signs, in bounds at any width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.typed_answer_check import check_answer
from flashcards.terminal.study.answering.diff import diff_lines
from flashcards.terminal.text.sanitize import sanitize
from flashcards.terminal.text.width import display_width


def lines(given_text: str, wanted: str, columns: int = 40, lenient: tuple[str, ...] = ()) -> str:
    found = diff_lines(check_answer(given_text, [wanted], lenient), columns)
    return "\n".join(line.plain.rstrip() for line in found)


def test_what_differs_is_marked_without_colour() -> None:
    """Dots stand for what is missing, and arrows are below what differs."""
    assert lines("Wagadougo", "Wagadugu") == "✗ Wagadougo\n✓ Wagad·ugu\n       ^  ^"


def test_a_middle_dot_of_the_texts_is_shown() -> None:
    """It is no gap: what was typed stands there."""
    assert lines("paral·lel", "paral·lela") == "✗ paral·lel·\n✓ paral·lela\n           ^"


def test_a_right_answer_is_one_line() -> None:
    """With what was typed below it, where something was overlooked."""
    assert lines("Rome", "Rome") == "✓ Rome"
    assert lines("rome", "Rome", lenient=("case",)) == "✓ Rome\n  you typed rome"


def test_nothing_typed_is_said() -> None:
    """The answer stands alone."""
    assert lines("", "Rome") == "✗ nothing typed\n✓ Rome"


def test_wide_signs_stay_below_each_other() -> None:
    """A sign of two columns has a gap of two below it."""
    assert lines("漢", "x漢") == "✗ ·漢\n✓ x漢\n  ^"
    assert lines("漢字", "字") == "✗ 漢字\n✓ · 字\n  ^"


@given(st.text(max_size=80), st.text(max_size=80), st.integers(20, 80))
def test_a_difference_fits_any_width(given_text: str, wanted: str, columns: int) -> None:
    """No line is wider than the card, and steering signs are spelled out."""
    for line in diff_lines(check_answer(given_text, [wanted], ("case",)), columns):
        assert display_width(line.plain) <= columns or "<" in line.plain
        assert sanitize(line.plain) == line.plain


def test_answers_with_little_in_common_are_two_lines() -> None:
    """No dot or arrow looks like a part of either."""
    assert lines("je ne sais pas", "le pain") == "✗ je ne sais pas\n✓ le pain"


def test_an_answer_that_runs_left_is_set_so() -> None:
    """Both lines begin at the right edge, unless the terminal turns them itself."""
    answer_check = check_answer("שלו", ["שלום"], ())
    turned = diff_lines(answer_check, 40)
    assert [(line.plain, line.justify) for line in turned] == [("ולש ✗", "right"), ("םולש ✓", "right")]
    assert [line.plain for line in diff_lines(answer_check, 40, reorders_rtl=True)] == ["✗ שלו", "✓ שלום"]
