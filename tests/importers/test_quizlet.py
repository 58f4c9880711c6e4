"""Sets as Quizlet gives them to copy."""

from __future__ import annotations

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers import quizlet
from flashcards.importers.base import ImportSource, TableOptions
from flashcards.importers.csv import tables as importers_csv
from flashcards.importers.import_formats import load_all_importers, recognise_format
from sources import left_out, read, sample, sides, text

SET = [("perro", "dog"), ("gato", "cat"), ("mesa", "table")]


def test_a_set_with_tabs_is_a_table() -> None:
    """Tab and new line, as Quizlet has them if nothing else is chosen."""
    source = sample("quizlet-tabs.txt")
    assert importers_csv.recognises(source)
    assert not quizlet.recognises(source)
    assert sides(importers_csv.read_source(source)) == SET


@pytest.mark.parametrize("row", ["\n", ";", "\n\n"], ids=["lines", "semicolons", "paragraphs"])
@pytest.mark.parametrize("between", [" - ", " – ", ",", " = "])
def test_separators_of_ones_own(between: str, row: str) -> None:
    """What parts terms and rows is found out."""
    content = row.join(between.join(pair) for pair in SET) + row
    assert sides(read(quizlet, content)) == SET


def test_definitions_may_hold_the_separator() -> None:
    """The first separator counts."""
    imported = read(quizlet, "a - b - c\nd - e\nf - g\nh - i\n")
    assert sides(imported)[0] == ("a", "b - c")


def test_a_row_without_a_definition_is_told() -> None:
    """Where it stands, and what it lacks."""
    imported = read(quizlet, "a - b\nc - d\nalone\ne - f\n")
    assert left_out(imported) == [("notes.txt:3", "it has no ' - '")]


def test_prose_is_no_set() -> None:
    """Lines that only happen to have a dash are no set."""
    assert not quizlet.recognises(text("Dear all - thanks.\n\nThis is a letter.\nIt goes on - and on.\n"))
    with pytest.raises(FlashcardsError, match="--separator"):
        read(quizlet, "words\nand words\n")


@pytest.mark.parametrize("between", [" - ", " = ", " : ", ", ", ",", ";"])
def test_clear_cases_are_recognised(between: str) -> None:
    """One sign once in each of three short rows tells a set."""
    content = "\n".join(between.join(pair) for pair in SET)
    source = text(content)
    assert recognise_format(source, load_all_importers()) == "quizlet"
    assert sides(quizlet.read_source(source)) == SET


def test_rows_that_go_on_in_one_line() -> None:
    """A tab in each term, a semicolon between terms: a set, and no table of one row."""
    source = text("perro\tdog;gato\tcat;mesa\ttable")
    assert recognise_format(source, load_all_importers()) == "quizlet"
    assert sides(quizlet.read_source(source)) == SET


@pytest.mark.parametrize(
    "prose",
    [
        "First, some words.\nThen, some more.\nLast, the end.\n",
        "Once upon a time in a land far away, they lived\nand all of them so glad, and how\na, b\n",
        "From: a\nTo: b\nSubject: c\n",
    ],
)
def test_lines_with_a_comma_each_may_still_be_prose(prose: str) -> None:
    """Sentences end with a full stop, and begin with more words than a term."""
    assert not quizlet.recognises(text(prose))


def test_two_signs_that_fit_are_both_named() -> None:
    """Only the person knows which of them parts the terms."""
    with pytest.raises(FlashcardsError, match="--separator ' - ', or --separator ' = '"):
        quizlet.recognises(text("a - b = c\nd - e = f\ng - h = i\n"))


def test_a_sign_that_was_asked_for_counts() -> None:
    """Whatever it is, and whatever parts the rows."""
    asked = TableOptions(separator="=>", row_separator="%%")
    source = ImportSource("x.txt", b"perro=>dog%%gato=>cat - or tom%%mesa=>table", asked)
    assert recognise_format(source, load_all_importers()) == "quizlet"
    assert sides(quizlet.read_source(source))[1] == ("gato", "cat - or tom")
    table = ImportSource("x.txt", b'perro^"dog^hound"\n', TableOptions(separator="^"))
    assert recognise_format(table, load_all_importers()) == "csv"
    assert sides(importers_csv.read_source(table)) == [("perro", "dog^hound")]
