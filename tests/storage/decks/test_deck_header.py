"""What a deck file says of all its cards is set in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashcards.errors import DeckError
from flashcards.storage.decks.deck_header import header_line
from flashcards.storage.decks.edit_deck_files import set_in_deck_file

FRENCH = "deck: French\ncards:\n- front: a\n  back: b\n"


def test_a_deck_says_for_all_cards_how_they_are_asked(tmp_path: Path) -> None:
    """Below its name, in the place of what it said before, or at the top."""
    path = tmp_path / "d.yaml"
    path.write_text(FRENCH)
    set_in_deck_file(path, "d.yaml", "type", "true").apply()
    assert path.read_text().startswith("deck: French\ntype: true\ncards:")
    set_in_deck_file(path, "d.yaml", "type", "false").apply()
    assert path.read_text().startswith("deck: French\ntype: false\ncards:")
    path.write_text(FRENCH.partition("\n")[2])
    set_in_deck_file(path, "d.yaml", "lenient", "[case]").apply()
    assert path.read_text().startswith("lenient: [case]\ncards:")


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [("deck: [", "type", "true"), (FRENCH, "type", "perhaps"), (FRENCH, "lenient", "[accent]")],
    ids=["a faulty deck", "a wrong word", "a wrong list"],
)
def test_what_a_deck_cannot_say_is_not_written(tmp_path: Path, text: str, key: str, value: str) -> None:
    """The file stays as it was, and the fault has its place."""
    path = tmp_path / "d.yaml"
    path.write_text(text)
    with pytest.raises(DeckError, match=r"d.yaml:\d"):
        set_in_deck_file(path, "d.yaml", key, value)
    assert path.read_text() == text


def test_a_field_of_the_deck_has_a_line() -> None:
    """From 1; 0 where it is absent."""
    assert (header_line("a: b\ntype: true\n", "type"), header_line("a: b", "type")) == (2, 0)
