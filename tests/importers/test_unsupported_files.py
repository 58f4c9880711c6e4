"""What is no deck, or in a notation that is not read here, is named with the way out."""

from __future__ import annotations

import io
import zipfile

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.import_formats import load_all_importers, recognise_format
from flashcards.importers.unsupported_files import describe_file
from sources import text

NOTATIONS = {
    "one note a file": "# Note\nguid: q1\nnotetype: Basic\n\n## Front\nWhat?\n\n## Back\nThat\n",
    "mdanki": "# Deck\n\n## What is it?\n\nA thing\n\n[#tag]() [#other]()\n",
    "org-anki": "#+ANKI_DECK: Org\n* What?\n:PROPERTIES:\n:ANKI_NOTE_ID: 1\n:END:\nThat\n",
    "RemNote": "- Capital of Peru >> Lima\n- Chile ;; Santiago\n",
    "Obsidian_to_Anki": "TARGET DECK: A\n\nSTART\nBasic\nWhat?\nBack: That\n<!--ID: 1-->\nEND\n",
    "flashcards-obsidian": "What is it? #card\nA thing\n^1600000000000\n",
}


def zipped(*names: str) -> bytes:
    """Return a zip file with empty files of these names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return packed.getvalue()


FILES = {
    "web page": b"\xef\xbb\xbf<!DOCTYPE html><html></html>",
    "Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "the file is empty": b" \n",
    "Mnemosyne 1": b"--- Mnemosyne Data Base --- Format Version 3 ---\n(lp1\n",
    "deleted notes": b"nid\tmid\tfields\n1\t2\tfront\tback\n3\t2\tother\tback\n",
    "spreadsheet": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "Mochi": zipped("data.json", "a.png"),
    "holds a package: decks/French.apkg": zipped("decks/French.apkg"),
    "Decks for Obsidian": b"SQLite format 3\x00 CREATE TABLE review_logs (",
    "Anki 1": b"SQLite format 3\x00 CREATE TABLE reviewHistory (",
}


@pytest.mark.parametrize("program", NOTATIONS)
def test_a_foreign_notation_is_named(program: str) -> None:
    """Its program and the way out; no line of it becomes a card."""
    with pytest.raises(FlashcardsError, match=r"(?s)not read here\. .*[Ee]xport") as raised:
        recognise_format(text(NOTATIONS[program], "note.md"), load_all_importers())
    assert program in str(raised.value)


@pytest.mark.parametrize("kind", FILES)
def test_a_foreign_file_is_named(kind: str) -> None:
    """Whatever its name ends with: what it is, and what to do."""
    assert kind in describe_file(ImportSource("deck.apkg", FILES[kind]), is_unknown=True)


def test_a_deck_is_not_foreign() -> None:
    """Text that may be a deck is left to the importers."""
    assert not describe_file(text("Q: What?\nA: That\n"), is_unknown=True)
    assert recognise_format(text("Q: 1 >> 0?\nA: Yes\n"), load_all_importers()) == "markdown"
