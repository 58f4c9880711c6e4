"""Hints and notes of cards, from the deck file to the screen, the journal and back out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from programs import Terminal, run

DECK = """deck: French
cards:
  - id: dog
    front: le chien
    back: the dog
    hint: begins with **d**
    note: from *canis*
    reverse: true
  - id: cat
    front: le chat
    back: the cat
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a card that has a hint and a note, and one that has neither."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def told(home: Path, card: str) -> Any:
    """Return what `show --json` says of a card."""
    return json.loads(run(home, "show", card, "--json").stdout)


def test_show_tells_them(home: Path) -> None:
    """Both are told in words and as JSON; the card that asks the back has no hint at it."""
    assert (told(home, "dog")["hint"], told(home, "dog")["note"]) == ("begins with **d**", "from *canis*")
    assert (told(home, "dog/r")["hint"], told(home, "dog/r")["note"]) == ("", "from *canis*")
    assert (told(home, "cat")["hint"], told(home, "cat")["note"]) == ("", "")
    assert "hint: begins with d\nnote: from canis\n" in run(home, "show", "dog").stdout


@pytest.mark.parametrize("form", ["yaml", "csv", "markdown", "json", "apkg"])
def test_they_come_back_from_every_own_format(home: Path, tmp_path: Path, form: str) -> None:
    """An export that comes in elsewhere brings both."""
    out = tmp_path / f"out.{form}"
    assert run(home, "export", "--format", form, "-o", str(out)).returncode == 0
    other = tmp_path / "other"
    assert run(other, "import", str(out)).returncode == 0
    assert (told(other, "dog")["hint"], told(other, "dog")["note"]) == ("begins with **d**", "from *canis*")


def test_a_session_in_lines_gives_the_hint_and_the_note(home: Path) -> None:
    """`n` before the answer says the hint, which the answer is kept with; the note comes after it."""
    said = run(home, "study", text="n\n\nn\n4\n\n5\n").stdout
    before, _, after = said.partition("---")
    assert "(Enter shows the answer; :n shows a hint)\nHint: begins with d\n" in before
    assert "canis" not in before
    assert "the dog\nNote: from canis\n" in after
    assert "(the hint is for before the answer)" in after
    assert "Hint" not in after
    reviews = [told(home, card)["reviews"] for card in ("dog", "cat")]
    assert [(given["rating"], given["hint"]) for (given,) in reviews] == [(4, True), (5, False)]
    assert "with a hint" in run(home, "show", "dog").stdout
    assert "with a hint" not in run(home, "show", "cat").stdout


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 15)])
def test_n_shows_the_hint_on_the_screen(home: Path, columns: int, rows: int) -> None:
    """It stands below the question, which stays where it is; an undo forgets that it was seen."""
    terminal = Terminal(home, ["study"], columns, rows)
    shown = terminal.wait_for("le chien", "n hint", without="begins")
    place = shown.splitlines().index(next(line for line in shown.splitlines() if "le chien" in line))
    terminal.type("n")
    shown = terminal.wait_for("begins with d", without="n hint")
    assert "le chien" in shown.splitlines()[place]
    assert "canis" not in shown
    terminal.type(" ")
    shown = terminal.wait_for("the dog", "from canis")
    assert "le chien" in shown.splitlines()[place]
    terminal.type("4")
    terminal.wait_for("le chat", without="n hint")
    terminal.type("n")
    terminal.wait_for("this card has no hint")
    terminal.type("u")
    terminal.wait_for("the dog", "from canis", without="begins")
    terminal.type("5qq")
    assert terminal.end() == 0
    assert [(given["rating"], given["hint"]) for given in told(home, "dog")["reviews"]] == [(5, False)]


def test_tab_shows_the_hint_where_letters_are_text(home: Path) -> None:
    """While an answer is typed, `n` is a letter of it."""
    terminal = Terminal(home, ["study", "--type"])
    terminal.wait_for("le chien", "tab hint")
    terminal.type("n\t")
    terminal.wait_for("begins with d", "› n")
    terminal.type("\r4\x1bqq")
    assert terminal.end() == 0
    assert told(home, "dog")["reviews"][0]["hint"]


def test_the_key_gives_way_to_a_key_of_config_toml(home: Path) -> None:
    """Who has given n, and tab, to something else keeps that, and is told nothing."""
    folder = home / "config" / "flashcards"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[keys]\nmark = ["n", "tab"]\n', encoding="utf-8")
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien", "n mark", without="hint")
    terminal.type("n")
    terminal.wait_for("reason:")
    terminal.type("\x1bqq")
    assert terminal.end() == 0
