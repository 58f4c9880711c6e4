"""Deck files copied, cut and pasted beside the program: no card and no history goes with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from programs import Terminal, run

THREE = """cards:
  - id: one
    front: What is one?
    back: uno
  - id: two
    front: What is two?
    back: due
  - id: three
    front: What is three?
    back: tre
"""
WITHOUT_IDS = "".join(
    line for line in THREE.replace("  - id", "  - \n    id").splitlines(True) if "id:" not in line
).replace("  - \n    front", "  - front")
CONFLICT = "a.sync-conflict-20261129-101010-ABCDEFG.yaml"


class Home:
    """A home whose only deck has three cards; two of them are rated."""

    def __init__(self, folder: Path, text: str, name: str = "a.yaml") -> None:
        self.folder, self.decks = folder, folder / "data" / "decks"
        self.decks.mkdir(parents=True)
        self.original = self.write(name, text)
        self.run("study", "--plain", text="\n4\n\n5\nq\n")

    def write(self, name: str, text: str) -> Path:
        path = self.decks / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *words: str, text: str = "") -> str:
        done = run(self.folder, *words, text=text)
        return done.stdout + done.stderr

    def reviewed(self) -> dict[str, int]:
        """Return how often each card was recalled, by its front; none twice."""
        found: list[dict[str, Any]] = json.loads(run(self.folder, "cards", "--json").stdout)
        assert len({card["front"] for card in found}) == len(found)
        return {card["front"]: card["repetitions"] for card in found}


RATED = {"What is one?": 1, "What is two?": 1, "What is three?": 0}


@pytest.mark.parametrize("text", [THREE, WITHOUT_IDS], ids=["with ids", "without ids"])
@pytest.mark.parametrize(
    ("head", "name", "gone"),
    [
        ("", CONFLICT, "the original"),
        ("", CONFLICT, "the copy"),
        ("", "0.yaml", "the original"),
        ("deck: Numbers\n", "b.yaml", "the original"),
        ("deck: Numbers\n", "0.yaml", "the copy"),
    ],
)
def test_a_copied_deck_can_lose_either_file(
    tmp_path: Path, text: str, head: str, name: str, gone: str
) -> None:
    """Copied, looked at, one of the two deleted: three cards, and what was learned of two."""
    home = Home(tmp_path, head + text)
    copy = home.decks / name
    shutil.copy(home.original, copy)
    home.run("due")
    (home.original if gone == "the original" else copy).unlink()
    home.run("due")
    assert home.reviewed() == RATED
    assert "no errors" in (told := home.run("check"))
    assert "in no deck" not in told


@pytest.mark.parametrize("text", [THREE, WITHOUT_IDS], ids=["with ids", "without ids"])
@pytest.mark.parametrize("command", [["check"], ["study", "--plain"], ["doctor"]])
def test_a_copy_is_told_once(tmp_path: Path, text: str, command: list[str]) -> None:
    """Not a line for each card, but one for the file, and which of the two is the copy."""
    home = Home(tmp_path, text)
    home.write(CONFLICT, text.replace("tre", "tre!"))
    told = home.run(*command)
    assert told.count("a copy of a.yaml: keep one") == 1
    assert told.count("decks/a.sync") == 1
    assert "is also used" not in told
    home.write(CONFLICT, "deck: other\ncards:\n- front: x\n  back: y\n")
    assert "a copy of" not in home.run(*command)


def test_a_card_cut_after_it_was_pasted_goes_on(tmp_path: Path) -> None:
    """With an id it is one card all the while, told with both places until it is cut."""
    home = Home(tmp_path, THREE)
    first, card = (
        THREE.split("  - id: two"),
        "  - id: two\n    front: What is two?\n    back: due\n",
    )
    home.write("b.yaml", "cards:\n- front: x\n  back: y\n" + card.replace("\n  ", "\n").lstrip())
    home.run("due")
    assert "the id 'two' is also used at decks/a.yaml:5" in home.run("check")
    home.original.write_text(first[0] + "  - id: three" + first[1].partition("  - id: three")[2])
    home.run("due")
    assert home.reviewed() == {**RATED, "x": 0}
    assert json.loads(home.run("show", "two", "--json"))["deck"] == "b"
    assert "no errors" in home.run("check")


def test_a_card_without_an_id_goes_on_where_it_was_pasted(tmp_path: Path) -> None:
    """Its history follows when the old one vanishes; that is told once, and can be undone."""
    home = Home(tmp_path, "cards:\n- front: le chien\n  back: dog\n- front: le chat\n  back: cat\n")
    home.write("b.yaml", "cards:\n- front: le chien\n  back: dog\n- front: x\n  back: y\n")
    home.run("due")
    home.original.write_text("cards:\n- front: le chat\n  back: cat\n")
    told = home.run("due")
    assert '"le chien" was reworded or moved; it keeps its history.' in told
    assert "reworded or moved" not in home.run("due") + home.run("cards")
    assert home.reviewed() == {"le chien": 1, "le chat": 1, "x": 0}
    home.run("undo")
    assert home.reviewed() == {"le chien": 0, "le chat": 1, "x": 0}


def test_a_copy_reworded_beside_its_original_inherits(tmp_path: Path) -> None:
    """A typo mended in one of two copies, the other one deleted: the history goes on."""
    home = Home(tmp_path, "deck: Numbers\n" + WITHOUT_IDS)
    copy = home.decks / "b.yaml"
    shutil.copy(home.original, copy)
    home.run("due")
    copy.write_text(copy.read_text().replace("What is two?", "What was two?"))
    home.run("due")
    home.original.unlink()
    home.run("due")
    assert home.reviewed() == {"What is one?": 1, "What was two?": 1, "What is three?": 0}


@pytest.mark.parametrize("looked", [True, False], ids=["looked at", "not looked at"])
@pytest.mark.parametrize("name", [CONFLICT, "a_conflict-20261129-101010.yaml", "0.yaml"])
@pytest.mark.parametrize("gone", ["deleted", "replaced"])
def test_a_copy_edited_before_its_original_goes_inherits(
    tmp_path: Path, name: str, gone: str, *, looked: bool
) -> None:
    """A conflict copy differs from the start; kept in place of the original, it has the history."""
    home = Home(tmp_path, WITHOUT_IDS + "  - front: What is four?\n    back: quattro\n")
    copy = home.write(name, home.original.read_text())
    if looked:
        home.run("due")
    copy.write_text(copy.read_text().replace("What is two?", "What was two?").replace("uno", "UNO"))
    home.run("due")
    copy.replace(home.original) if gone == "replaced" else home.original.unlink()
    home.run("due")
    expected = {"What is one?": 1, "What was two?": 1, "What is three?": 0, "What is four?": 0}
    assert home.reviewed() == expected


@pytest.mark.parametrize("looked", [True, False], ids=["looked at", "not looked at"])
def test_a_card_reworded_where_it_was_pasted_goes_on(tmp_path: Path, *, looked: bool) -> None:
    """Pasted and seen, then reworded, seen or not, and only then cut: it is one card throughout."""
    home = Home(tmp_path, "cards:\n- front: le chien\n  back: dog\n- front: le chat\n  back: cat\n")
    others = "".join(f"- front: other {n}\n  back: {n}\n" for n in range(4))
    for front in ("le chien", "le petit chien"):
        home.write("b.yaml", f"cards:\n{others}- front: {front}\n  back: dog\n")
        if looked or front == "le chien":
            home.run("due")
    home.original.write_text("cards:\n- front: le chat\n  back: cat\n")
    home.run("due")
    assert {front: n for front, n in home.reviewed().items() if n} == {"le petit chien": 1, "le chat": 1}


def test_a_deck_with_the_same_fronts_is_no_copy(tmp_path: Path) -> None:
    """Deleted French-English cards leave nothing to French-German ones."""
    home = Home(tmp_path, WITHOUT_IDS)
    home.write("b.yaml", WITHOUT_IDS.replace("uno", "eins").replace("due", "zwei").replace("tre", "drei"))
    home.run("due")
    home.original.unlink()
    home.run("due")
    assert set(home.reviewed().values()) == {0}


def test_three_copies_and_a_renamed_original(tmp_path: Path) -> None:
    """The last of them still has every card, whichever went first."""
    home = Home(tmp_path, WITHOUT_IDS)
    for name in ("b.yaml", "c.yaml"):
        shutil.copy(home.original, home.decks / name)
    home.run("due")
    renamed = home.original.rename(home.decks / "z.yaml")
    home.run("due")
    for path in (home.decks / "b.yaml", renamed):
        path.unlink()
        home.run("due")
    assert home.reviewed() == RATED


FIVE = "cards:\n" + "".join(f"- front: Say {n} in French\n  back: {n}\n" for n in "vwxyz")


@pytest.mark.parametrize("learned", [True, False])
def test_a_card_reworded_in_a_session_comes_back(tmp_path: Path, *, learned: bool) -> None:
    """Its id changes with its front; it stays in hand all the same, and is counted once."""
    home = Home(tmp_path, FIVE)
    if learned:
        home.run("study", "--plain", text="\n2\n" * 3 + "q\n")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/ in French/ à la française/" "$1"\n')
    editor.chmod(0o755)
    words = ["study"] if learned else ["study", "--new", "3"]
    terminal = Terminal(tmp_path, words, env={"EDITOR": str(editor)})
    places = [f"0 / 0 + {3 - n}" if learned else f"{n} / 3" for n in range(3)]
    start = places[0]
    before = terminal.wait_for("in French", start)
    terminal.type("e")
    terminal.wait_for("à la française", start, "space show answer", without="skipped")
    for n in range(1, 4):
        terminal.type(" ")
        terminal.wait_for("How well")
        terminal.type("5")
        terminal.wait_for(places[n] if n < 3 else "u undo last", without="skipped")
    assert "skipped" not in before
    terminal.type("q")
    assert terminal.end() == 0


def test_a_card_reworded_elsewhere_while_it_waits_is_asked(tmp_path: Path) -> None:
    """Another window's editor changes the last card of the queue: it comes under its new words."""
    home = Home(tmp_path, FIVE)
    terminal = Terminal(tmp_path, ["study", "--plain", "--new", "0"], days=9)
    terminal.wait_for("Say")
    home.original.write_text(FIVE.replace("in French", "en français"))
    run(tmp_path, "due", days=9)
    for _ in range(2):
        terminal.type("\n")
        terminal.wait_for("Perfectly")
        terminal.type("5\n")
        terminal.screen.reset()
    terminal.wait_for("recalled 2 of 2", without="passed over")
    assert "en français" in terminal.raw.decode()
    assert "passed over" not in terminal.raw.decode()
    assert terminal.end() == 0
