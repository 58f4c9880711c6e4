"""Programs that are run: found by an absolute path, never in the folder that a person happens to be in."""

from __future__ import annotations

from pathlib import Path

import pytest

from flashcards.app.external_programs import find_program


def test_only_absolute_folders_of_the_path_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player that lies in a deck's folder is not run, whatever PATH says of that folder."""
    monkeypatch.chdir(tmp_path)
    for folder in ("here", "real"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mpv").touch(0o755)
        (tmp_path / folder / "data").touch(0o644)
    assert find_program(["mpv"], {"PATH": ":here:.:./real"}) is None
    assert find_program(["ffplay", "mpv"], {"PATH": f"here:{tmp_path}/real"}) == f"{tmp_path}/real/mpv"
    assert find_program(["data", "here"], {"PATH": f"{tmp_path}/real:{tmp_path}"}) is None
