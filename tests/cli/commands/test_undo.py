"""Undo and redo through the real program: the last thing a person did, whatever it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from programs import Terminal, run

DECK = """# kept: a word of mine
deck: D
cards:
  - front: What is one?
    back: eins
  - front: What is two?
    back: zwei
  - front: What is three?
    back: drei
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with one deck of three cards, and nothing done yet."""
    folder = tmp_path / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "d.yaml").write_text(DECK)
    return tmp_path


def deck(home: Path) -> str:
    """Return the text of the deck file."""
    return (home / "data/decks/d.yaml").read_text()


def show(home: Path, card: str) -> dict[str, object]:
    """Return what the program says of a card."""
    return dict(json.loads(run(home, "show", card, "--json").stdout))


def ratings(home: Path, card: str) -> list[int]:
    """Return the ratings of a card that count."""
    reviews = json.loads(run(home, "show", card, "--json").stdout)["reviews"]
    return [one["rating"] for one in reviews if not one.get("undone")]


def editor(home: Path, old: str, new: str) -> dict[str, str]:
    """Return an environment whose editor rewords a deck."""
    script = home / "editor.sh"
    script.write_text(f"#!/bin/sh\nfor name; do :; done\nsed -i 's/{old}/{new}/' \"$name\"\n")
    script.chmod(0o755)
    return {"EDITOR": str(script)}


def test_edit_of_the_next_card_leaves_the_slip_to_undo(home: Path) -> None:
    """After a wrong answer and `e` on the next card, `u` takes the answer back; U gives it again."""
    with_editor = editor(home, "What is two", "Tell me two")
    terminal = Terminal(home, ["study"], env=with_editor)
    terminal.wait_for("What is one?")
    terminal.type(" ")
    terminal.wait_for("eins")
    terminal.type("1")
    terminal.wait_for("What is two?")
    terminal.type("e")
    terminal.wait_for("Tell me two?")
    terminal.type("u")
    terminal.wait_for("What is one?", "undone: rating 1")
    terminal.type("U")
    terminal.wait_for("redone: rating 1", "Tell me two?")
    terminal.type("u")
    terminal.wait_for("undone: rating 1")
    terminal.type("u")
    terminal.wait_for("undone: editing")
    terminal.type("q")
    terminal.type("q")
    terminal.end()
    assert deck(home) == DECK
    assert ratings(home, "What is one") == []


def test_last_thing_done_is_undone_whatever_it_was(home: Path) -> None:
    """An added card goes before the answer given before it, and both come back by redo."""
    run(home, "study", text="\n4\nq\n")
    added = run(home, "add", "oops", "typo", "--deck", "D")
    assert added.returncode == 0
    with_oops = deck(home)
    assert run(home, "undo").stdout == 'Undone: adding "oops" to D.\n'
    assert deck(home) == DECK
    assert ratings(home, "What is one") == [4]
    assert run(home, "undo").stdout == 'Undone: rating 4 for "What is one?".\n'
    assert ratings(home, "What is one") == []
    nothing = run(home, "undo")
    assert (nothing.stdout, nothing.returncode) == ("Nothing to undo.\n", 1)
    assert run(home, "redo").stdout == 'Redone: rating 4 for "What is one?".\n'
    assert run(home, "redo").stdout == 'Redone: adding "oops" to D.\n'
    assert deck(home) == with_oops
    assert ratings(home, "What is one") == [4]
    nothing = run(home, "redo")
    assert (nothing.stdout, nothing.returncode) == ("Nothing to redo.\n", 1)


def test_redo_ends_when_something_new_is_done(home: Path) -> None:
    """After an undo and a new card there is nothing to do again."""
    run(home, "suspend", "one")
    run(home, "undo")
    run(home, "add", "new", "neu", "--deck", "D")
    assert run(home, "redo").returncode == 1
    assert show(home, "What is one")["suspended"] is False


def test_several_cards_of_one_command_are_one_step(home: Path) -> None:
    """Two cards suspended at once come back by one undo, which names them; the journal has both."""
    run(home, "suspend", "one", "two")
    assert run(home, "undo").stdout == 'Undone: suspending "What is one?", "What is two?".\n'
    assert [show(home, f"What is {n}")["suspended"] for n in ("one", "two")] == [False, False]
    run(home, "redo")
    assert [show(home, f"What is {n}")["suspended"] for n in ("one", "two")] == [True, True]


def test_setting_is_unset_again_and_the_file_goes(home: Path) -> None:
    """A setting is taken back to what it was, also where there was no file."""
    path = home / "config/flashcards/config.toml"
    run(home, "config", "set", "new_per_day", "7")
    first = path.read_text()
    run(home, "config", "set", "new_per_day", "8")
    assert run(home, "undo").stdout == "Undone: config set new_per_day 8.\n"
    assert path.read_text() == first
    run(home, "undo")
    assert not path.exists()
    run(home, "redo")
    assert path.read_text() == first
    run(home, "config", "unset", "new_per_day")
    run(home, "undo")
    assert path.read_text() == first


def test_import_goes_and_comes_with_its_history(home: Path) -> None:
    """An undone import leaves no card and no answer; imported anew, its answers count again."""
    run(home, "study", text="\n4\nq\n")
    run(home, "export", "--format", "json", "-o", str(home / "all.json"))
    other = home / "other"
    shutil.copytree(home / "state", other / "state")
    (other / "data/decks").mkdir(parents=True)
    (other / "data/decks/e.yaml").write_text("deck: E\ncards:\n  - front: else\n    back: sonst\n")
    run(other, "import", str(home / "all.json"))
    assert ratings(other, "What is one") == [4]
    assert run(other, "undo").stdout.startswith("Undone: importing all.json")
    assert [path.name for path in (other / "data/decks").glob("*.yaml")] == ["e.yaml"]
    assert json.loads(run(other, "stats", "--json").stdout)["reviews"] == 0
    run(other, "redo")
    assert ratings(other, "What is one") == [4]
    run(other, "undo")
    run(other, "import", str(home / "all.json"))
    assert ratings(other, "What is one") == [4]
    run(other, "undo")
    assert json.loads(run(other, "stats", "--json").stdout)["reviews"] == 0


def test_clock_that_was_ahead_does_not_change_the_order(home: Path) -> None:
    """Two answers given three days ahead, and one after: undo begins with the last, then goes back."""
    run(home, "study", text="\n4\nq\n", days=3)
    run(home, "study", text="\n5\nq\n", days=3)
    assert run(home, "undo").stdout == 'Undone: rating 5 for "What is two?".\n'
    run(home, "redo")
    run(home, "suspend", "three")
    for days in (0, 4):
        told = [run(home, "undo", days=days).stdout for _ in range(3)]
        assert told == [
            'Undone: suspending "What is three?".\n',
            'Undone: rating 5 for "What is two?".\n',
            'Undone: rating 4 for "What is one?".\n',
        ]
        assert [run(home, "redo", days=days).returncode for _ in range(4)] == [0, 0, 0, 1]
    assert ratings(home, "What is two") == [5]


def test_link_is_undone_only_as_the_last_thing_said_or_by_name(home: Path) -> None:
    """A reworded card keeps its history when what was done after it is undone, and loses it by name."""
    run(home, "study", text="\n4\nq\n")
    path = home / "data/decks/d.yaml"
    path.write_text(DECK.replace("What is one?", "What is the one?"))
    run(home, "due")
    run(home, "suspend", "two")
    assert "suspending" in run(home, "undo").stdout
    assert run(home, "undo").stdout == 'Undone: rating 4 for "What is the one?".\n'
    run(home, "redo")
    assert ratings(home, "the one") == [4]
    assert "history" in run(home, "undo", "the one").stdout
    assert ratings(home, "the one") == []


def test_link_that_was_just_told_is_undone(home: Path) -> None:
    """What the program said last is a step, too."""
    run(home, "study", text="\n4\nq\n")
    (home / "data/decks/d.yaml").write_text(DECK.replace("What is one?", "What is the one?"))
    assert "keeps its history" in run(home, "due").stderr + run(home, "today").stderr
    assert "goes on with the history" in run(home, "undo").stdout
    assert ratings(home, "the one") == []


def test_a_renamed_card_keeps_its_history_through_undo_and_redo(home: Path) -> None:
    """However often an edit is undone and redone, the answers are with the card that is there."""
    run(home, "study", text="\n4\nq\n")
    run(home, "edit", "is one", EDITOR=editor(home, "What is one", "What was one")["EDITOR"])
    for _ in range(3):
        assert ratings(home, "was one") == [4]
        run(home, "undo")
        assert ratings(home, "is one") == [4]
        run(home, "redo")


def test_hand_edit_since_then_is_kept(home: Path) -> None:
    """Undo takes just its own card out of a file whose other cards were edited, and tells what it cannot."""
    run(home, "add", "oops", "typo", "--deck", "D")
    path = home / "data/decks/d.yaml"
    path.write_text(deck(home).replace("drei", "drei!"))
    run(home, "undo")
    assert deck(home) == DECK.replace("drei", "drei!")
    run(home, "redo")
    path.write_text(deck(home).replace("typo", "by hand"))
    kept = deck(home)
    told = run(home, "undo", "--json")
    (undone,) = json.loads(told.stdout)["undone"]
    assert "decks/d.yaml" in undone["left"][0]
    assert "Not undone: decks/d.yaml" in told.stderr
    assert deck(home) == kept


def test_settings_changed_by_hand_are_kept(home: Path) -> None:
    """A settings file with another hand's words in it is not overwritten."""
    run(home, "config", "set", "new_per_day", "7")
    path = home / "config/flashcards/config.toml"
    path.write_text("new_per_day = 9\n")
    told = run(home, "undo")
    assert "Not undone: config.toml" in told.stderr
    assert path.read_text() == "new_per_day = 9\n"


