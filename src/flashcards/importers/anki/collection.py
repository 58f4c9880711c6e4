"""Read an Anki collection's SQLite tables safely.

It is opened read-only, only plain tables are read, and nothing that its schema says may run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashcards.importers.anki import protobuf
from flashcards.importers.anki.package import DamagedPackageError
from flashcards.importers.shared.sqlite_guard import guard_connection

READABLE_TABLES = frozenset(
    {"col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "config", "deck_config"}
)
REQUIRED_TABLES = frozenset({"col", "notes", "cards"})
CLOZE_KIND = 1
SqliteRow = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CollectionNoteType:
    """What the fields of a note are called, and the templates that make its cards."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    """(name, question, answer) of each."""
    is_cloze: bool
    css: str = ""


@dataclass(slots=True)
class AnkiCollection:
    """An open collection: what is said once in it, and rows on demand."""

    connection: sqlite3.Connection
    created_seconds: int = 0
    """Seconds since 1970."""
    note_types: dict[int, CollectionNoteType] = field(default_factory=dict)
    deck_names: dict[int, str] = field(default_factory=dict)
    deck_descriptions: dict[str, str] = field(default_factory=dict)
    """HTML, by the name of the deck."""
    settings: dict[str, Any] = field(default_factory=dict)

    def query_rows(self, sql: str) -> Iterator[SqliteRow]:
        """Yield the rows of a query of ours."""
        return iter(self.connection.execute(sql))


@contextmanager
def open_collection(path: Path, name: str) -> Iterator[AnkiCollection]:
    """Open a collection file. Raises DamagedError for one that is none, or is not plain tables."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise _damaged_error(name, error) from error
    try:
        guard_connection(connection, READABLE_TABLES, REQUIRED_TABLES)
        yield _read_collection(connection)
    except (sqlite3.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged_error(name, error) from error
    finally:
        connection.close()


def _damaged_error(name: str, error: object) -> DamagedPackageError:
    return DamagedPackageError(
        f"{name}: the collection in it cannot be read ({error}). "
        "In Anki, run Tools, Check Database, and export it again."
    )


def _read_collection(connection: sqlite3.Connection) -> AnkiCollection:
    row = connection.execute("SELECT crt, ver, conf, models, decks FROM col").fetchone()
    if row is None:
        raise ValueError("it is empty")
    created, _, conf, models, decks = row
    collection = AnkiCollection(connection, int(created))
    if models:
        kinds = _json_object(models).items()
        collection.note_types = {int(number): note_type_from_json(model) for number, model in kinds}
        for deck, said in _json_object(decks).items():
            name = collection.deck_names[int(deck)] = str(said.get("name", ""))
            collection.deck_descriptions[name] = str(said.get("desc") or "")
        collection.settings = _json_object(conf)
    else:
        collection.note_types = dict(_note_types_from_tables(connection))
        for deck, name, kind in connection.execute("SELECT id, name, kind FROM decks"):
            named = collection.deck_names[int(deck)] = str(name).replace("\x1f", "::")
            collection.deck_descriptions[named] = _deck_description(bytes(kind))
        for key, value in connection.execute("SELECT key, val FROM config"):
            with suppress(ValueError, RecursionError):
                collection.settings[str(key)] = json.loads(value)
    return collection


def _deck_description(kind: bytes) -> str:
    """Return what is said of a deck, in the fourth field of a normal one."""
    normal = dict(protobuf.read_fields(kind)).get(1, b"")
    return (
        protobuf.field_text(dict(protobuf.read_fields(normal)).get(4, b""))
        if isinstance(normal, bytes)
        else ""
    )


def _json_object(text: str) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}


def note_type_from_json(model: Mapping[str, Any]) -> CollectionNoteType:
    """Return a note type as collections before 2021 spell it, and CrowdAnki. Raises KeyError."""
    fields = sorted(model["flds"], key=lambda field: int(field.get("ord", 0)))
    templates = sorted(model["tmpls"], key=lambda template: int(template.get("ord", 0)))
    return CollectionNoteType(
        str(model["name"]),
        tuple(str(field["name"]) for field in fields),
        tuple((str(t["name"]), str(t["qfmt"]), str(t["afmt"])) for t in templates),
        is_cloze=model.get("type") == CLOZE_KIND,
        css=str(model.get("css", "")),
    )


def _note_types_from_tables(connection: sqlite3.Connection) -> Iterator[tuple[int, CollectionNoteType]]:
    """Yield the note types of today's collections: tables, with small messages in them."""
    fields: dict[int, list[str]] = {}
    templates: dict[int, list[tuple[str, str, str]]] = {}
    for kind, name in connection.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(kind, []).append(str(name))
    rows = connection.execute("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")
    for kind, name, config in rows:
        said = dict(protobuf.read_fields(bytes(config)))
        sides = protobuf.field_text(said.get(1, b"")), protobuf.field_text(said.get(2, b""))
        templates.setdefault(kind, []).append((str(name), *sides))
    for kind, name, config in connection.execute("SELECT id, name, config FROM notetypes"):
        said = dict(protobuf.read_fields(bytes(config)))
        is_cloze, css = said.get(1, 0) == CLOZE_KIND, protobuf.field_text(said.get(3, b""))
        own = tuple(fields.get(kind, ())), tuple(templates.get(kind, ()))
        yield (kind, CollectionNoteType(str(name), *own, is_cloze=is_cloze, css=css))
