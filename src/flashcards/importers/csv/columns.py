"""What the columns of a table are: as its header says, as its first row says, or as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flashcards.core.csv_fields import COLUMNS
from flashcards.importers.csv.rows import NAMES

ROLES = {
    "front": "front question term word prompt q vorderseite frage recto pregunta phrase expression",
    "back": "back answer definition meaning translation a response rückseite antwort verso réponse "
    "respuesta",
    "cloze": "cloze text sentence",
    "tags": "tags tag labels label categories category",
    "id": "id guid uid uuid",
    "deck": "deck set subject",
    "notetype": "notetype model",
    "reverse": "reverse reversed both-ways",
}
ROLE = {name: role for role, names in ROLES.items() for name in names.split()}
ROLE["back extra"] = "back"
OURS = frozenset({"id", "deck", "front", "back", "cloze"})
"""Columns that our own table has in any case, whatever a spreadsheet took out or moved."""
KNOWN = frozenset({
    "separator", "html", "tags", "columns", "notetype", "deck", "guid column", "notetype column",
    "deck column", "tags column", "if matches", "allow html",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The lines above a table that Anki writes, by their names; and how many lines they are."""

    said: Mapping[str, str] = field(default_factory=dict)
    lines: int = 0

    @property
    def separator(self) -> str:
        """Return what parts fields; "" when it is not said, or what is said parts nothing."""
        value = self.said.get("separator", "")
        return NAMES.get(value.strip().casefold(), value if len(value) == 1 else "")

    @property
    def html(self) -> bool | None:
        """Tell whether fields are HTML; None when it is not said."""
        value = self.said.get("html", self.said.get("allow html"))
        return None if value is None else value.strip().casefold() == "true"

    def place(self, name: str) -> int | None:
        """Return the place (from 0) of the column that is named by its number."""
        value = self.said.get(f"{name} column", "").strip()
        return int(value) - 1 if value.isdecimal() and 0 < int(value) < 10_000 else None


def settings(text: str) -> Settings:
    """Read the lines above a table that set something; others that begin with # are passed."""
    said: dict[str, str] = {}
    count = 0
    lines = text.removeprefix("\ufeff")[: 1 << 16].split("\n")
    for number, line in enumerate(lines, 1):
        name, colon, value = line.removesuffix("\r").partition(":")
        marked = line.startswith("#")
        if not marked and not (number == 1 and name == "tags" and colon):
            break
        name = name.removeprefix("#").strip().casefold()
        if colon and name in KNOWN:
            said.setdefault(name, value.removeprefix(" ") or value)
            count = number
    return Settings(said, count)


@dataclass(frozen=True, slots=True)
class Layout:
    """The role of each column: one of ROLES, "more" (with its name), or "" for one left out."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    ours: bool = False
    header: bool = False
    """Whether the first row is the names of the columns."""

    def places(self, role: str) -> list[int]:
        """Return the columns of a role."""
        return [place for place, found in enumerate(self.roles) if found == role]


def layout(said: Settings, first: Sequence[str], *, header: bool | None = None) -> Layout:
    """Return the layout of a table from its settings and its first row.

    `header` says whether that row is names; None leaves it to the names that are known.
    """
    names = [name.strip() for name in first]
    if len(names) > 1:
        names[0] = names[0].lstrip("# ")
    own = tuple(name.casefold() for name in names)
    if header is not False and OURS <= set(own) <= set(COLUMNS):
        return Layout(own, own, ours=True, header=True)
    fixed = {said.place(role): role for role in ("notetype", "deck", "tags")}
    fixed[said.place("guid")] = "id"
    roles = _named(names)
    if header is None:
        header = _speaks(roles)
    if not header:
        columns = said.said.get("columns", "")
        names = [name.strip() for name in columns.split(said.separator or "\t")] if columns else []
        names += [""] * (len(first) - len(names))
        roles = _named(names)
    roles = [fixed.get(place, role) for place, role in enumerate(roles)]
    return Layout(tuple(_completed(roles)), tuple(names), header=header)


def names_columns(first: Sequence[str]) -> bool:
    """Tell whether a row is the names of columns: a front and a back among them, or a cloze."""
    return _speaks(_named([name.strip().lstrip("# ") for name in first]))


def _named(names: Sequence[str]) -> list[str]:
    """Return the role of each name; the first of a role has it."""
    roles = list[str]()
    for name in names:
        role = ROLE.get(name.casefold(), "more")
        roles.append("more" if role in roles else role)
    return roles


def _speaks(roles: Sequence[str]) -> bool:
    return ("front" in roles and "back" in roles) or ("cloze" in roles and len(roles) > 1)


def _completed(roles: list[str]) -> list[str]:
    """Give the front and the back to the first columns that nothing else is in."""
    if "cloze" in roles and "front" not in roles:
        return roles
    for role in ("front", "back"):
        if role not in roles and "more" in roles:
            roles[roles.index("more")] = role
    return roles
