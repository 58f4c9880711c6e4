"""A page copied from Brainscape: all of its cards, and all of their words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flashcards.importers import brainscape
from flashcards.importers.base import ImportSource
from flashcards.importers.import_formats import load_all_importers
from flashcards.storage.decks.reader import parse_deck
from sources import left_out, notes, read, sides

DATA = Path(__file__).parents[1] / "data"
BUNDLED = Path(__file__).parents[2] / "decks" / "transformers-rag-lora.yaml"


def page() -> ImportSource:
    return ImportSource("seed.txt", (DATA / "seed.txt").read_bytes())


def test_all_55_cards_come_in() -> None:
    """The page as it stands gives 55 cards, in order, none left out, no remark needed."""
    imported = brainscape.read_source(page())
    assert len(notes(imported)) == 55
    assert not imported.skipped
    assert not imported.remarks
    assert imported.decks[0].name == "ML: Transformers Flashcards"


@pytest.mark.parametrize("name", ["seed.txt", "page", "-", "notes.md"])
def test_the_page_is_recognised(name: str) -> None:
    """By what is in it, whatever it is called; and no other format claims it."""
    source = ImportSource(name, page().data)
    assert [known for known, one in load_all_importers().items() if one.recognises(source)] == ["brainscape"]


def test_the_cards_are_those_of_the_bundled_deck() -> None:
    """The first 24 are its cards to the letter; of the rest, its words in its order."""
    deck, _ = parse_deck(BUNDLED.read_bytes(), "bundled.yaml")
    assert deck
    for number, (ours, theirs) in enumerate(
        zip(notes(brainscape.read_source(page())), deck.notes, strict=True), 1
    ):
        if number <= 24:
            assert (ours.front, ours.back) == (theirs.front, theirs.back)
        elif number < 54:
            assert ours.front == theirs.front
        assert letters(ours.back) == letters(theirs.back)


def letters(text: str) -> str:
    """Return a text without its bullets and its white space."""
    return "".join(re.sub(r"(?m)^\s*- ", "", text).split())


def test_lost_line_breaks_stay_lost() -> None:
    """Where the page ran an answer together, it stays one paragraph."""
    for note in notes(brainscape.read_source(page()))[24:]:
        assert "\n" not in note.back


def test_numbers_among_the_words() -> None:
    """A line of an answer that is a number is no card; a card without an answer is told."""
    imported = read(
        brainscape,
        "Sums\n(3 cards)\n1\nQ\n\n1 + 1?\n\nA\n\n2\n\nHow well did you know this?\n1\nNot at all\n"
        "2\n3\n4\n5\nPerfectly\n2\nQ\n\nNo answer?\n\n3\nQ\n\nThe last?\n\nA\n\n4\n\nYes\n",
    )
    assert sides(imported) == [("1 + 1?", "2"), ("The last?", "- 4\n- Yes")]
    assert left_out(imported) == [("notes.txt:20", "card 2 has no answer")]
    assert imported.remarks == ("The page says that it has 3 cards; 2 found.",)


def test_run_together_with_windows_line_ends() -> None:
    """Line ends do not matter, nor does an answer that is the next card's number."""
    imported = read(brainscape, "Deck\r\n1\r\nHow many?\r\n2\r\n2\r\nAnd now?\r\nThree of them\r\n")
    assert sides(imported) == [("How many?", "2"), ("And now?", "Three of them")]
