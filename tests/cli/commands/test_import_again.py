"""A source that comes again: what it has no longer is named, and what was reworded goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machines import git
from programs import run


def states(home: Path) -> dict[str, tuple[str, bool]]:
    """Return the state of each card, and whether it is suspended, by its front."""
    cards = json.loads(run(home, "cards", "--json").stdout)
    return {card["front"]: (card["state"], card["suspended"]) for card in cards}


@pytest.mark.parametrize("prune", [False, True])
def test_what_is_gone_from_the_source_is_named(tmp_path: Path, *, prune: bool) -> None:
    """By its front; it is kept, or suspended and asked again after one undo. Other cards are not meant."""
    words = tmp_path / "words.csv"
    words.write_text("front,back\none,1\ntwo,2\nthree,3\nfour,4\nfive,5\n")
    run(tmp_path, "import", str(words))
    run(tmp_path, "add", "mine", "own", "--deck", "words")
    again = tmp_path / "later" / "words.csv"
    again.parent.mkdir()
    again.write_text("front,back\none,1\nzwei,2\nfour,4\nfive,5\n")
    options = ["--prune"] if prune else []
    preview = run(tmp_path, "import", str(again), "--dry-run", *options)
    done = run(tmp_path, "import", str(again), *options)
    told = f'1 no longer in the source, {"suspended" if prune else "kept"}: "three"'
    names = ("one", "zwei", "three", "four", "five", "mine")
    assert told in preview.stdout
    assert told in done.stdout
    assert states(tmp_path) == {name: ("new", prune and name == "three") for name in names}
    run(tmp_path, "undo")
    assert {suspended for _, suspended in states(tmp_path).values()} == {False}


@pytest.mark.parametrize("way", ["sync", "backup"])
def test_what_a_source_had_is_known_on_another_machine(tmp_path: Path, way: str) -> None:
    """It goes along with a sync and a backup."""
    one, other, remote = tmp_path / "one", tmp_path / "other", tmp_path / "remote.git"
    words = tmp_path / "words.csv"
    words.write_text("front,back\none,1\ntwo,2\n")
    run(one, "import", str(words))
    if way == "sync":
        git(tmp_path, "init", "-q", "--bare", str(remote))
        for machine in (one, other):
            done = run(machine, "sync", str(remote))
            assert done.returncode == 0, done.stderr
    else:
        saved = tmp_path / "saved.zip"
        assert run(one, "backup", str(saved)).returncode == 0
        done = run(other, "restore", str(saved))
        assert done.returncode == 0, done.stderr
    words.write_text("front,back\none,1\n")
    assert '1 no longer in the source, kept: "two"' in run(other, "import", str(words)).stdout


def test_a_reworded_sentence_keeps_its_progress(tmp_path: Path) -> None:
    """It is the same sentence if it asks for the same and says much the same; another is another."""
    page = tmp_path / "n.md"
    page.write_text("#flashcards\nThe ==sun== is a star.\n\nMilk comes from the ==cow==.\n")
    run(tmp_path, "import", str(page))
    run(tmp_path, "study", "--plain", text="\n5\n\n5\n")
    page.write_text(
        "#flashcards\nOur ==sun== is but a star.\n\nWhat jumped over the moon was a ==cow==, they say.\n"
    )
    assert "1 no longer in the source" in run(tmp_path, "import", str(page)).stdout
    run(tmp_path, "due")
    found = states(tmp_path)
    assert {front: state == "new" for front, (state, _) in found.items()} == {
        "Our […] is but a star.": False,
        "Milk comes from the […].": False,
        "What jumped over the moon was a […], they say.": True,
    }


def test_standard_input_is_another_source_each_time(tmp_path: Path) -> None:
    """What came in by it before is not missed."""
    for content in ("front,back\none,1\n", "front,back\ntwo,2\n"):
        done = run(tmp_path, "import", "-", "--format", "csv", "--deck", "D", text=content)
        assert "1 added" in done.stdout
        assert "no longer" not in done.stdout
