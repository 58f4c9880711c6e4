"""Notes of a vault whose settings say what makes a card there."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flashcards.importers import headings
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.obsidian import vault_notes as obsidian
from flashcards.importers.obsidian_settings import read_signs
from sources import imported_histories, notes, sides


def read(text: str, **settings: Any) -> ImportResult:
    """Return the cards of a note in a vault with these settings."""
    return obsidian.read_source(note(text, **settings))


def note(text: str, **settings: Any) -> ImportSource:
    signs = read_signs(json.dumps({"settings": settings}).encode())
    return ImportSource("n.md", text.encode(), signs=signs)


def test_a_line_of_its_own_ends_a_card_of_several_lines() -> None:
    """Empty lines belong to the answer; what stands before a card does not."""
    text = (
        "#flashcards\nnotes\n\nfront\n?\nfirst\n\nsecond\n<!--SR:!2030-01-02,9,250-->\n---\n\n"
        "text\n\n==gap== here\n\nand on\n---\none::1\n\nlast\n??\n\nanswer\n"
    )
    imported = read(text, multilineCardEndMarker="---")
    assert sides(imported) == [
        ("front", "first\n\nsecond"),
        ("{{gap}} here\n\nand on", ""),
        ("one", "1"),
        ("last", "answer"),
    ]
    schedule = imported_histories(imported)[0][""].schedule
    assert schedule
    assert schedule.due == date(2030, 1, 2)


def test_a_separator_of_its_own_leaves_the_usual_one_as_text() -> None:
    """What parts sides elsewhere is a part of them here, and spaces belong to a sign."""
    imported = read("std::vector >> grows\nwell-known - famous\n", singleLineCardSeparator=" >> ")
    assert sides(imported) == [("std::vector", "grows")]
    assert sides(read("well-known - famous\n", singleLineCardSeparator=" - ")) == [("well-known", "famous")]
    assert sides(read("a::b\n\nc:::d\n", singleLineCardSeparator="")) == [("c", "d")]


def test_a_mark_in_code_is_no_gap() -> None:
    """Unless its paragraph has another one outside the code."""
    assert not sides(read("# Title\n```\nsome ==marked== text\n```\n"))


def test_only_what_the_settings_name_is_a_gap() -> None:
    """By patterns or by the older switches; a pattern that is not read is told."""
    text = "==a== **b** {{c}}\n"
    assert sides(read(text, convertHighlightsToClozes=False, convertBoldTextToClozes=True)) == [
        ("==a== {{b}} { {c} }", "")
    ]
    imported = read(text, clozePatterns=["{{[123;;]answer[;;hint]}}", "$$answer$$"])
    assert sides(imported) == [("==a== **b** {{c}}", "")]
    assert imported.remarks == ("Gaps marked as $$answer$$ make no cards here",)


def test_tags_name_notes_with_cards_and_their_decks() -> None:
    """A note without one has no cards, nor one with a tag that is left out."""
    settings = {
        "flashcardTags": ["#maths"],
        "flashcardTagsToIgnore": ["#draft"],
        "convertFoldersToDecks": False,
    }
    assert not obsidian.recognises(note("a ==highlight== of many\n", **settings))
    assert not obsidian.recognises(note("#maths #draft\na::b\n", **settings))
    assert obsidian.recognises(note("---\ntags: [maths/sets]\n---\na::b\n", **settings))
    assert [deck.name for deck in read("#maths/sets\na::b\n", **settings).decks] == ["maths::sets"]
    assert not headings.recognises(note("# What is it?\nA heading of a note\n", **settings))
    below = "Tags: [[Sets]],\n#maths/sets\n\na::b\n\nmore #maths\nc::d\n"
    assert [deck.name for deck in read(below, **settings).decks] == ["maths::sets", "maths"]
    by_folder = {**settings, "convertFoldersToDecks": True}
    assert [deck.name for deck in read("#maths/sets a::b\n", **by_folder).decks] == ["n"]


def test_a_schedule_in_a_callout_is_no_text() -> None:
    """Below a line or a card of several lines."""
    callout = "> [!sr|card-metadata]\n> <!--SR:!2030-01-02,9,250--> ^abc"
    imported = read(f"a::b\n{callout}\nc::d\n\ne\n?\nf\n{callout}\n")
    assert sides(imported) == [("a", "b"), ("c", "d"), ("e", "f")]
    assert [bool(history) for history in imported_histories(imported)] == [True, False, True]
    assert [one.line for one in notes(imported)] == [1, 4, 6]
