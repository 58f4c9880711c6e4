"""Durable writes and guarded reads."""

from __future__ import annotations

import os
from pathlib import Path

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