def test_other_machine_leaves_what_was_done_to_files(home: Path) -> None:
    """Another machine with the same data takes back answers, never the files of the first one."""
    run(home, "study", text="\n4\nq\n")
    run(home, "config", "set", "new_per_day", "7")
    run(home, "add", "oops", "typo", "--deck", "D")
    other = home / "other"
    shutil.copytree(home / "data", other / "data")
    assert run(other, "undo").stdout == 'Undone: rating 4 for "What is one?".\n'
    assert run(other, "undo").returncode == 1
    assert "oops" in deck(other)


def test_undo_in_lines_and_redo(home: Path) -> None:
    """A session in lines has both keys, and they differ by their case."""
    told = run(home, "study", "--plain", text="\n4\nu\nU\nq\n").stdout
    assert 'undone: rating 4 for "What is one?"' in told
    assert 'redone: rating 4 for "What is one?"' in told
    assert ratings(home, "What is one") == [4]


def test_own_key_goes_before_the_new_one(home: Path) -> None:
    """Who has given U to another action keeps it; the new action has no key then."""
    path = home / "config/flashcards/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nsuspend = "U"\n')
    terminal = Terminal(home, ["study"])
    terminal.wait_for("What is one?")
    terminal.type("U")
    terminal.wait_for("suspended")
    terminal.type("?")
    terminal.wait_for("undo")
    terminal.type("q")
    terminal.type("q")
    terminal.type("q")
    terminal.end()
