"""Write answers and dates into an Anki collection, which Anki's import leaves out."""

import io
import shutil
import sqlite3
import time
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.core.format_count import format_count
from flashcards.errors import FlashcardsError
from flashcards.importers.anki.collection_tables import open_collection
from flashcards.importers.anki.schedule import CollectionCalendar
from flashcards.importers.base import ImportSource
from flashcards.storage.files import Content

COPY_ENDING = ".before-flashcards"
# Answers to a card within a second (revlog ids are in ms) are the same answer.
LIST_ANSWERS = """CREATE TEMP TABLE answer AS SELECT r.* FROM back.revlog r
    WHERE cid IN (SELECT id FROM main.cards) AND NOT EXISTS (
        SELECT 1 FROM main.revlog m WHERE m.cid = r.cid AND abs(m.id - r.id) < 1000)"""
LIST_CHANGED = """CREATE TEMP TABLE changed AS SELECT c.id,
        coalesce((SELECT max(id) FROM back.revlog WHERE cid = c.id), 0)
            >= coalesce((SELECT max(id) FROM main.revlog WHERE cid = c.id), 0) + 1000 AS is_answered,
        b.type = c.type AND (b.type = 0
            OR (b.due + :shift, b.ivl) = (iif(c.odue, c.odue, c.due), c.ivl)) AS has_same_date,
        (b.queue = -1) <> (c.queue = -1) AS is_other_suspended,
        (SELECT count() FROM answer WHERE cid = c.id) AS answers
    FROM main.cards c JOIN back.cards b USING (id) WHERE is_answered OR (b.mod > c.mod AND b.mod < :made)"""
NEW_DATA = """coalesce(nullif(json_patch(
    json_remove(iif(json_valid(c.data), c.data, '{}'), '$.s', '$.d', '$.dr', '$.decay', '$.lrt'),
    iif(b.data = '', '{}', b.data)), '{}'), '')"""
UPDATE_DATES = f"""UPDATE main.cards AS c SET left = 0, did = iif(odid, odid, did), odid = 0, odue = 0,
    mod = :now, usn = -1, (type, queue, due, ivl, factor, lapses, reps, data) = (
        SELECT b.type, b.queue, b.due + :shift * (b.type = 2), b.ivl, b.factor, b.lapses, c.reps + answers,
            iif(is_answered OR b.type = 0, {NEW_DATA}, c.data)
        FROM back.cards b JOIN changed USING (id) WHERE b.id = c.id)
    WHERE id IN (SELECT id FROM changed WHERE is_answered OR NOT has_same_date)"""  # noqa: S608 (all our own)
UPDATE_SUSPENDED = """UPDATE main.cards AS c SET queue = iif(queue = -1, type, -1), mod = :now, usn = -1
    WHERE id IN (SELECT id FROM changed WHERE NOT is_answered AND has_same_date AND is_other_suspended)"""
UNKNOWN_CARDS = "SELECT count() FROM back.cards WHERE id NOT IN (SELECT id FROM main.cards)"


def update_collection(path: Path, package: Content) -> str:
    """Write a package's answers into a closed collection; return a message.

    Raises FlashcardsError if Anki has it open, or it is no collection; then nothing is changed.
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
            (times["made"],) = connection.execute("SELECT mod / 1000 FROM back.col").fetchone()
            connection.execute(LIST_ANSWERS)
            connection.execute("CREATE INDEX temp.answer_cid ON answer (cid)")
            connection.execute(LIST_CHANGED, times)
            answers = _add_answers(connection)
            cards = sum(connection.execute(sql, times).rowcount for sql in (UPDATE_DATES, UPDATE_SUSPENDED))
            (unknown,) = connection.execute(UNKNOWN_CARDS).fetchone()
            if answers or cards:
                connection.execute("UPDATE main.col SET mod = ?", (times["now"] * 1000,))
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise FlashcardsError(f"{path}: it cannot be changed ({error}). Close Anki, and try again.") from None
    finally:
        connection.close()
    told = f"{path}: {format_count(answers, 'answer')} came in, {format_count(cards, 'card')} changed."
    if unknown:
        told += f" Left out: {format_count(unknown, 'card')} not in it; for those -o FILE.apkg."
    return f"{told} As it was: {copy}"


def _add_answers(connection: sqlite3.Connection) -> int:
    """Add the missing answers, each at the first free millisecond; return their number."""
    answers = connection.execute("SELECT * FROM answer").fetchall()
    for number, *rest in answers:
        while connection.execute("SELECT 1 FROM main.revlog WHERE id = ?", (number,)).fetchone():
            number += 1  # noqa: PLW2901 (the row's own number, moved)
        connection.execute("INSERT INTO main.revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *rest))
    return len(answers)


def _first_day(path: Path) -> date:
    with open_collection(path, ImportSource(path.name, b"")) as collection:
        return CollectionCalendar.from_collection(collection).first_day
