"""Export an Anki package with history and media."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.exporters.anki import schema
from flashcards.exporters.anki.collection import CollectionWriter
from flashcards.exporters.base import ExportJob

TITLE = "Anki package"
EXTENSIONS: tuple[str, ...] = (".apkg", ".anki2")
ALLOWS_STDOUT = False
INCLUDES_HISTORY = True
DEFAULT_NAME = "flashcards"


def render_files(job: ExportJob) -> Mapping[str, bytes]:
    """Return the package."""
    with TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder, "collection")
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript(schema.CREATE_TABLES)
            connection.execute("BEGIN")
            CollectionWriter(job, connection).write_all()
            connection.execute("COMMIT")
            connection.executescript(schema.CREATE_INDEXES)
        finally:
            connection.close()
        name = job.decks[0].name if len(job.decks) == 1 else DEFAULT_NAME
        return {name: _zip_package(path, job.media)}


def _zip_package(collection: Path, media: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.write(collection, "collection.anki2")
        for number, name in enumerate(media):
            archive.writestr(str(number), media[name])
        archive.writestr("media", json.dumps({str(i): name for i, name in enumerate(media)}))
    return packed.getvalue()
