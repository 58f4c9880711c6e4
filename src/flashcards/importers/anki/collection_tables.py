"""Read an Anki collection's SQLite tables safely.

It is opened read-only, only plain tables are read, and nothing in its schema can run.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashcards.errors import FlashcardsError
from flashcards.importers.anki import protobuf
from flashcards.importers.base import ImportSource
from flashcards.importers.shared.sqlite_guard import open_copy

READABLE_TABLES = frozenset(
    {"col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "config", "deck_config"}
)
REQUIRED_TABLES = frozenset({"col", "notes", "cards"})
TEMPLATE_SIDES = ("qfmt", "afmt", "bqfmt", "bafmt")
NOTE_TYPE_TEXTS = {3: "css", 5: "latexPre", 6: "latexPost"}
SqliteRow = tuple[Any, ...]


@dataclass(slots=True)
class AnkiCollection:
    """An open collection: its metadata, and rows on demand."""

    connection: sqlite3.Connection
    created_seconds: int = 0  # seconds since 1970
    models: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Note types by id, in the JSON of collections before 2021."""
    deck_names: dict[int, str] = field(default_factory=dict)
    deck_descriptions: dict[str, str] = field(default_factory=dict)  # HTML by deck name
    settings: dict[str, Any] = field(default_factory=dict)


@contextmanager
def open_collection(path: Path, source: ImportSource) -> Iterator[AnkiCollection]:
    """Open a collection, unpacked to `path` or a source itself. Raises FlashcardsError."""
    try:
        with open_copy(source, path, READABLE_TABLES, REQUIRED_TABLES) as connection:
            yield _read_collection(connection)
    except (sqlite3.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FlashcardsError(
            f"{source.name}: the collection in it cannot be read ({error}). "
            "In Anki, run Tools, Check Database, and export it again."
        ) from error


def _read_collection(connection: sqlite3.Connection) -> AnkiCollection:
    row = connection.execute("SELECT crt, ver, conf, models, decks FROM col").fetchone()
    if row is None:
        raise ValueError("it is empty")
    created, _, conf, models, decks = row
    collection = AnkiCollection(connection, int(created))
    if models:
        collection.models = {int(number): model for number, model in _json_object(models).items()}
        for deck, said in _json_object(decks).items():
            name = collection.deck_names[int(deck)] = str(said.get("name", ""))
            collection.deck_descriptions[name] = str(said.get("desc") or "")
        collection.settings = _json_object(conf)
    else:
        collection.models = {model["id"]: model for model in _models_from_tables(connection)}
        for deck, name, kind in connection.execute("SELECT id, name, kind FROM decks"):
            named = collection.deck_names[int(deck)] = str(name).replace("\x1f", "::")
            collection.deck_descriptions[named] = _deck_description(bytes(kind))
    with suppress(sqlite3.OperationalError):  # older collections have no such table
        for key, value in connection.execute("SELECT key, val FROM config").fetchall():
            with suppress(ValueError, RecursionError):
                collection.settings[str(key)] = json.loads(value)
    return collection


def _deck_description(kind: bytes) -> str:
    """Return a normal deck's description, its field 4."""
    normal = dict(protobuf.read_fields(kind)).get(1, b"")
    return protobuf.field_text(_message(normal).get(4, b""))


def _json_object(text: str) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}


def _models_from_tables(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Yield the note types of new collections in the old JSON form."""
    fields: dict[int, list[dict[str, Any]]] = {}
    templates: dict[int, list[dict[str, Any]]] = {}
    for kind, name, config in connection.execute("SELECT ntid, name, config FROM fields ORDER BY ntid, ord"):
        said = _message(config)
        own = fields.setdefault(kind, [])
        font = protobuf.field_text(said.get(3, b"")) or "Arial"
        flags = {"sticky": bool(said.get(1)), "rtl": bool(said.get(2))}
        own.append({"name": str(name), "ord": len(own), "font": font, "size": said.get(4, 20), **flags})
    for kind, name, config in connection.execute(
        "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"
    ):
        said = _message(config)
        sides = {side: protobuf.field_text(said.get(n, b"")) for n, side in enumerate(TEMPLATE_SIDES, 1)}
        known = templates.setdefault(kind, [])
        known.append({"name": str(name), "ord": len(known), "did": None, **sides})
    for kind, name, modified, config in connection.execute(
        "SELECT id, name, mtime_secs, config FROM notetypes"
    ):
        said = _message(config)
        texts = {key: protobuf.field_text(said.get(n, b"")) for n, key in NOTE_TYPE_TEXTS.items()}
        yield {
            "id": kind, "name": str(name), "type": said.get(1, 0), "mod": modified, "usn": -1, "did": None,
            "sortf": said.get(2, 0), "flds": fields.get(kind, []), "tmpls": templates.get(kind, []), **texts,
            "latexsvg": bool(said.get(7)), "req": [], "tags": [], "vers": [],
        }  # fmt: skip


def _message(config: object) -> dict[int, Any]:
    return dict(protobuf.read_fields(bytes(config))) if isinstance(config, bytes) else {}
