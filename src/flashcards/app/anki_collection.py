"""Bring answers and dates into a collection of Anki's, whose own import leaves them out."""

from __future__ import annotations

import io
import shutil
import sqlite3
import time
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.core.messages import format_count
from flashcards.errors import FlashcardsError
from flashcards.importers.anki.collection import open_collection
from flashcards.importers.anki.schedule import CollectionCalendar
from flashcards.importers.base import ImportSource
from flashcards.storage.files import Content

COPY_ENDING = ".before-flashcards"
# Answers to a card within a second, 1000 milliseconds, are one.
LIST_ANSWERED_CARDS = """CREATE TEMP TABLE answered AS SELECT id FROM main.cards c
    WHERE (SELECT max(id) FROM back.revlog WHERE cid = c.id)
        >= coalesce((SELECT max(id) FROM main.revlog WHERE cid = c.id), 0) + 1000"""
ADD_ANSWERS = """INSERT OR IGNORE INTO main.revlog SELECT r.* FROM back.revlog r
    WHERE cid IN (SELECT id FROM main.cards) AND NOT EXISTS (
        SELECT 1 FROM main.revlog m WHERE m.cid = r.cid AND abs(m.id - r.id) < 1000)"""
UPDATE_CARDS = """UPDATE main.cards SET left = 0, did = iif(odid, odid, did), odid = 0, odue = 0, mod = :now,
    usn = -1, (type, queue, due, ivl, factor, reps, lapses, data) = (
        SELECT type, queue, due + :shift * (type = 2), ivl, factor, reps, lapses, data
        FROM back.cards b WHERE b.id = main.cards.id) WHERE id IN (SELECT id FROM answered)"""


def update_collection(path: Path, package: Content) -> str:
    """Bring the answers of a package of ours into a closed collection; return what to say of it.

    Raises FlashcardsError where Anki has it open, or it is none: nothing is changed.
    """
    if not path.is_file():
        raise FlashcardsError(f"{path}: no such collection. For a package of cards: -o FILE.apkg")
    copy = path.with_name(path.name + COPY_ENDING)
    data = package if isinstance(package, bytes) else b"".join(package)
    connection = sqlite3.connect(path, isolation_level=None, timeout=1)
    try:
        with TemporaryDirectory(prefix="flashcards-") as folder:
            back = Path(zipfile.ZipFile(io.BytesIO(data)).extract("collection.anki2", folder))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(path, copy)
            times = {"shift": (_first_day(back) - _first_day(copy)).days, "now": int(time.time())}
            connection.execute("ATTACH ? AS back", (str(back),))
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute(LIST_ANSWERED_CARDS)
            answers = connection.execute(ADD_ANSWERS).rowcount
            connection.execute(UPDATE_CARDS, times)
            connection.execute("UPDATE main.col SET mod = ?", (times["now"] * 1000,))
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise FlashcardsError(f"{path}: it cannot be changed ({error}). Close Anki, and try again.") from None
    finally:
        connection.close()
    return f"{path}: {format_count(answers, 'answer')} came in, with the dates. As it was: {copy}"


def _first_day(path: Path) -> date:
    with open_collection(path, ImportSource(path.name, b"")) as collection:
        return CollectionCalendar.from_collection(collection).first_day
