"""Typed answers: what is overlooked where, what differs, and the rating that is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from count_calls import count_calls
from factories import NOON, card
from flashcards.core.answer_text import answer_text, extra_text, plain_text
from flashcards.core.cards import LENIENCY_KINDS, AnswerMode
from flashcards.core.multiple_choice import answer_options
from flashcards.core.typed_answer_check import accepted_answers, check_answer, check_typed_answer

TEXT = st.text(max_size=60)
TYPED_ANSWERS = yaml.safe_load((Path(__file__).parents[1] / "data" / "typed_answers.yaml").read_text("utf-8"))


@pytest.mark.parametrize("row", TYPED_ANSWERS, ids=lambda row: f"{row['answer']} {row['typed']}")
def test_what_is_typed_is_judged_fairly(row: dict[str, Any]) -> None:
    """Keyboards differ in marks and widths; what carries the meaning counts."""
    answer_mode = AnswerMode(typed=True, lenient=tuple(row.get("lenient", ("case", "punctuation"))))
    verdict = check_typed_answer(card("Q", row["answer"], answer_mode=answer_mode), row["typed"])
    assert verdict.is_right == row["right"]
    assert verdict.closest_answer == as_nfc(plain_text(row["answer"]))  # shown as it is written


@pytest.mark.parametrize(
    ("given_text", "wanted", "kind"),
    [
        ("paris", "Paris", "case"),
        ("STRASSE", "Straße", "case"),
        ("cafe", "café", "accents"),
        ("Zoe", "Zoë", "accents"),
        ("its", "it's", "punctuation"),
        ("well known", "well-known", "punctuation"),
        ("yes", "Yes!".lower(), "punctuation"),
        ("cat", "the cat", "articles"),
        ("der Hund", "Hund", "articles"),
        ("1000", "1,000", "numbers"),
        ("1,000.50", "1000.5", "numbers"),
        ("three", "3", "numbers"),
        ("007", "7", "numbers"),
    ],
)
def test_what_each_leniency_overlooks(given_text: str, wanted: str, kind: str) -> None:
    """It is right with the leniency, and wrong with all the others."""
    assert check_answer(given_text, [wanted], [kind]).is_right
    assert not check_answer(given_text, [wanted], set(LENIENCY_KINDS) - {kind}).is_right


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("5", "-5"),
        ("314", "3.14"),
        ("C", "C#"),
        ("ab", "a/b"),
        ("", "?"),
        ("=>", "->"),
        ("1.5", "15"),
        ("the", "a"),
        ("", ""),
    ],
)
def test_what_no_leniency_overlooks(given_text: str, wanted: str) -> None:
    """Signs that carry the meaning count, however lenient a deck is."""
    assert check_answer(given_text, [wanted], LENIENCY_KINDS).is_right == (given_text == wanted)


@pytest.mark.parametrize("given_text", ["  a   b ", "a b", "a\tb", "a\u00a0b"])
def test_spaces_are_never_counted(given_text: str) -> None:
    """However many stand where, they are one."""
    assert check_answer(given_text, ["a b"], ()).is_right


def test_letters_that_look_the_same_are_the_same() -> None:
    """Composed or not, and typographic or typewriter's quotes."""
    assert check_answer("e\u0301t’s", ["\u00e9t's"], ()).is_right


@pytest.mark.parametrize(
    ("given_text", "proposed"),
    [("ouagadougou", 4), ("ouagadugu", 3), ("ouaga", 2), ("no idea", 1), ("", 1)],
)
def test_the_rating_that_is_proposed(given_text: str, proposed: int) -> None:
    """Right is a 4, a slip a 3, half of it a 2, and else a 1."""
    assert check_answer(given_text, ["Ouagadougou"], ["case"]).proposed_rating == proposed


def test_a_number_is_right_or_forgotten() -> None:
    """No part of a number is nearly right."""
    assert check_answer("299792459", ["299792458"], ()).proposed_rating == 2


