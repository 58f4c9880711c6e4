"""Our CSV as Anki's own importer reads it: the same fields, whatever they hold."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path

from anki_collections import library
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.exporters import csv as exporters_csv
from flashcards.exporters.base import ExportJob

NASTY = (
    "a | b", '"quoted" x', "it's", "key: value", "# head", "---", "- item", "emoji 🧠", "עברית",
    "two\nlines\n\nand more", "trail  ", "  lead", "x\nA: in answer\n---", "=1+1", "\ttab", "a\tb",
    "{{c1::x}}", "[x]", "$x$", "\\", "&amp;", "<b>x</b>", "a::b", "front,back", '"""', "end ,",
)  # fmt: skip


def test_anki_reads_the_same_fields(tmp_path: Path) -> None:
    """With the columns named in its dialogue: front, back, deck and tags."""
    own = library(tmp_path)
    from anki import import_export_pb2

    notes = tuple(Note(f"f{n} {text}", text, tags=("a", "b")) for n, text in enumerate(NASTY))
    leaving = ExportJob((Deck("Nasty: | deck", notes),), lambda _: (), datetime.now(UTC))
    (data,) = exporters_csv.render_files(leaving).values()
    path = tmp_path / "out.csv"
    path.write_bytes(data)
    comma = import_export_pb2.CsvMetadata.COMMA
    about = own.col.get_csv_metadata(path=str(path), delimiter=comma)
    about.is_html, about.force_is_html = False, True
    head = data.decode("utf-8-sig").split("\r\n")[0].split("\n")[0].split(",")
    about.tags_column, about.deck_column = head.index("tags") + 1, head.index("deck") + 1
    about.global_notetype.id = own.col.models.by_name("Basic")["id"]
    del about.global_notetype.field_columns[:]
    about.global_notetype.field_columns.extend([head.index("front") + 1, head.index("back") + 1])
    request = import_export_pb2.ImportCsvRequest(path=str(path), metadata=about)
    own.col.import_csv(request)
    rows = own.col.db.list("select flds from notes")
    found = {tuple(map(_plain, row.split("\x1f"))) for row in rows}
    own.col.close()
    assert {(note.front, note.back) for note in notes} <= found


def _plain(field: str) -> str:
    return html.unescape(field.replace("<br>", "\n"))
