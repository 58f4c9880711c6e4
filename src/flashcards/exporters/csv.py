"""Export all notes as one CSV table."""

import csv
import io
from collections.abc import Mapping

from flashcards.core.cards import Note
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.own_csv_columns import CSV_COLUMNS, join_values
from flashcards.exporters.base import ExportJob

TITLE = "table (CSV)"
EXTENSIONS = (".csv",)
ALLOWS_STDOUT = True
INCLUDES_HISTORY = False

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A spreadsheet may run cells that begin with these."""


def render_files(job: ExportJob) -> Mapping[str, bytes]:
    """Return one file; for a spreadsheet, formulas are escaped."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for deck in job.decks:
        bare = Deck(deck.name, ())
        for note in deck.notes:
            row = _note_row(deck.name, adapt_note_to_deck(deck, bare, note))
            if job.for_spreadsheet:
                row = [f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row]
            writer.writerow(row)
    byte_order_mark = "\ufeff" if job.for_spreadsheet else ""
    return {"flashcards": (byte_order_mark + text.getvalue()).encode("utf-8", "replace")}


def _note_row(deck_name: str, note: Note) -> list[str]:
    own: dict[str, object] = {"deck": deck_name, "cloze": note.cloze or None}
    if note.lenient == ():
        own["lenient"] = "none"
    return [_cell(own[column] if column in own else note.field(column)) for column in CSV_COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return join_values(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
