"""A row of our own table, taken to the letter."""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.core.cards import Note
from flashcards.core.csv_fields import COLUMNS, parted
from flashcards.importers.csv.rows import Row

SWITCH = {"true": True, "false": False, "": None}


def own_note(names: Sequence[str], row: Row) -> tuple[str, Note | None, str]:
    """Return a row's deck and its note, or why it makes none."""
    if len(row.fields) < len(names):
        return "", None, f"it has {len(row.fields)} fields, and the first row names {len(names)}"
    value = dict.fromkeys(COLUMNS, "") | dict(zip(names, row.fields, strict=False))
    if not value["front"].strip():
        return value["deck"], None, "its front is empty"
    note = Note(
        value["front"],
        value["back"],
        id=value["id"],
        tags=parted(value["tags"]),
        reverse=_switch(value["reverse"]),
        cloze=bool(_switch(value["cloze"])),
        line=row.line,
        typed=_switch(value["type"]),
        listed=_switch(value["list"]),
        accept=parted(value["accept"]),
        choices=parted(value["choices"]),
        lenient=None if not value["lenient"] else _lenient(value["lenient"]),
    )
    return value["deck"], note, ""


def _switch(text: str) -> bool | None:
    return SWITCH.get(text.strip().casefold())


def _lenient(text: str) -> tuple[str, ...]:
    return () if text.strip() == "none" else parted(text)
