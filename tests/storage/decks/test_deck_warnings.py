"""What YAML swallows or refuses, and what the file's writer meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from flashcards.app.importing.own_deck_files import DeckFileImporter
from flashcards.errors import DeckError, Problem
from flashcards.importers.base import ImportSource
from flashcards.storage.decks.deck_warnings import parse_with_warnings
from flashcards.storage.decks.reader import parse_deck

ROWS = yaml.safe_load((Path(__file__).parents[2] / "data" / "yaml_traps.yaml").read_text())


def deck_of(card: str) -> bytes:
    """Return a deck of one card, with the keys that it lacks."""
    has_answer = any(f"{key}:" in card for key in ("back", "list", "answer", "cloze"))
    return f"cards:\n- {card}\n".encode() + (b"" if has_answer else b"  back: z\n")


def found_in(data: bytes) -> list[Problem]:
    _, problems, warnings = parse_with_warnings(data, "d.yaml")
    assert problems == parse_deck(data, "d.yaml")[1]
    return problems or warnings


@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row["text"]))
def test_a_trap_is_told_with_its_place_and_remedy(row: dict[str, Any]) -> None:
    """Each is sound, a warning or a fault, at its line and column, with the line to write."""
    found = found_in(deck_of(row["text"]))
    if row["check"] == "sound":
        assert not found
        return
    first = found[0]
    assert first.is_warning == (row["check"] == "warning")
    assert [first.line, first.column] == row["at"]
    assert first.source_line
    for words in row["says"]:
        assert words in str(first)


def test_a_control_character_stays_out_at_the_import_and_goes_on_in_the_library() -> None:
    """The import refuses it; a deck that is there already is read as it is."""
    data = deck_of(r'front: "$\frac{a}{b}$"')
    with pytest.raises(DeckError, match="single quotes"):
        DeckFileImporter().read_source(ImportSource("d.yaml", data))
    deck, problems = parse_deck(data, "d.yaml")
    assert deck is not None
    assert (deck.notes[0].front, problems) == ("$\x0crac{a}{b}$", [])


def test_an_import_tells_warnings_and_goes_on() -> None:
    """A comment that eats an answer is a remark."""
    result = DeckFileImporter().read_source(ImportSource("d.yaml", deck_of("front: a # b")))
    assert "d.yaml:2: " in result.remarks[0]


def test_the_remedy_for_text_on_several_lines_is_sound() -> None:
    """The lines to write in place of a value that went on below say what was meant."""
    (fault,) = found_in(deck_of("front: x\n  back: one\n  and two"))
    lines = fault.remedy.split("write\n")[1]
    deck, problems = parse_deck(f"cards:\n- front: x\n  {lines}\n".encode(), "d.yaml")
    assert not problems
    assert deck is not None
    assert deck.notes[0].back == "one\nand two"
