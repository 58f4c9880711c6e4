"""A deck too large for one file lies in several, and is one deck all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flashcards.app.importing import plan, split_into_files
from flashcards.cli.main import run_command_line as main
from flashcards.core.cards import Note
from flashcards.importers.base import ImportedNote
from programs import environment, run


def test_portions_keep_order_and_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """By number, by letters; one note that is larger than all has a file to itself."""
    monkeypatch.setattr(split_into_files, "MAX_NOTES", 10)
    monkeypatch.setattr(split_into_files, "MAX_CHARACTERS", 50)
    notes = [ImportedNote(Note("f" * size)) for size in (20, 20, 20, 99, 1, *[1] * 12)]
    found = list(split_into_files.split_by_size(notes))
    assert [len(part) for part in found] == [2, 1, 1, 10, 3]
    assert [one for part in found for one in part] == notes
    assert list(split_into_files.split_by_size([])) == [[]]


def test_a_deck_in_several_files_is_one(tmp_path: Path) -> None:
    """It comes in again unchanged, is counted once, and goes out whole, in every format."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    for number in (1, 2):
        cards = "".join(f"- front: f{n}\n  back: b\n" for n in range(number, 10, 2))
        (decks / f"x{number}.yaml").write_text(f"deck: X\ncards:\n{cards}")
    rows = "".join(f"f{n},b\n" for n in range(1, 10))
    again = run(tmp_path, "import", "-", "--format", "csv", "--deck", "X", "--json", text=rows)
    (source,) = json.loads(again.stdout)["sources"]
    assert (source["added"], source["updated"], source["unchanged"]) == (0, 0, 9)
    assert source["decks"] == [{"deck": "X", "added": 0, "updated": 0, "unchanged": 9}]
    for form, mark in (("yaml", "front:"), ("markdown", "Q:")):
        target = tmp_path / form
        target.mkdir()
        assert run(tmp_path, "export", "-o", str(target), "--format", form).returncode == 0
        texts = [path.read_text() for path in target.iterdir()]
        assert (len(texts), sum(text.count(mark) for text in texts)) == (1, 9)


def test_a_large_deck_is_written_in_several_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of them short enough to be read again; what comes once more finds all of its cards."""
    monkeypatch.setattr(split_into_files, "MAX_NOTES", 10)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    table = tmp_path / "t.csv"
    table.write_text("".join(f"f{n},b{n}\n" for n in range(25)))
    for added, unchanged in ((25, 0), (0, 25)):
        assert main(["import", str(table), "--json"]) == 0
        (source,) = json.loads(capsys.readouterr().out)["sources"]
        assert (source["added"], source["unchanged"]) == (added, unchanged)
    names = sorted(path.name for path in (tmp_path / "data" / "decks").glob("t*.yaml"))
    assert names == ["t.yaml", "t_002.yaml", "t_003.yaml"]
    table.write_text("".join(f"f{n},b{n}\n" for n in range(40)))
    assert main(["add", "f25", "b25", "--deck", "t"]) == 0
    assert main(["import", str(table)]) == 0
    fronts = [
        line.removeprefix("  - front: ")
        for path in sorted((tmp_path / "data" / "decks").glob("t*.yaml"))
        for line in path.read_text().splitlines()
        if "front" in line
    ]
    assert fronts == [f"f{n}" for n in range(40)]
    (*full, last) = [
        path.read_text().count("front") for path in sorted((tmp_path / "data" / "decks").glob("t*.yaml"))
    ]
    assert (full, last) == ([10, 10, 10], 10)


def test_what_is_set_for_a_deck_is_set_in_all_of_its_files(tmp_path: Path) -> None:
    """One undo takes it back from all of them; what they agree on is told once."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    files = [decks / "x.yaml", decks / "x_002.yaml"]
    for path in files:
        path.write_text(f"deck: X\ncards:\n- front: f{path.stem}\n  back: b\n")
    before = [path.read_text() for path in files]
    assert run(tmp_path, "config", "set", "reverse", "true", "--deck", "X").returncode == 0
    assert all("reverse: true" in path.read_text() for path in files)
    shown = run(tmp_path, "config", "--deck", "X").stdout
    assert shown.count("reverse") == 1
    assert run(tmp_path, "undo").returncode == 0
    assert [path.read_text() for path in files] == before


def test_a_file_that_is_larger_stays_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cards that are there are found where they are, however many; what is new goes on behind."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    table = tmp_path / "t.csv"
    table.write_text("".join(f"f{n},b{n}\n" for n in range(25)))
    assert main(["import", str(table)]) == 0
    monkeypatch.setattr(split_into_files, "MAX_NOTES", 10)
    table.write_text("".join(f"f{n},c{n}\n" for n in range(40)))
    capsys.readouterr()
    assert main(["import", str(table), "--json"]) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert (source["added"], source["updated"], source["unchanged"]) == (15, 25, 0)
    assert main(["check"]) == 0


def test_more_decks_than_files_should_be_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, and the way out is told."""
    monkeypatch.setattr(plan, "MAX_DECKS", 5)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    table = tmp_path / "t.csv"
    table.write_text("front,back,deck\n" + "".join(f"f{n},b,d{n}\n" for n in range(6)))
    assert main(["import", str(table)]) == 1
    assert "--deck" in capsys.readouterr().err
    assert not list((tmp_path / "data" / "decks").glob("d*"))
    assert main(["import", str(table), "--deck", "All"]) == 0
