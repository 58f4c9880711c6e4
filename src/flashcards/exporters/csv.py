"""One table of all notes in CSV: every field to the letter, so that it can come in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from flashcards.core.cards import Deck, Note
from flashcards.core.csv_fields import COLUMNS, joined
from flashcards.core.deck_yaml import settled
from flashcards.exporters.base import Leaving

TITLE = "table (CSV)"
ENDINGS = (".csv",)
TEXT = True
HISTORY = False

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""With what a cell begins that a spreadsheet may run."""


def write(leaving: Leaving) -> Mapping[str, bytes]:
    """Return one file; for a spreadsheet, cells that it could run begin with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for deck in leaving.decks:
        for row in _rows(deck):
            writer.writerow([_harmless(cell) for cell in row] if leaving.for_spreadsheet else row)
    mark = "\ufeff" if leaving.for_spreadsheet else ""
    return {"flashcards": (mark + text.getvalue()).encode("utf-8", "replace")}


def _rows(deck: Deck) -> Iterator[list[str]]:
    bare = Deck(deck.name, ())
    for note in deck.notes:
        yield _row(deck.name, settled(deck, bare, note))


def _row(deck: str, note: Note) -> list[str]:
    return [
        note.id,
        deck,
        note.front,
        note.back,
        "true" if note.cloze else "",
        _switch(note.reverse),
        joined(note.tags),
        _switch(note.typed),
        joined(note.accept),
        joined(note.choices),
        _switch(note.listed),
        "" if note.lenient is None else joined(note.lenient) or "none",
    ]


def _switch(on: bool | None) -> str:  # noqa: FBT001 (a value, and no order)
    return "" if on is None else str(on).lower()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
