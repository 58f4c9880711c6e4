"""Sets as Quizlet gives them to copy."""

from __future__ import annotations

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers import quizlet, tables
from sources import left_out, read, sample, sides, text

SET = [("perro", "dog"), ("gato", "cat"), ("mesa", "table")]


def test_a_set_with_tabs_is_a_table() -> None:
    """Tab and new line, as Quizlet has them if nothing else is chosen."""
    source = sample("quizlet-tabs.txt")
    assert tables.fits(source)
    assert not quizlet.fits(source)
    assert sides(tables.read(source)) == SET


@pytest.mark.parametrize("row", ["\n", ";", "\n\n"], ids=["lines", "semicolons", "paragraphs"])
@pytest.mark.parametrize("between", [" - ", " – ", ",", " = "])
def test_separators_of_ones_own(between: str, row: str) -> None:
    """What parts terms and rows is found out."""
    content = row.join(between.join(pair) for pair in SET) + row
    assert sides(read(quizlet, content)) == SET


def test_definitions_may_hold_the_separator() -> None:
    """The first separator counts."""
    brought = read(quizlet, "a - b - c\nd - e\nf - g\nh - i\n")
    assert sides(brought)[0] == ("a", "b - c")


def test_a_row_without_a_definition_is_told() -> None:
    """Where it stands, and what it lacks."""
    brought = read(quizlet, "a - b\nc - d\nalone\ne - f\n")
    assert left_out(brought) == [("notes.txt:3", "it has no ' - '")]


def test_prose_is_no_set() -> None:
    """Lines that only happen to have a dash are no set."""
    assert not quizlet.fits(text("Dear all - thanks.\n\nThis is a letter.\nIt goes on - and on.\n"))
    with pytest.raises(FlashcardsError, match="tab"):
        read(quizlet, "words\nand words\n")