def test_the_closest_of_several_answers_is_compared() -> None:
    """An accepted alternative is as right as the back."""
    verdict = check_answer("Wagadugu", ["Ouagadougou", "Wagadugu"], ())
    assert (verdict.is_right, verdict.closest_answer) == (True, "Wagadugu")


@given(TEXT, TEXT, st.sets(st.sampled_from(LENIENCY_KINDS)))
@example("a , b", "a, b", {"punctuation"})
@example("ß", "SS", {"case"})
def test_the_runs_are_both_texts(given_text: str, wanted: str, lenient: set[str]) -> None:
    """Nothing of either text is lost, and same stretches are equal with nothing overlooked."""
    verdict = check_answer(given_text, [wanted], lenient)
    assert "".join(r.given for r in verdict.runs).split() == as_nfc(given_text).split()
    assert verdict.closest_answer.split() == as_nfc(wanted).split()
    if not lenient and verdict.is_right:
        assert verdict.is_exact or any(r.given != r.expected for r in verdict.runs)


def as_nfc(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", " ".join(text.split()))


@given(TEXT, st.sets(st.sampled_from(LENIENCY_KINDS)))
def test_the_answer_itself_is_right(text: str, lenient: set[str]) -> None:
    """Whatever the answer, typing it as it stands is right."""
    assert check_answer(text, [text], lenient).is_right


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [("x" * 4000, "xy" * 2000), ("a b " * 1000, "b a " * 999), ("y" + "x" * 158, "xy" * 80)],
)
def test_no_answer_makes_a_frame_wait(given_text: str, wanted: str) -> None:
    """Long texts with few letters are compared in words, or as a whole."""
    assert count_calls(lambda: check_answer(given_text, [wanted], LENIENCY_KINDS)) < 1_000_000


@pytest.mark.parametrize(
    ("markdown", "typed"),
    [
        ("**bold** and *it* `a_b*c`", "bold and it a_b*c"),
        ("- one\n- two", "one, two"),
        ("$x^2$", "x^2"),
        ("[text](http://x)", "text"),
        ("snake_case_name", "snake_case_name"),
        ("two\nlines", "two lines"),
        (r"5 \* 3", "5 * 3"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_what_a_person_would_type(markdown: str, typed: str) -> None:
    """Marks of Markdown need not be typed, code stays as it is."""
    assert plain_text(markdown) == typed


def test_a_remark_is_no_part_of_the_answer() -> None:
    """What stands behind a blank line need not be typed; a gap's text is its answer."""
    shown = card("Q", "Rome\n\nsince 1871")
    assert (answer_text(shown), extra_text(shown)) == ("Rome", "since 1871")
    gap = card("a [...]", "a **b** c", answer_mode=AnswerMode(answer="b"))
    assert (answer_text(gap), extra_text(gap)) == ("b", "a **b** c")


@pytest.mark.parametrize(
    ("back", "given_text", "right"),
    [
        ("- red\n- green\n- blue", "blue, red, green", True),
        ("- red\n- green\n- blue", "blue red", False),
        ("1. first\n2. second", "second, first", False),
        ("1. first\n2. second", "first, second", True),
    ],
)
def test_a_list_is_right_in_any_order(back: str, given_text: str, right: bool) -> None:  # noqa: FBT001
    """Unless it is numbered: then the order is part of the answer."""
    answers = accepted_answers(card("Q", back), given_text)
    assert check_answer(given_text, answers, ("punctuation",)).is_right == right


def test_options_have_an_order_of_card_and_day() -> None:
    """The same all day, another one on some other day; the right one is there once."""
    shown = card("Q", "a", answer_mode=AnswerMode(choices=("b", "c", "**a**", "d")))
    today = NOON.date()
    assert sorted(answer_options(shown, today)) == ["a", "b", "c", "d"]
    assert answer_options(shown, today) == answer_options(shown, today)
    days = {tuple(answer_options(shown, today.replace(day=d))) for d in range(1, 29)}
    assert len(days) > 5
    many = card("Q", "a", answer_mode=AnswerMode(choices=tuple(map(str, range(40)))))
    assert len(answer_options(many, today)) == 26
    assert "a" in answer_options(many, today)
