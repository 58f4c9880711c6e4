"""Read a row of our own CSV table."""

from collections.abc import Sequence

from flashcards.core.cards import Note
from flashcards.core.format_count import format_count
from flashcards.core.own_csv_columns import CSV_COLUMNS, split_values
from flashcards.importers.csv.split_rows import TableRow
from flashcards.importers.hashcards_metadata import NoteMetadata

BOOLEAN_VALUES = {"true": True, "false": False, "": None}


def read_own_row(names: Sequence[str], row: TableRow) -> tuple[str, Note | str]:
    """Return a row's deck, and its note, or why there is none."""
    if len(row.fields) < len(names):
        return "", f"it has {format_count(len(row.fields), 'field')}, but the header has {len(names)}"
    value = dict.fromkeys(CSV_COLUMNS, "") | dict(zip(names, row.fields, strict=False))
    if not value["front"].strip():
        return value["deck"], "its front is empty"
    metadata = NoteMetadata(
        value
        | {name: _read_boolean(value[name]) for name in ("reverse", "type", "list")}
        | {name: [*split_values(value[name])] for name in ("tags", "accept", "choices")}
        | {"lenient": [*split_values(value["lenient"].replace("none", ""))] if value["lenient"] else None}
    )
    is_cloze = bool(_read_boolean(value["cloze"]))
    return value["deck"], metadata.make_note(value["front"], value["back"], row.line, cloze=is_cloze)


def _read_boolean(text: str) -> bool | None:
    return BOOLEAN_VALUES.get(text.strip().casefold())
