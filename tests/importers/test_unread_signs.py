"""What has the sign of a card and makes none is told with its line; what one pattern missed comes in."""

from __future__ import annotations

import pytest

from flashcards.importers import hashcards, logseq, quizlet
from flashcards.importers.base import ImportSource, TableOptions
from flashcards.importers.csv import tables as csv
from flashcards.importers.import_formats import load_all_importers, recognise_format
from flashcards.importers.obsidian import vault_notes as obsidian
from flashcards.importers.org import org_files as org
from sources import imported_histories, left_out, notes, read, sides, text


def test_a_gap_may_hold_single_signs() -> None:
    """Between two double equal signs stands anything but these."""
    page = "#flashcards\nA ==x== here\n\nThe law is ==$E=m$== now\n\nTake ==a != b== here\n"
    fronts = [note.front for note in notes(read(obsidian, page, "n.md"))]
    assert fronts == ["A {{x}} here", "The law is {{$E=m$}} now", "Take {{a != b}} here"]


def test_blocks_of_another_plug_in_are_told() -> None:
    """Their lines are no cards, also where a blank line stands in them; the cards around them are."""
    page = (
        "#flashcards/one\nSTART\nBasic\nWhat is it?\n\nBack: a::b\nEND\n\nknown::yes\nSTARTI [Basic] a ENDI\n"
    )
    source = text(page, "n.md")
    assert obsidian.recognises(source)
    imported = obsidian.read_source(source)
    assert sides(imported) == [("known", "yes")]
    assert [where for where, _ in left_out(imported)] == ["n.md:2", "n.md:10"]


def test_text_between_rules_is_told() -> None:
    """A block without its Q: or C: was forgotten; a heading, and prose above a card, is none."""
    page = (
        "# Title\n\nC: The [sun] is.\n---\nThe [moon] is not.\n---\n## Part\nSome prose.\n"
        "Q: One?\nA: Two\n---\nend\n"
    )
    imported = read(hashcards, page, "n.md")
    assert [note.front for note in notes(imported)] == ["The {{sun}} is.", "One?"]
    assert [where for where, _ in left_out(imported)] == ["n.md:5", "n.md:12"]


def test_logseq_names_cards_in_three_ways() -> None:
    """#card, [[card]] and tags:: card; code keeps its fence and indentation; a gap below is a gap."""
    page = (
        "- Peru [[card]]\n  card-last-interval:: 4\n  card-repeats:: 2\n"
        "  card-next-schedule:: 2026-01-20T00:00:00.000Z\n\t- Lima\n"
        "- tags:: card, memo\n  Chile\n\t- Santiago\n"
        "- code #card\n\t- see\n\t  ```js\n\t  if (x) {\n\t    y()\n\t  }\n\t  ```\n"
        "- below #card\n\t- 1 + 1 = {{cloze 2}}\n"
        "- lost\n  card-next-schedule:: 2026-01-20T00:00:00.000Z\n"
    )
    imported = logseq.read_source(text(page, "n.md"))
    assert sides(imported) == [
        ("Peru", "Lima"),
        ("Chile", "Santiago"),
        ("code", "- see\n  ```js\n  if (x) {\n    y()\n  }\n  ```"),
        ("below\n\n- 1 + 1 = {{2}}", ""),
    ]
    assert notes(imported)[1].tags == ("memo",)
    assert [bool(histories) for histories in imported_histories(imported)] == [True, False, False, False]
    assert left_out(imported) == [("n.md:18", "a schedule, but no #card")]


def test_settings_that_went_through_a_spreadsheet() -> None:
    """Empty cells behind a setting, and quotation marks around it, are not its value."""
    table = '#separator:Comma,,\n"#columns:Front,Back,Tags"\n#tags column:3,,\nhaus,house,"de::noun"\n'
    (note,) = notes(read(csv, table, "n.csv"))
    assert (note.front, note.back, note.tags) == ("haus", "house", ("de::noun",))


@pytest.mark.parametrize(
    ("row", "is_header"),
    [("country,capital,tags", True), ("id,word,x", True), ("x,y,z,guid", True), ("x,deck,back", True),
     ("deck,ship,sail", False), ("x,deck,y", False), ("x,tags", False)],
)  # fmt: skip
def test_a_name_that_no_card_has_makes_a_header(row: str, *, is_header: bool) -> None:
    """In the third column or later, or beside another name that is known."""
    cells = row.count(",") + 1
    table = f"{row}\n{','.join('abcd'[:cells])}\n"
    assert len(notes(read(csv, table, "n.csv"))) == (1 if is_header else 2)


def test_a_line_without_the_sign_belongs_to_the_card_above() -> None:
    """Quizlet writes definitions of several lines without quotation marks."""
    source = text("mitosis\t- one division\n- two cells\nmeiosis\t- two divisions\n- four cells\n")
    named = [name for name, importer in load_all_importers().items() if importer.recognises(source)]
    assert named == ["quizlet"]
    assert sides(quizlet.read_source(source)) == [
        ("mitosis", "- one division\n- two cells"),
        ("meiosis", "- two divisions\n- four cells"),
    ]


@pytest.mark.parametrize("name", ["n.txt", "n.md", "n.csv", "n.text"])
def test_signs_of_lines_overrule_every_ending(name: str) -> None:
    """Question and answer on a line each, and a blank line between cards."""
    content = b"What is 2+2?\n4\n\nWhat is 3+3?\n6\n \n\nAnd?\nSo\n"
    source = ImportSource(name, content, TableOptions(separator="\n", row_separator="\n\n"))
    named = [key for key, importer in load_all_importers().items() if importer.recognises(source)]
    assert "quizlet" in named
    assert "csv" not in named
    imported = quizlet.read_source(source)
    assert sides(imported) == [("What is 2+2?", "4"), ("What is 3+3?", "6"), ("And?", "So")]
    assert [note.line for note in notes(imported)] == [1, 4, 8]


def test_org_drill_had_one_bar() -> None:
    """Old files have one bar before a hint; a heading that lost its tag is told."""
    lost = "* Lost\n:PROPERTIES:\n:DRILL_CARD_TYPE: simple\n:END:\n"
    page = f"* Word :drill:\n\nThe [feminine|gender] form\n{lost}"
    imported = read(org, page, "n.org")
    assert [note.front for note in notes(imported)] == ["Word\n\nThe {{c1::feminine::gender}} form"]
    assert [where for where, _ in left_out(imported)] == ["n.org:4"]


def test_half_a_card_is_told() -> None:
    """A sign with one side missing made no card: it is told with its line, but not in code or prose."""
    halves = "#flashcards\ngood::card\nbad::\n\nfoo ==unclosed\n\n::b\n\n"
    page = f"{halves}use Vec::new()\n\n```\nstd::\n```\n\na == b\n"
    imported = read(obsidian, page, "n.md")
    assert sides(imported) == [("good", "card"), ("use Vec", "new()")]
    assert [where for where, _ in left_out(imported)] == ["n.md:3", "n.md:5", "n.md:7"]


def test_anki_editor_is_read_wherever_its_properties_stand() -> None:
    """What names a note type is read here, also where Anki's number comes first or last."""
    page = "* Q\n:PROPERTIES:\n:ANKI_NOTE_TYPE: Basic\n:ANKI_NOTE_ID: 3\n:END:\nA\n"
    assert recognise_format(text(page, "n.org"), load_all_importers()) == "org"
