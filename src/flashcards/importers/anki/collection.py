"""The tables of an Anki collection, read as what they are: a stranger's SQLite file.

It is opened read-only, only plain tables are read, and nothing that its schema says may run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashcards.importers.anki import protobuf
from flashcards.importers.anki.package import DamagedError
from flashcards.importers.shared.sqlite_guard import guard

TABLES = frozenset(
    {"col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "config"}
)
NEEDED = frozenset({"col", "notes", "cards"})
CLOZE = 1
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class NoteType:
    """What the fields of a note are called, and the templates that make its cards."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    """(name, question, answer) of each."""
    cloze: bool


@dataclass(slots=True)
class Collection:
    """An open collection: what is said once in it, and rows on demand."""

    connection: sqlite3.Connection
    created: int = 0
    """Seconds since 1970."""
    types: dict[int, NoteType] = field(default_factory=dict)
    decks: dict[int, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    """HTML, by the name of the deck."""
    settings: dict[str, Any] = field(default_factory=dict)

    def rows(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a query of ours."""
        return iter(self.connection.execute(sql))


@contextmanager
def opened(path: Path, name: str) -> Iterator[Collection]:
    """Open a collection file. Raises DamagedError for one that is none, or is not plain tables."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise _damaged(name, error) from error
    try:
        guard(connection, TABLES, NEEDED)
        yield _described(connection)
    except (sqlite3.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(name, error) from error
    finally:
        connection.close()


def _damaged(name: str, error: object) -> DamagedError:
    return DamagedError(
        f"{name}: the collection in it cannot be read ({error}). "
        "Let Anki check it (Tools, Check Database), and export it anew."
    )


def _described(connection: sqlite3.Connection) -> Collection:
    row = connection.execute("SELECT crt, ver, conf, models, decks FROM col").fetchone()
    if row is None:
        raise ValueError("it is empty")
    created, _, conf, models, decks = row
    collection = Collection(connection, int(created))
    if models:
        collection.types = dict(_old_types(_json(models)))
        for deck, said in _json(decks).items():
            name = collection.decks[int(deck)] = str(said.get("name", ""))
            collection.descriptions[name] = str(said.get("desc") or "")
        collection.settings = _json(conf)
    else:
        collection.types = dict(_new_types(connection))
        for deck, name, kind in connection.execute("SELECT id, name, kind FROM decks"):
            named = collection.decks[int(deck)] = str(name).replace("\x1f", "::")
            collection.descriptions[named] = _description(bytes(kind))
        for key, value in connection.execute("SELECT key, val FROM config"):
            with suppress(ValueError, RecursionError):
                collection.settings[str(key)] = json.loads(value)
    return collection


def _description(kind: bytes) -> str:
    """Return what is said of a deck, in the fourth field of a normal one."""
    normal = dict(protobuf.fields(kind)).get(1, b"")
    return (
        protobuf.text(dict(protobuf.fields(normal)).get(4, b""))
        if isinstance(normal, bytes)
        else ""
    )


def _json(text: str) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}


def _old_types(models: dict[str, Any]) -> Iterator[tuple[int, NoteType]]:
    """Yield the note types of collections before 2021: one JSON text."""
    for number, model in models.items():
        fields = sorted(model["flds"], key=lambda field: int(field.get("ord", 0)))
        templates = sorted(model["tmpls"], key=lambda template: int(template.get("ord", 0)))
        yield (
            int(number),
            NoteType(
                str(model["name"]),
                tuple(str(field["name"]) for field in fields),
                tuple((str(t["name"]), str(t["qfmt"]), str(t["afmt"])) for t in templates),
                cloze=model.get("type") == CLOZE,
            ),
        )


def _new_types(connection: sqlite3.Connection) -> Iterator[tuple[int, NoteType]]:
    """Yield the note types of today's collections: tables, with small messages in them."""
    fields: dict[int, list[str]] = {}
    templates: dict[int, list[tuple[str, str, str]]] = {}
    for kind, name in connection.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(kind, []).append(str(name))
    rows = connection.execute("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")
    for kind, name, config in rows:
        said = dict(protobuf.fields(bytes(config)))
        sides = protobuf.text(said.get(1, b"")), protobuf.text(said.get(2, b""))
        templates.setdefault(kind, []).append((str(name), *sides))
    for kind, name, config in connection.execute("SELECT id, name, config FROM notetypes"):
        cloze = dict(protobuf.fields(bytes(config))).get(1, 0) == CLOZE
        own = tuple(templates.get(kind, ()))
        yield kind, NoteType(str(name), tuple(fields.get(kind, ())), own, cloze=cloze)
