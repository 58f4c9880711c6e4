"""Q:, A: and C: in Markdown, by the rules of hashcards and repeater."""

from __future__ import annotations

import pytest

from flashcards.core.cloze_brackets import brackets_from_cloze, cloze_from_brackets
from flashcards.importers import hashcards
from sources import left_out, notes, read, sample, sides


def test_a_deck_of_hashcards() -> None:
    """Front matter names the deck; prose around cards is left; a card without answer is told."""
    imported = hashcards.read_source(sample("hashcards.md"))
    assert imported.decks[0].name == "Cell Biology"
    assert sides(imported) == [
        ("What is the function of the mitochondrion?", "It makes ATP."),
        ("The {{nucleus}} holds the cell's {{DNA}}.", ""),
        ("Name the phases of mitosis.", "- prophase\n- metaphase\n- anaphase\n- telophase"),
        ("The interval [0, 1] has the {{measure}} 1, and ![](line.png) shows {{it}}.", ""),
        ("Last one?", "Yes: $x_1 + x_2$"),
    ]
    assert left_out(imported) == [("hashcards.md:25", "this question has no answer")]


def test_what_ends_a_card() -> None:
    """A rule, the next card, or the end of the file; indented signs are text."""
    imported = read(
        hashcards,
        "Q: a\nA: b\n  Q: still b\nQ: c\nmore c\nA: d\n\n- e\n---\nno card\nC: [x]\n# title\n",
    )
    assert sides(imported) == [
        ("a", "b\n Q: still b"),
        ("c\nmore c", "d\n\n- e"),
        ("{{x}}\n# title", ""),
    ]


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("Q: a\n---\n", 1, "this question has no answer"),
        ("Q: a\nA:\n\n---\n", 1, "its answer is empty"),
        ("Q:\nA: b\n", 1, "its question is empty"),
        ("A: b\n", 1, "an A: without its Q: b"),
        ("Q: a\nA: b\nA: c\n", 3, "an A: inside of A: c"),
        ("C: none\n", 1, "no [gap] in it"),
        ("C: half [open\n", 1, "a [ without its ]"),
        ("C: empty []\n", 1, "an empty gap"),
        ("C: [a [b]]\n", 1, "a gap inside of a gap"),
    ],
)
def test_faulty_cards_are_told(content: str, line: int, why: str) -> None:
    """Each with its line and the reason; the next card comes in."""
    imported = read(hashcards, content + "\nQ: good\nA: card\n")
    assert sides(imported)[-1] == ("good", "card")
    assert left_out(imported) == [(f"notes.txt:{line}", why)]


def test_windows_line_ends_and_toml() -> None:
    """CRLF is as good as LF; tags and a description may stand above."""
    imported = read(hashcards, '---\r\nname = "D"\r\ntags = ["x y", "z"]\r\n---\r\nQ: a\r\nA: b\r\n')
    assert (imported.decks[0].name, imported.decks[0].tags) == ("D", ("x y", "z"))
    assert sides(imported) == [("a", "b")]


GAPS = {
    "[a] b [c]": "{{a}} b {{c}}",
    r"\[a\] [b]": "[a] {{b}}",
    r"\\[a]": r"\{{a}}",
    "![x](y) [a]": "![x](y) {{a}}",
    "[link](https://x.y) [a]": "[link](https://x.y) {{a}}",
    r"$\frac{a}{{b}}$ is [\frac{x}{y}]": r"$\frac{a}{ {b} }$ is {{\frac{x}{y}}}",
    "[$n!$]": "{{$n!$}}",
}


@pytest.mark.parametrize(("theirs", "ours"), GAPS.items())
def test_brackets_are_gaps(theirs: str, ours: str) -> None:
    """And images, links, escaped brackets and braces of math are none."""
    assert cloze_from_brackets(theirs) == (ours, "")


def test_numbered_gaps_do_not_fit_into_brackets() -> None:
    """Brackets have neither numbers nor hints: such a sentence is told as it is."""
    assert brackets_from_cloze("{{c1::a::hint}}") is None
    assert brackets_from_cloze("{{a}} [0]") == r"[a] \[0\]"


def test_comments_of_other_programs() -> None:
    """A comment that is no JSON of ours says nothing, and does no harm."""
    imported = read(hashcards, "<!-- flashcards: {broken} -->\nQ: a\nA: b\n")
    (note,) = notes(imported)
    assert (note.front, note.back, note.id) == ("a", "b", "")


def test_cards_of_another_notation_are_told() -> None:
    """Lines with :: between the cards are no text of theirs: who wrote them is told."""
    imported = read(hashcards, "Q: a\nA: b\nc :: d\n---\nx :: y\n", "n.md")
    assert sides(imported) == [("a", "b\nc :: d")]
    assert "--format obsidian" in imported.remarks[0]
