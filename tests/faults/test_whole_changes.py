"""SIGKILL while several files change: all of them did afterwards, or none, and the next try ends well."""

from __future__ import annotations

import json
import time
from pathlib import Path
from shutil import copytree

import pytest

from faults.calls import SETTLED, Home, Stage, ask, contents, spread, stage, works
from programs import run

KILL = "signal=SIGKILL"
CHANGES = {"write", "rename", "unlink", "fsync", "fdatasync", "mkdir", "openat"}
"""Calls between which a change of several files can be cut."""
POINTS = 6
"""For each command."""
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")


def decks(home: Path) -> dict[str, str]:
    """Return the deck files of a home."""
    return {path.name: path.read_text() for path in (home / "data/decks").glob("*.yaml")}


def answers(home: Path) -> dict[str, object]:
    """Return what the store says of its answers."""
    found = json.loads(ask(home, "stats", "--json"))
    return {"reviews": found["reviews"], "cards": found["cards"]["total"]}


def journal_lines(home: Path) -> set[str]:
    """Return the lines of the journal."""
    return {
        line for path in (home / "data/journal").glob("*.jsonl") for line in path.read_text().splitlines()
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with two decks, one answer, and two files to import that change both decks."""
    home = tmp_path_factory.mktemp("imported")
    (home / "data/decks").mkdir(parents=True)
    for name in ("a", "b"):
        text = f"deck: {name}\ncards:\n  - front: {name}1\n    back: eins\n"
        (home / f"data/decks/{name}.yaml").write_text(text)
        (home / f"{name}.yaml").write_text(text + f"  - front: {name}2\n    back: zwei\n")
    run(home, "study", text="\n4\nq\n")
    return home


def sound(home: Path) -> Home:
    """Return a home as it is now, its index trusted."""
    time.sleep(SETTLED)
    run(home, "due")
    return Home(home, contents(home))


def sweep(changing: Stage, states: list[dict[str, str]]) -> set[int]:
    """Kill a command at points spread over it; return which of the two states they led to."""
    changing.run()
    assert decks(changing.home) == states[1]
    points = [point for point in changing.points() if point.call in CHANGES and ".kept." not in point.path]
    begun = next(i for i, point in enumerate(points) if ".decks.lock" in point.path)
    ends: set[int] = set()
    kept = set(json_lines(changing.sound))
    # How often a file is read depends on how fresh it is, so only what writes is met each time.
    for point in spread([point for point in points[begun:] if point.call != "openat"], POINTS):
        killed = changing.run_with(KILL, point)
        assert killed.struck, point
        ask(changing.home, "decks")
        found = decks(changing.home)
        assert found in states, (point, found)
        assert answers(changing.home)["reviews"] == 1, point
        assert kept <= journal_lines(changing.home), point
        assert not list((changing.home / "state").rglob("*.pending")), point
        ends.add(states.index(found))
    return ends


def json_lines(home: Home) -> list[str]:
    """Return the lines of the journal that a home had when it was sound."""
    found = [data for name, data in home.files.items() if name.endswith(".jsonl")]
    return [line for data in found for line in data.decode().splitlines()]


def test_a_kill_leaves_all_of_a_change_or_nothing(imported: Path, tmp_path: Path) -> None:
    """Import of two files, its undo and its redo, each killed at calls spread over it."""
    before = decks(imported)
    words = ["import", str(imported / "a.yaml"), str(imported / "b.yaml")]
    first = stage(sound(imported), tmp_path, words, "")
    first.run()
    after = decks(imported)
    assert all(after[name] != before[name] for name in before)
    ends = sweep(first, [before, after])
    first.run()
    ends |= sweep(stage(sound(imported), tmp_path, ["undo"], ""), [after, before])
    run(imported, "undo") if decks(imported) == after else None
    ends |= sweep(stage(sound(imported), tmp_path, ["redo"], ""), [before, after])
    assert ends == {0, 1}


COMMANDS = (["delete", "text:1"], ["move", "deck=b", "a"], ["move", "text:1", "c"], ["rename", "a", "c"])
"""Commands that change several decks."""


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_kill_leaves_both_decks_as_they_were_or_as_meant(
    imported: Path, tmp_path: Path, words: list[str]
) -> None:
    """Cards are in one deck at any time, and the answer is kept, wherever the command is killed."""
    home = tmp_path / "home"
    copytree(imported, home)
    before = decks(home)
    changing = stage(sound(home), tmp_path, words, "")
    changing.run()
    after = decks(home)
    assert sweep(changing, [before, after]) == {0, 1}
