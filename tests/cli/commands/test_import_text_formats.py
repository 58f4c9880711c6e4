"""The real program takes text as learners have it, keeps its schedule, and gives all of it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from programs import run
from sources import SAMPLES


def cards(home: Path) -> list[dict[str, object]]:
    """Return what `cards --json` says, in order of ids."""
    found: list[dict[str, object]] = json.loads(run(home, "cards", "--json").stdout)
    return sorted(found, key=lambda card: str(card["id"]))


def test_a_schedule_goes_on(tmp_path: Path) -> None:
    """A card of Obsidian's is due on its day, with its interval and its ease."""
    run(tmp_path, "import", str(SAMPLES / "obsidian.md"))
    (nile,) = [card for card in cards(tmp_path) if card["back"] == "The Nile"]
    assert (nile["due"], nile["interval"], nile["ease"]) == ("2024-08-16", 51, 2.3)


def test_twice_is_once(tmp_path: Path) -> None:
    """A folder brought in again changes nothing; what could not come in is told again."""
    first = run(tmp_path, "import", str(SAMPLES), "--json")
    before = cards(tmp_path)
    again = run(tmp_path, "import", str(SAMPLES), "--json")
    assert first.returncode == again.returncode == 1
    assert cards(tmp_path) == before
    for one, other in zip(*(json.loads(ran.stdout)["sources"] for ran in (first, again)), strict=True):
        assert (other["added"], other["updated"]) == (0, 0)
        assert other["unchanged"] == one["added"]
        assert other["skipped"] == one["skipped"]


@pytest.mark.parametrize("name", ["all.json", "all.csv", "markdown", "yaml"])
def test_all_of_it_comes_back(tmp_path: Path, name: str) -> None:
    """What was exported makes the same library elsewhere; JSON with all that was done."""
    here, there, out = tmp_path / "here", tmp_path / "there", tmp_path / "out" / name
    for folder in (here, there, out.parent):
        folder.mkdir()
    run(here, "import", str(SAMPLES))
    run(here, "study", "French", "--plain", text="\n4\n\n2\n\nq\n")
    format_ = name.removeprefix("all.")
    assert run(here, "export", "--format", format_, "-o", str(out)).returncode == 0
    assert run(there, "import", str(out)).returncode == 0
    before, after = cards(here), cards(there)
    if name == "all.json":
        assert after == before
    said = ("id", "deck", "front", "back", "tags")
    assert [[card[part] for part in said] for card in after] == [
        [card[part] for part in said] for card in before
    ]


def test_prose_is_refused_with_the_way_on(tmp_path: Path) -> None:
    """A file that holds no cards is an error that names the formats there are."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada,\n\nall is well.\n", encoding="utf-8")
    ran = run(tmp_path, "import", str(letter))
    assert ran.returncode == 1
    assert "--format NAME" in ran.stderr
    assert "obsidian" in ran.stderr


def test_an_empty_back_is_told_of_and_comes_in(tmp_path: Path) -> None:
    """A question without an answer is a card, and most likely a slip: its line is named."""
    source = tmp_path / "x.csv"
    source.write_text("front,back\na,b\nc,\nd, \n", encoding="utf-8")
    said = run(tmp_path, "import", str(source))
    assert said.returncode == 0
    assert f"2 cards with an empty back: {source}:3, {source}:4\n" in said.stdout
    source.write_text("front,back\na,b\n", encoding="utf-8")
    assert "empty back" not in run(tmp_path, "import", str(source)).stdout
