"""hascard's kinds of cards, and two other notations: headings, and marks for carddown."""

from __future__ import annotations

from flashcards.importers import carddown, hascard, headings
from sources import left_out, notes, read, sample, sides, text


def test_every_kind_of_card() -> None:
    """Definitions, choices, several answers, blanks, order, a picture below the question."""
    imported = hascard.read_source(sample("hascard.txt"))
    assert sides(imported) == [
        ("Word or idea", "What it means."),
        ("Which planet is the largest?", "Jupiter"),
        ("Which of these are primes?\n\n- 2\n- 4\n- 7", "- 2\n- 7"),
        (
            """Fill in the gaps

The symbol € stands for the {{Euro}}, the money of the {{EU}}, and snake\\_case stays.""",
            "EU: also European Union",
        ),
        ("From small to large\n\n- mountain\n- pebble\n- rock", "1. pebble\n2. rock\n3. mountain"),
        ("What fruit is this?\n\n![](pear.jpeg)", "A pear"),
    ]
    assert notes(imported)[1].choices == ("Mars", "Venus")
    assert notes(imported)[3].cloze
    assert left_out(imported) == [("hascard.txt:38", "its answer is empty")]


def test_bullets_without_a_right_one_are_an_answer() -> None:
    """A list is only a choice when one of its items is marked."""
    assert sides(read(hascard, "# Two\n- a\n- b\n---\n# x\ny\n")) == [
        ("Two", "- a\n- b"),
        ("x", "y"),
    ]


def test_questions_as_headings() -> None:
    """The last resort: headings that ask, with the text below them; the title names the deck."""
    imported = headings.read_source(sample("headings.md"))
    assert imported.decks[0].name == "Chemistry"
    assert sides(imported) == [
        ("What is an acid?", "A donor of protons."),
        ("What is a base?", "An acceptor of protons:\n\n```\n# not a heading\n```"),
    ]
    assert left_out(imported) == [("headings.md:15", "no answer below it")]


def test_headings_that_tell_are_no_cards() -> None:
    """A document is not taken for cards; with --format headings it may be."""
    document = text("# Title\n\n## Install\nRun it.\n\n## Why?\nBecause.\n", "doc.md")
    assert not headings.recognises(document)
    assert [front for front, _ in sides(headings.read_source(document))] == ["Install", "Why?"]


def test_carddown() -> None:
    """Marked lines and blocks, with their tags."""
    imported = carddown.read_source(sample("carddown.md"))
    assert sides(imported) == [
        ("Capital of France?", "Paris"),
        ("What is HTTP?", "HyperText Transfer Protocol"),
        (
            "Explain the Bohr model",
            "Electrons orbit in quantized energy levels.\nTransitions between levels emit photons.",
        ),
    ]
    assert [note.tags for note in notes(imported)] == [(), ("web",), ("physics",)]
