"""Anki packages: notes, media, and where every card stands, with all of its answers."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.exporters.anki import schema
from flashcards.exporters.anki.collection import Packing
from flashcards.exporters.base import Leaving

TITLE = "Anki package"
ENDINGS: tuple[str, ...] = (".apkg",)
TEXT = False
HISTORY = True
NAME = "flashcards"


def write(leaving: Leaving) -> Mapping[str, bytes]:
    """Return the package."""
    with TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder, "collection")
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript(schema.TABLES)
            connection.execute("BEGIN")
            Packing(leaving, connection).pack()
            connection.execute("COMMIT")
            connection.executescript(schema.INDEXES)
        finally:
            connection.close()
        return {_named(leaving): _zipped(path.read_bytes(), leaving.media)}


def _named(leaving: Leaving) -> str:
    return leaving.decks[0].name if len(leaving.decks) == 1 else NAME


def _zipped(collection: bytes, media: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        for number, name in enumerate(media):
            archive.writestr(str(number), media[name])
        archive.writestr("media", json.dumps({str(i): name for i, name in enumerate(media)}))
    return packed.getvalue()
