"""Gaps: found by their own braces, nested, on several cards, and under the names they always had."""

from __future__ import annotations

import pytest

from count_calls import count_calls
from flashcards.core.card_matching import CardText, match_edited_cards
from flashcards.core.cards import CardId
from flashcards.core.cloze import cloze_cards, cloze_keys, find_gaps
from flashcards.core.cloze_brackets import separate_unnumbered_gaps
from flashcards.core.markdown_dialect import from_commonmark, to_commonmark

KEYS_SINCE_EVER = {
    "{{Paris}} is in {{France}}": ["57ede4e6", "590a2082"],
    "$a^2 = {{\\frac{1}{\\sqrt{2}} }}$": ["f5ebf223"],
    "{{$\\frac{a}{b}$}} is it": ["6719ece4"],
    "$e^{ {{i\\pi}}}$": ["1da1e704"],
    "{{{x}}} and {{y}}": ["6eb7a0dc", "fbdb2615"],
    "{{if (x) { y}} then": ["8b4ead23"],
    "{{c1::a::b}} {{c12::c}} {{x::y}}": ["c1", "c12", "aa4320c8"],
    "{{ two\n words }}": ["20dece55"],
    "{{C:\\}}": ["cae9292d"],
    "{{$\\sqrt{2}$}} {{ {a} }}": ["2e612b9e", "f5b709c4"],
}
"""As they were when a gap ended at the first double brace: histories hang on them."""


@pytest.mark.parametrize(("sentence", "keys"), KEYS_SINCE_EVER.items())
def test_a_gap_keeps_its_name(sentence: str, keys: list[str]) -> None:
    """Whatever is better understood of a sentence now, its cards keep their ids."""
    assert cloze_keys(sentence) == keys


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        ("$x = {{c1::\\frac{1}{\\sqrt{2}}}}$", ["\\frac{1}{\\sqrt{2}}"]),
        ("$2^{ {{n}}}$", ["n"]),
        ("$2^{{{c3::n}}}$", ["n"]),
        ("{{a \\{ b}} {{c}}", ["a \\{ b", "c"]),
        ("{{a { b}} {{c}}", ["a { b", "c"]),
        ("{{ } }} {{c}}", [" } ", "c"]),
        ("{{}} {{c1::}} {{x", []),
        ("{{c1::x^{{a}}}}", ["x^{{a}}"]),
        ("{{c1,12::x}}", ["x"]),
    ],
)
def test_a_gap_ends_at_its_own_braces(sentence: str, texts: list[str]) -> None:
    """Braces inside it are paired; one without a partner leaves it to the first double brace."""
    assert [gap.text for gap in find_gaps(sentence)] == texts


def test_gaps_inside_gaps_ask_as_in_anki() -> None:
    """The outer one hides all, the inner one itself only; a gap of its own number is part of the outer."""
    cards = list(cloze_cards("{{c1::a {{c2::b::h}} {{c1::c}}::out}} {{c2::d}}"))
    assert [(card.key, card.front, card.back, card.answer) for card in cards] == [
        ("c1", "[out] d", "a b c d", "a b c, c"),
        ("c2", "a [h] c […]", "a b c d", "b, d"),
    ]


def test_one_gap_on_several_cards() -> None:
    """Each of its numbers asks it."""
    cards = list(cloze_cards("{{c1,3::x}} {{c3::y}}"))
    assert [(card.key, card.front) for card in cards] == [("c1", "[…] y"), ("c3", "[…] […]")]


def test_texts_written_with_asterisks_are_the_same_cards() -> None:
    """Journals of before have asterisks around gaps: such a card is found again."""
    old = CardText(CardId("n/57ede4e6"), "D", "**[…]** is in France", "**Paris** is in France")
    new = [
        CardText(CardId("m/57ede4e6"), "D", "[…] is in France", "Paris is in France"),
        CardText(CardId("m/590a2082"), "D", "Paris is in […]", "Paris is in France"),
    ]
    assert match_edited_cards([old], new) == {old.card: new[0].card}


@pytest.mark.parametrize(
    "text", ["{{a { " * 20_000 + "}}", "{{" * 10_000 + "}}" * 10_000, "{{c1::" * 9_999 + "}}"]
)
def test_unpaired_braces_cost_little(text: str) -> None:
    """However many gaps are open, a sentence is read through a few times only."""
    assert count_calls(lambda: cloze_keys(text)) < 100 * len(text)


def test_double_braces_of_latex_are_no_gaps_of_anki() -> None:
    """There only a number makes a gap."""
    assert separate_unnumbered_gaps("$x^{{2}}$ {{c1::y}}") == "$x^{ {2} }$ {{c1::y}}"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("__really__ bold", "**really** bold"),
        ("`__init__` and\n```\n__x__\n```", "`__init__` and\n```\n__x__\n```"),
        ("snake__case__name and __ no __", "snake__case__name and __ no __"),
        ("\\_\\_init\\_\\_", "\\_\\_init\\_\\_"),
    ],
)
def test_bold_of_other_programs_is_bold_here(theirs: str, ours: str) -> None:
    """Underscores make it there and not here; code keeps them."""
    assert from_commonmark(theirs) == ours


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("__init__ of a*b*c", r"\_\_init\_\_ of a\*b\*c"),
        ("**b** *i* `2*3*4` $a*b*c$", "**b** *i* `2*3*4` $a*b*c$"),
    ],
)
def test_text_of_cards_is_text_there(ours: str, theirs: str) -> None:
    """Names and products get signs before them that other programs need."""
    assert to_commonmark(ours) == theirs
