"""Gaps inside of gaps: a card for each number, and no word of them lost."""

from __future__ import annotations

import pytest

from flashcards.core.cards import Note
from flashcards.core.cloze import cloze_cards
from flashcards.importers import csv as importers_csv
from flashcards.importers.base import ImportedHistory, ImportedNote
from flashcards.importers.shared.nested_cloze import split_nested_cloze
from sources import read, sides

NESTED = "{{c1::outer {{c2::inner::h2}} end::h1}} and {{c1::more}} {{c3::x}}"


def fronts(text: str) -> list[str]:
    return [one.note.front for one in split_nested_cloze(ImportedNote(Note(text, cloze=True)))]


def test_each_number_is_a_sentence() -> None:
    """What other numbers hide is text in it."""
    assert fronts(NESTED) == [
        "{{c1::outer inner end::h1}} and {{c1::more}} x",
        "outer {{c2::inner::h2}} end and more x",
        "outer inner end and more {{c3::x}}",
    ]


def test_lives_and_ids_go_along() -> None:
    """The lowest number keeps the id, so that what was brought in before is found again."""
    lives = {"/c1": ImportedHistory(suspended=True), "/c2": ImportedHistory(starts_as_new=True)}
    found = list(split_nested_cloze(ImportedNote(Note(NESTED, id="x", cloze=True), lives)))
    assert [one.note.id for one in found] == ["x", "x@2", "x@3"]
    assert [dict(one.histories) for one in found] == [
        {"/c1": lives["/c1"]},
        {"/c2": lives["/c2"]},
        {},
    ]


@pytest.mark.parametrize(
    "text",
    ["{{c1::a}} and {{c2::b}}", "{{c1::a {{c2::b}}", "}} {{c1::a}} }}", "{{c1::" * 99 + "}}" * 99],
)
def test_what_is_not_nested_stays(text: str) -> None:
    """So does what ends nowhere, or goes deeper than anyone can mean."""
    assert fronts(text) == [text]


def test_of_the_same_number_only_the_outer_one_asks() -> None:
    """Anki hides it whole, too."""
    assert fronts("{{c1::a {{c1::b}}}} c") == ["{{c1::a b}} c"]


def test_a_table_with_nested_gaps() -> None:
    """Each of its cards can be asked."""
    brought = read(importers_csv, "{{c1::a {{c2::b}} c}}\tmore\n", "x.tsv")
    assert sides(brought) == [("{{c1::a b c}}", "more"), ("a {{c2::b}} c", "more")]
    assert all(len(list(cloze_cards(front))) == 1 for front, _ in sides(brought))
