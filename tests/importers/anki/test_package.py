"""Packages broken by accident or on purpose: a message, or what is sound of them; nothing else."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard

from anki_collections import packed
from factories import NOON
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.errors import FlashcardsError
from flashcards.exporters.anki import package as exporters_anki
from flashcards.exporters.base import ExportJob
from flashcards.importers.anki import import_collection as anki
from flashcards.importers.base import ImportResult, ImportSource

DECK = Deck("D", (Note("front", "back"), Note("**two**", "b", reverse=True)))
Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """Return the files of a sound package."""
    leaving = ExportJob((DECK,), lambda _: (), NOON, media={"a.png": b"picture"})
    (data,) = exporters_anki.render_files(leaving).values()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files) -> bytes:
    packed_ = io.BytesIO()
    with zipfile.ZipFile(packed_, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed_.getvalue()


def read(data: bytes) -> ImportResult:
    source = ImportSource("x.apkg", data)
    anki.recognises(source)
    return anki.read_source(source)


def fronts(found: ImportResult) -> list[str]:
    return [n.note.front for deck in found.decks for n in deck.notes]


def changed(files: Files, folder: Path, *statements: str) -> bytes:
    """Return the package with statements run on its collection."""
    path = folder / "changed"
    path.write_bytes(files["collection.anki2"])
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return zipped({**files, "collection.anki2": path.read_bytes()})


def test_a_sound_package_is_read(files: Files) -> None:
    """The package that the others are broken from is sound."""
    found = read(zipped(files))
    assert fronts(found) == ["front", "**two**"]
    assert dict(found.media) == {"a.png": b"picture"}


def test_a_torn_package_is_a_message(files: Files) -> None:
    """Cut anywhere, a package is refused in one sentence that says how to mend it."""
    data = zipped(files)
    for cut in range(0, len(data), 97):
        with pytest.raises(FlashcardsError, match=r"damaged|cannot be read|no Anki"):
            anki.read_source(ImportSource("x.apkg", data[:cut]))


def test_flipped_bytes_are_a_message_or_sound(files: Files) -> None:
    """A damaged collection never raises anything but a message."""
    rng = random.Random(3)
    for _ in range(150):
        data = bytearray(files["collection.anki2"])
        for _ in range(rng.randrange(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with suppress(FlashcardsError):
            read(zipped({**files, "collection.anki2": bytes(data)}))


SCHEMAS = {
    "a view": (
        "ALTER TABLE notes RENAME TO n",
        """CREATE VIEW notes AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)
        SELECT x AS id, 'g' AS guid, 1 AS mid, '' AS tags, hex(randomblob(9)) AS flds,
        '' AS data FROM r""",
    ),
    "a virtual table": (
        "DROP TABLE revlog",
        "CREATE VIRTUAL TABLE revlog USING fts5(id, cid, ease, time, type)",
    ),
    "a computed column": (
        "DROP TABLE revlog",
        """CREATE TABLE revlog (id, cid, time, type,
        ease AS (length(hex(zeroblob(100000000)))) VIRTUAL)""",
    ),
    "no cards": ("DROP TABLE cards",),
    "no columns": ("DROP TABLE notes", "CREATE TABLE notes (x)"),
    "an empty col": ("DELETE FROM col",),
    "deep json": (f"UPDATE col SET models = '{'[' * 50_000}'",),
    "models of numbers": ("UPDATE col SET models = '{\"1\": 2}'",),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_would_run_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    """Views, virtual tables and computed columns are no notes, however they are called."""
    with pytest.raises(FlashcardsError, match="cannot be read"):
        read(changed(files, tmp_path, *SCHEMAS[name]))


def test_triggers_and_indexes_do_no_harm(files: Files, tmp_path: Path) -> None:
    """What only a write would run is never run."""
    data = changed(
        files, tmp_path,
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM cards; END",
        "CREATE INDEX i ON notes (length(flds))",
    )  # fmt: skip
    assert fronts(read(data)) == ["front", "**two**"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cards SET due = 9223372036854775807, ivl = -5, factor = 3, type = 2, queue = 2",
        "UPDATE cards SET due = -9223372036854775808, odue = 4000000000000, type = 1, lapses = -1",
        "UPDATE cards SET ord = 400",
        "UPDATE cards SET ord = -1",
        "UPDATE cards SET type = 'x', due = 'later', ivl = x'00'",
        "UPDATE notes SET flds = x'ff1ffe', tags = x'80', guid = char(0) || '\x1b[31m'",
        "UPDATE notes SET guid = printf('%.5000c', 'g'), flds = char(31) || char(31)",
        "UPDATE notes SET mid = 7",
        "UPDATE notes SET data = '{\"flashcards\":1}'",
        "UPDATE cards SET nid = nid + 1",
        "UPDATE col SET crt = -99999999999999",
        "UPDATE col SET conf = '{\"creationOffset\": 1e99}'",
        "UPDATE col SET decks = '{}'",
        "INSERT INTO revlog SELECT 9e18 - id, id, 0, 4, 1, 1, 2500, -7, 1 FROM cards",
        "INSERT INTO revlog SELECT id, id, 0, 'four', 1, 1, 2500, 'x', 1 FROM cards",
    ],
)
def test_rows_that_make_no_sense(files: Files, tmp_path: Path, statement: str) -> None:
    """A row of nonsense costs at most that row, or is a message."""
    with suppress(FlashcardsError):
        found = read(changed(files, tmp_path, statement))
        assert fronts(found) or found.skipped or found.remarks


def test_bombs_are_refused_before_they_fill_the_disk(files: Files) -> None:
    """What unpacks to far more than it should is refused, whichever way it is packed."""
    zeros = b"\0" * (34 << 20)
    del files["collection.anki2"]
    for name, data in (
        ("collection.anki21", zeros),
        ("collection.anki21b", zstandard.compress(zeros)),
    ):
        with pytest.raises(FlashcardsError, match=r"is too large|cannot be read|is damaged"):
            read(zipped({**files, name: data}))
    bomb = zipped({"a": zeros})
    assert len(bomb) < len(zeros) / 500


MAPS: dict[str, tuple[object, dict[str, bytes]]] = {
    "traversal": ({"0": "../../etc/passwd"}, {"passwd": b"picture"}),
    "absolute": ({"0": "/etc/passwd"}, {"passwd": b"picture"}),
    "windows": ({"0": "C:\\x\\a.png"}, {"a.png": b"picture"}),
    "dots": ({"0": ".."}, {}),
    "hidden": ({"0": ".bashrc"}, {"bashrc": b"picture"}),
    "missing": ({"7": "a.png"}, {}),
    "a list": (["a.png"], {}),
    "no text": ({"0": {"a": 1}}, {"{'a' 1}": b"picture"}),
}


@pytest.mark.parametrize("name", MAPS)
def test_media_have_one_plain_name(files: Files, name: str) -> None:
    """Whatever the list of media says, a name is one component that stays in its folder."""
    said, expected = MAPS[name]
    found = read(zipped({**files, "media": json.dumps(said).encode()}))
    assert dict(found.media) == expected
    lost = isinstance(said, dict) and not expected
    assert found.remarks == (("Media files that are missing from the package: 1",) if lost else ())


def test_todays_list_of_media_is_read_and_may_be_torn(files: Files) -> None:
    """Packed lists are read by number; a torn one is a message."""
    entry = b"\n\x05a.png\x10\x07"
    today = {
        "collection.anki21b": zstandard.compress(files["collection.anki2"]),
        "0": zstandard.compress(b"picture"),
        "media": zstandard.compress(b"\n" + bytes([len(entry)]) + entry),
    }
    assert dict(read(zipped(today)).media) == {"a.png": b"picture"}
    for torn in (b"\n\x7f", b"\xff" * 20, b"\n", b"\x0b"):
        with pytest.raises(FlashcardsError, match="list of media"):
            read(zipped({**today, "media": zstandard.compress(torn)}))


def test_the_dummy_beside_a_newer_collection_is_not_read(files: Files, tmp_path: Path) -> None:
    """collection.anki2 counts only where nothing newer lies beside it."""
    dummy = changed(files, tmp_path, "DELETE FROM cards", "DELETE FROM notes")
    path = packed({}, tmp_path / "empty.zip")
    path.write_bytes(dummy)
    with zipfile.ZipFile(path) as archive:
        beside = archive.read("collection.anki2")
    both = {"collection.anki2": beside, "collection.anki21": files["collection.anki2"]}
    assert fronts(read(zipped(both))) == ["front", "**two**"]


def test_other_archives_are_not_anki(files: Files) -> None:
    """A zip file without a collection, and a database without answers, are something else."""
    assert not anki.recognises(ImportSource("x.zip", zipped({"cards.xml": b"<x/>"})))
    assert not anki.recognises(ImportSource("x.db", b"SQLite format 3\0" + bytes(100)))
    assert anki.recognises(ImportSource("renamed.bin", zipped(files)))
    assert anki.recognises(ImportSource("collection.anki2", files["collection.anki2"]))
    assert fronts(anki.read_source(ImportSource("c.anki2", files["collection.anki2"]))) == [
        "front",
        "**two**",
    ]


def test_protected_entries_are_a_message(files: Files) -> None:
    """An encrypted entry cannot be read, and that is said."""
    data = bytearray(zipped(files))
    central: Callable[[int], int] = lambda start: data.find(b"PK\x01\x02", start)  # noqa: E731
    place = central(0)
    while place >= 0:
        data[place + 8] |= 1
        place = central(place + 4)
    with pytest.raises(FlashcardsError, match="damaged"):
        read(bytes(data))
