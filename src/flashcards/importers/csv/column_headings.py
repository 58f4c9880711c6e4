"""Detect the roles of a table's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flashcards.core.own_csv_columns import CSV_COLUMNS
from flashcards.importers.csv.split_rows import SEPARATOR_NAMES

ROLE_NAMES = {
    "front": "front question term word prompt q vorderseite frage recto pregunta phrase expression",
    "back": "back answer definition meaning translation a response rückseite antwort verso réponse respuesta",
    "cloze": "cloze text sentence",
    "tags": "tags tag labels label categories category",
    "id": "id guid uid uuid",
    "deck": "deck set subject",
    "notetype": "notetype model",
    "reverse": "reverse reversed both-ways",
}
ROLE_BY_NAME = {name: role for role, names in ROLE_NAMES.items() for name in names.split()}
ROLE_BY_NAME["back extra"] = "back"
SURE_NAMES = frozenset({"tags", "guid", "deck", "id"})  # any of these makes a row a header
OWN_COLUMNS = frozenset({"id", "deck", "front", "back", "cloze"})
"""Columns of our own table, whatever else a spreadsheet removed or moved."""
KNOWN_SETTINGS = frozenset({
    "separator", "html", "tags", "columns", "notetype", "deck", "guid column", "notetype column",
    "deck column", "tags column", "if matches", "allow html",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Anki's settings above a table, and their number of lines."""

    values: Mapping[str, str] = field(default_factory=dict)
    line_count: int = 0

    @property
    def separator(self) -> str:
        """The field separator, or ""."""
        value = self.values.get("separator", "")
        return SEPARATOR_NAMES.get(value.strip().casefold(), value if len(value) == 1 else "")

    @property
    def is_html(self) -> bool | None:
        """Whether fields are HTML; None if not set."""
        value = self.values.get("html", self.values.get("allow html"))
        return None if value is None else value.strip().casefold() == "true"

    def column_index(self, name: str) -> int | None:
        """Return the index of a column that is set by number."""
        value = self.values.get(f"{name} column", "").strip()
        return int(value) - 1 if value.isdecimal() and 0 < int(value) < 10_000 else None


def read_settings(text: str) -> TableSettings:
    """Read the settings above a table; other # lines are skipped."""
    values: dict[str, str] = {}
    count = 0
    lines = text.removeprefix("\ufeff")[: 1 << 16].split("\n")
    for number, written in enumerate(lines, 1):
        line = written.removesuffix("\r")
        if written.startswith('"#'):  # a spreadsheet quoted the line
            line = line[1:].replace('"', "", 1)
        name, colon, value = line.partition(":")
        is_setting = line.startswith("#")
        if not is_setting and not (number == 1 and name == "tags" and colon):
            break
        name = name.removeprefix("#").strip().casefold()
        if colon and name in KNOWN_SETTINGS:
            # A spreadsheet pads the line with empty cells.
            values.setdefault(name, (value.removeprefix(" ") or value).rstrip(",;\t") or value[:1])
            count = number
    return TableSettings(values, count)


class TableLayout(NamedTuple):
    """The role of each column: a known one, "more" or ""."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    is_own_table: bool = False
    has_header: bool = False


def table_layout(
    table_settings: TableSettings, first_row: Sequence[str], *, has_header: bool | None = None
) -> TableLayout:
    """Return a table's layout from its settings and first row.

    `has_header` tells whether that row has names; None decides by known names.
    """
    names = [name.strip() for name in first_row]
    if len(names) > 1:
        names[0] = names[0].lstrip("# ")
    own = tuple(name.casefold() for name in names)
    if has_header is not False and OWN_COLUMNS <= set(own) <= set(CSV_COLUMNS):
        return TableLayout(own, own, is_own_table=True, has_header=True)
    fixed = {table_settings.column_index(role): role for role in ("notetype", "deck", "tags")}
    fixed[table_settings.column_index("guid")] = "id"
    roles = _roles_of_names(names)
    if has_header is None:
        has_header = _has_required_roles(roles) or _names_more_columns(names, roles)
    if not has_header:
        columns = table_settings.values.get("columns", "")
        names = [name.strip() for name in columns.split(table_settings.separator or "\t")] if columns else []
        names += [""] * (len(first_row) - len(names))
        roles = _roles_of_names(names)
    roles = [fixed.get(place, role) for place, role in enumerate(roles)]
    return TableLayout(tuple(_fill_missing_roles(roles)), tuple(names), has_header=has_header)


def is_header_row(first_row: Sequence[str]) -> bool:
    """Tell whether a row has column names: front and back, or cloze."""
    names = [name.strip().lstrip("# ") for name in first_row]
    return _has_required_roles(roles := _roles_of_names(names)) or _names_more_columns(names, roles)


def _roles_of_names(names: Sequence[str]) -> list[str]:
    """Return the role of each name; later ones of a role are "more"."""
    roles = list[str]()
    for name in names:
        role = ROLE_BY_NAME.get(name.casefold(), "more")
        roles.append("more" if role in roles else role)
    return roles


def _has_required_roles(roles: Sequence[str]) -> bool:
    return ("front" in roles and "back" in roles) or ("cloze" in roles and len(roles) > 1)


def _names_more_columns(names: Sequence[str], roles: Sequence[str]) -> bool:
    """Recognise names by a sure one, in the third column or beside another."""
    sure = [place for place, name in enumerate(names) if name.casefold() in SURE_NAMES]
    return len(names) > 2 and any(place > 1 or sum(role != "more" for role in roles) > 1 for place in sure)


def _fill_missing_roles(roles: list[str]) -> list[str]:
    """Make the first columns without a role front and back."""
    if "cloze" in roles and "front" not in roles:
        return roles
    for role in ("front", "back"):
        if role not in roles and "more" in roles:
            roles[roles.index("more")] = role
    return roles
