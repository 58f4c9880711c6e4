"""What is kept for the way back to Anki: a line a note, whole after a merge, in backups and in syncs."""

from __future__ import annotations

import zipfile
from pathlib import Path

from flashcards.core.anki_origin import AnkiOrigin
from flashcards.core.cards import CardId
from flashcards.storage.anki_origin_files import KeptNotes, changed_files, parse_kept
from flashcards.storage.backups.contents import Place, place_of
from flashcards.storage.sync.synced_files import is_synced
from flashcards.storage.sync.tree_merge import union
from programs import run

NOTE_TYPE = {"id": 7, "name": "Facts", "mod": 5}


def kept(*origins: AnkiOrigin) -> bytes:
    """Return a file with these notes."""
    notes = KeptNotes(NOTE_TYPE)
    for origin in origins:
        notes.add(origin)
    return notes.render()


def origin(guid: str, modified: int, field: str = "a") -> AnkiOrigin:
    """Return a note of Anki's with one card."""
    return AnkiOrigin(guid, 1, 7, modified, (field, "b"), ("t",), {0: 9}, {CardId("x"): 0}, {"x": 3})


def test_a_file_comes_back_as_it_was() -> None:
    """Alike whatever the order of the notes; torn lines and git's marks cost nothing but themselves."""
    one, other = origin("one", 1), origin("other", 2)
    data = kept(one, other)
    assert data == kept(other, one)
    found = parse_kept(b"<<<<<<< ours\n" + data + b'{"guid": "torn\n\xff\n')
    assert found.origins == {"one": one, "other": other}
    assert found.note_type == NOTE_TYPE


def test_of_two_machines_the_later_change_counts() -> None:
    """Both files are joined line by line, as journals are."""
    data = union(kept(origin("one", 1, "old"), origin("mine", 1)), kept(origin("one", 2, "new")))
    found = parse_kept(data).origins
    assert found["one"].fields == ("new", "b")
    assert set(found) == {"one", "mine"}


def test_only_what_changes_is_written(tmp_path: Path) -> None:
    """The same notes again leave the file alone."""
    ((name, before, after),) = changed_files(tmp_path, {7: NOTE_TYPE}, {7: [origin("one", 1)]})
    assert (name, before, after) == ("anki/7.jsonl", None, kept(origin("one", 1)))
    (tmp_path / "anki").mkdir()
    (tmp_path / name).write_bytes(after)
    assert not [*changed_files(tmp_path, {7: NOTE_TYPE}, {7: [origin("one", 1)]})]


def test_it_travels(tmp_path: Path) -> None:
    """Backups hold it and give it back, and syncs take it along."""
    assert is_synced("anki/7.jsonl")
    assert place_of("anki/7.jsonl") is Place.INCLUDED
    run(tmp_path, "add", "a", "b", "--deck", "D")
    (tmp_path / "data" / "anki").mkdir()
    file = tmp_path / "data" / "anki" / "7.jsonl"
    file.write_bytes(kept(origin("one", 1)))
    backup = tmp_path / "all.zip"
    assert run(tmp_path, "backup", str(backup)).returncode == 0
    with zipfile.ZipFile(backup) as archive:
        assert "anki/7.jsonl" in archive.namelist()
    file.unlink()
    assert run(tmp_path, "restore", str(backup)).returncode == 0
    assert file.read_bytes() == kept(origin("one", 1))
