"""Durable writes, locks and guarded reads."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Thread

import pytest

from flashcards.errors import StoreError
from flashcards.storage import files


def test_a_draft_that_cannot_be_put_in_place_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses, the old file stays and no draft is left."""
    path = tmp_path / "file"
    files.write_file_atomically(path, b"old")

    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        files.write_file_atomically(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_a_lock_that_is_held_is_told_in_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file, the time and what to do; as many tries as were asked for."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    path = tmp_path / ".lock"
    with files.hold_lock(path), pytest.raises(StoreError) as refused, files.hold_lock(path, 7):
        pass
    assert str(refused.value) == (
        f"{path}: another flashcards process has been writing for 0.07 seconds. "
        "Nothing was saved; end that process, or try again."
    )
    assert naps == [0.01] * 7
    assert path.stat().st_mode & 0o777 == 0o600
    with files.hold_lock(path):
        pass


def test_a_lock_that_many_take_in_turn_is_waited_for(tmp_path: Path) -> None:
    """Only one holder may keep others waiting for too long: a queue that moves is no fault."""
    path, failures = tmp_path / ".lock", list[StoreError]()

    def hold() -> None:
        try:
            with files.hold_lock(path, 100):
                time.sleep(0.2)
        except StoreError as error:
            failures.append(error)

    threads = [Thread(target=hold) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_file_is_put_in_place_with_its_own_rights(tmp_path: Path) -> None:
    """A new file is private; one that was there keeps its rights; a link stays a link."""
    path, link = tmp_path / "folder" / "file", tmp_path / "link"
    files.write_file_atomically(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    link.symlink_to(path)
    files.write_file_atomically(link, b"two")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o644)
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_no_regular_file_is_told_by_name(tmp_path: Path) -> None:
    """What cannot be read as a file is named, with what to do."""
    with pytest.raises(StoreError) as refused:
        files.read_regular_file(tmp_path)
    told = f"{tmp_path}: not a regular file. Move it away and try again."
    assert str(refused.value) == told
    (tmp_path / "x").write_bytes(b"0123456789")
    assert files.read_regular_file(tmp_path / "x", 4) == b"456789"
