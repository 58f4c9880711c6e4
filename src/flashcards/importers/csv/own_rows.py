"""Read a row of our own CSV table."""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.core.cards import Note
from flashcards.core.csv_fields import CSV_COLUMNS, split_values
from flashcards.core.messages import format_count
from flashcards.importers.csv.rows import TableRow

BOOLEAN_VALUES = {"true": True, "false": False, "": None}


def read_own_row(names: Sequence[str], row: TableRow) -> tuple[str, Note | None, str]:
    """Return a row's deck and its note, or why it makes none."""
    if len(row.fields) < len(names):
        return "", None, f"it has {format_count(len(row.fields), 'field')}, but the header has {len(names)}"
    value = dict.fromkeys(CSV_COLUMNS, "") | dict(zip(names, row.fields, strict=False))
    if not value["front"].strip():
        return value["deck"], None, "its front is empty"
    note = Note(
        value["front"],
        value["back"],
        id=value["id"],
        tags=split_values(value["tags"]),
        reverse=_read_boolean(value["reverse"]),
        cloze=bool(_read_boolean(value["cloze"])),
        line=row.line,
        typed=_read_boolean(value["type"]),
        listed=_read_boolean(value["list"]),
        accept=split_values(value["accept"]),
        choices=split_values(value["choices"]),
        lenient=None if not value["lenient"] else _read_leniency(value["lenient"]),
        hint=value["hint"],
        remark=value["note"],
    )
    return value["deck"], note, ""


def _read_boolean(text: str) -> bool | None:
    return BOOLEAN_VALUES.get(text.strip().casefold())


def _read_leniency(text: str) -> tuple[str, ...]:
    return () if text.strip() == "none" else split_values(text)
