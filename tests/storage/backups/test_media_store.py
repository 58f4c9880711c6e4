"""Media of backups: kept once by content, gone with the last backup that names them."""

from __future__ import annotations

import os
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factories import NOON, paths_in
from flashcards.errors import StoreError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.exact_restore import restore_exactly
from flashcards.storage.backups.make_and_prune import delete_old_backups, folder_of, make_backup
from flashcards.storage.backups.restore_missing import restore_missing


def put_media(folder: Path, **files: bytes) -> Path:
    """Write media of a store, and return their folder."""
    media = paths_in(folder).media_dir
    media.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (media / f"{name}.png").write_bytes(data)
    return media


def kept(folder: Path) -> list[Path]:
    """Return the files that are kept by content."""
    found = (folder_of(paths_in(folder)) / "media").iterdir()
    return sorted(path for path in found if path.name != ".lock")


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    """Two files alike, and the next day's backup, cost one copy; what is new costs itself."""
    put_media(tmp_path, a=b"x" * 9000, b=b"x" * 9000, c=b"y" * 9000)
    first = make_backup(paths_in(tmp_path), NOON, "daily")
    assert [path.stat().st_size for path in kept(tmp_path)] == [9000, 9000]
    put_media(tmp_path, d=b"z" * 9000)
    second = make_backup(paths_in(tmp_path), NOON + timedelta(days=1), "daily")
    assert len(kept(tmp_path)) == 3
    assert first.stat().st_size + second.stat().st_size < 4000
    assert sorted(read_backup(second)) == [f"media/{name}.png" for name in "abcd"]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By size, times and inode of the backup before; a file that is too fresh to tell is read."""
    media = put_media(tmp_path, a=b"a" * 9000, b=b"b" * 9000)
    old = time.time() - 100
    os.utime(media / "a.png", (old, old))
    make_backup(paths_in(tmp_path), datetime.now(UTC) + timedelta(minutes=1), "daily")
    monkeypatch.setattr("flashcards.storage.backups.media_store.sha256", lambda: pytest.fail("it is read"))
    again = make_backup(paths_in(tmp_path), datetime.now(UTC) + timedelta(days=1), "daily")
    monkeypatch.undo()
    assert read_backup(again)["media/a.png"] == b"a" * 9000
    (media / "a.png").write_bytes(b"A" * 9000)
    os.utime(media / "a.png", (old, old))  # only the time of its change tells
    changed = make_backup(paths_in(tmp_path), datetime.now(UTC) + timedelta(days=2), "daily")
    assert read_backup(changed)["media/a.png"] == b"A" * 9000
    assert len(kept(tmp_path)) == 3


def test_media_go_with_the_last_backup_that_names_them(tmp_path: Path) -> None:
    """Thinning out deletes what is named no more, and nothing else."""
    paths, media = paths_in(tmp_path), put_media(tmp_path, a=b"a" * 99, b=b"b" * 99)
    make_backup(paths, NOON, "daily")
    (media / "a.png").unlink()
    for number in range(1, 800):
        path = folder_of(paths) / f"{NOON + timedelta(days=number):%Y%m%dT%H%M%SZ}-daily.zip"
        with zipfile.ZipFile(path, "w"):
            pass
    make_backup(paths, NOON + timedelta(days=800), "daily")
    delete_old_backups(folder_of(paths))
    assert [path.read_bytes() for path in kept(tmp_path)] == [b"b" * 99]


def test_a_named_backup_is_whole_by_itself(tmp_path: Path) -> None:
    """`backup FILE` may go to another disk: the media are in it."""
    put_media(tmp_path, a=b"a" * 9000)
    path = make_backup(paths_in(tmp_path), NOON, "manual", tmp_path / "far" / "all.zip")
    assert [item.name for item in path.parent.iterdir()] == ["all.zip"]
    assert read_backup(path)["media/a.png"] == b"a" * 9000


def test_a_copy_that_is_missing_or_changed_is_told(tmp_path: Path) -> None:
    """What is missing brings back all else; --exact changes nothing."""
    paths, media = paths_in(tmp_path), put_media(tmp_path, a=b"a" * 99, b=b"b" * 99, c=b"c" * 99)
    path = make_backup(paths, NOON, "daily")
    for copy in kept(tmp_path):
        if copy.read_bytes() == b"a" * 99:
            copy.unlink()
        elif copy.read_bytes() == b"b" * 99:
            copy.write_bytes(b"B" * 99)
    for item in media.iterdir():
        item.unlink()
    result = restore_missing(paths, read_backup(path), NOON)
    assert result.lost_files == ("media/a.png", "media/b.png")
    assert [item.name for item in media.iterdir()] == ["c.png"]
    (media / "c.png").write_bytes(b"mine")
    with pytest.raises(StoreError, match="Nothing was changed"):
        restore_exactly(paths, read_backup(path))
    assert [item.read_bytes() for item in media.iterdir()] == [b"mine"]


def test_a_moved_backup_finds_its_media(tmp_path: Path) -> None:
    """A zip file that was copied elsewhere still comes back, as long as the store's own media are there."""
    paths = paths_in(tmp_path)
    media = put_media(tmp_path, a=b"a" * 99)
    path = make_backup(paths, NOON, "daily").rename(tmp_path / "moved.zip")
    (media / "a.png").unlink()
    restore_missing(paths, read_backup(path, folder_of(paths)), NOON)
    assert (media / "a.png").read_bytes() == b"a" * 99
