"""Several programs write one file at once: what each of them wrote is there afterwards."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from factories import DECK
from programs import LIMIT, WAITED, Terminal, command, environment, run

EDITOR = """#!/bin/sh
cp "$1" "$HOME/held"
echo open > "$HOME/opened"
read -r _ < "$HOME/close"
sed -i "%s" "$HOME/held"
cat "$HOME/held" > "$1"
"""
"""Holds a file as it was when it was opened, waits between two FIFOs, and saves what it held."""
SAVES = """
import sys
from pathlib import Path
from flashcards.cli.main import run_command_line

path, opened, seen = Path(sys.argv[1]), sys.argv[2], []

def save(event, args):
    if event == "open" and opened in str(args[0]) and not seen:
        seen.append(opened)
        path.write_text(path.read_text().replace("the bird", "the small bird"))

sys.addaudithook(save)
code = run_command_line(sys.argv[3:])
sys.exit(code if seen else "nothing was saved in between")
"""
"""The program, and an editor that saves a deck file when a certain file is opened."""


KEEPS_SAVING = """
import sys
from pathlib import Path
from flashcards.cli.main import run_command_line

path = Path(sys.argv[1])

def save(event, args):
    if event == "open" and str(args[0]).endswith(".decks.lock"):
        path.write_text(path.read_text() + "# again\\n")

sys.addaudithook(save)
sys.exit(run_command_line(sys.argv[2:]))
"""
"""The program, and another one that saves a deck file each time just before the lock is held."""


BIRD = "  - front: the bird\n    back: l'oiseau\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    for name in ("opened", "close"):
        os.mkfifo(tmp_path / name)
    return tmp_path


def all_at_once(home: Path, lines: Iterable[Sequence[str]]) -> list[tuple[int, str]]:
    """Start a program for each line of words; return how each ended, and what it complained of."""
    started = [
        subprocess.Popen(
            [*command(), *words],
            env=environment(home),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for words in lines
    ]
    errors = [WAITED.sub("", program.communicate(timeout=LIMIT)[1]) for program in started]
    return [(program.returncode, told) for program, told in zip(started, errors, strict=True)]


def fronts(home: Path, deck: str) -> set[str]:
    return {card["front"] for card in json.loads(run(home, "cards", deck, "--json").stdout)}


def editor(home: Path, deed: str) -> str:
    """Return an EDITOR that edits the text which it has open, as sed does, when it is let go on."""
    path = home / "editor"
    path.write_text(EDITOR % deed)
    path.chmod(0o755)
    return str(path)


def test_twelve_cards_for_one_large_deck(home: Path) -> None:
    """Each of twelve processes adds a card to a deck of 3,000, with and without ids."""
    cards = (
        f"  - {f'id: number-{i}' if i % 2 else f'front: word {i}'}\n"
        f"    {f'front: word {i}' if i % 2 else f'back: meaning {i}'}\n"
        f"{f'    back: meaning {i}' if i % 2 else ''}\n"
        for i in range(3000)
    )
    path = home / "data" / "decks" / "words.yaml"
    path.write_text("deck: Words\ncards:\n" + "".join(cards))
    run(home, "decks")
    lines = [["add", f"new {i}", "back", "--deck", "Words", "--force"] for i in range(12)]
    assert all_at_once(home, lines) == [(0, "")] * 12
    assert path.read_text().count("front: new ") == 12
    assert run(home, "check").returncode == 0


def test_twelve_cards_for_one_new_deck(tmp_path: Path) -> None:
    """Twelve processes make the library, and the deck in it, at the same moment."""
    lines = [["add", f"new {i}", "back", "--deck", "New deck", "--force"] for i in range(12)]
    assert all_at_once(tmp_path, lines) == [(0, "")] * 12
    (made,) = (tmp_path / "data" / "decks").glob("*.yaml")
    assert made.read_text().count("front: new ") == 12


def test_cards_beside_an_import_of_their_deck(home: Path) -> None:
    """An import changes each card of the deck while others come to it: all of it is there."""
    source = home / "french.yaml"
    source.write_text(re.sub(r"back: (.*)", r"back: \1, again", DECK))
    lines = [["add", f"new {i}", "back", "--deck", "French", "--force"] for i in range(4)]
    ended = all_at_once(home, [*lines[:2], ["import", str(source)], *lines[2:]])
    assert [code for code, _ in ended] == [0] * 5
    text = (home / "data" / "decks" / "french.yaml").read_text()
    assert text.count("front: new ") == 4
    assert text.count(", again") == DECK.count("back: ")


@pytest.mark.parametrize("opened", [".decks.lock", "decks/.french.yaml."])
@pytest.mark.parametrize("words", [["import", "french.yaml"], ["add", "le lapin", "the new dog"]])
def test_a_deck_saved_by_hand_in_between(home: Path, words: list[str], opened: str) -> None:
    """An editor saves before the lock is held, or while the new text is written: both stay."""
    path = home / "data" / "decks" / "french.yaml"
    source = DECK.replace("the dog", "the new dog").replace(BIRD, "")
    (home / "french.yaml").write_text(source)
    run(home, "decks")
    started = [command()[0], "-c", SAVES, str(path), opened, *words]
    assert subprocess.run(started, env=environment(home), cwd=home, check=False).returncode == 0
    assert "the new dog" in path.read_text()
    assert "the small bird" in path.read_text()


def test_an_import_beside_one_who_keeps_saving(home: Path) -> None:
    """However often the deck changes before the lock is held: in the end it is planned under the lock."""
    path = home / "data" / "decks" / "french.yaml"
    (home / "french.yaml").write_text(DECK.replace("the dog", "the new dog"))
    run(home, "decks")
    started = [command()[0], "-c", KEEPS_SAVING, str(path), "import", "french.yaml"]
    assert subprocess.run(started, env=environment(home), cwd=home, check=False).returncode == 0
    assert "the new dog" in path.read_text()
    assert path.read_text().count("# again\n") > 1


def test_twelve_settings(home: Path) -> None:
    """Each of twelve processes sets another setting: all are set."""
    known = json.loads(run(home, "config", "--json").stdout)
    names = [line["name"] for line in known if line["name"].startswith("keys.")][:12]
    wanted = dict(zip(names, "äöüßéèêàùçñå", strict=True))
    ended = all_at_once(home, [["config", "set", *pair] for pair in wanted.items()])
    assert ended == [(0, "")] * 12
    set_now = {x["name"] for x in json.loads(run(home, "config", "--json").stdout)
               if x["from"] != "default"}  # fmt: skip
    assert set_now == set(wanted)


def test_a_card_that_comes_while_the_editor_is_open(home: Path) -> None:
    """The edit and the card are both in the deck, as is what another editor saved."""
    path = home / "data" / "decks" / "french.yaml"
    words = [*command(), "edit", "le chien"]
    env = environment(home, EDITOR=editor(home, "s/the dog/the good dog/"))
    with subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL) as edit:
        (home / "opened").read_text()
        assert run(home, "add", "le lapin", "the rabbit").returncode == 0
        path.write_text("# mine\n" + path.read_text().replace("the bird", "the small bird"))
        (home / "close").write_text("\n")
        assert edit.wait(60) == 0
    text = path.read_text()
    assert all(x in text for x in ("# mine", "the good dog", "the rabbit", "the small bird"))
    assert not list((home / "state").rglob("french.yaml"))


@pytest.mark.parametrize("deed", ["changed", "deleted"])
def test_the_same_card_changed_while_the_editor_is_open(home: Path, deed: str) -> None:
    """It is told which card; what the other wrote stays, and what was typed is in a named file."""
    path = home / "data" / "decks" / "french.yaml"
    words = [*command(), "edit", "le chien"]
    env = environment(home, EDITOR=editor(home, "s/the dog/the good dog/"))
    with subprocess.Popen(
        words, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as edit:
        (home / "opened").read_text()
        if deed == "changed":
            path.write_text(DECK.replace("the dog", "the bad dog"))
        else:
            path.unlink()
        (home / "close").write_text("\n")
        _, told = edit.communicate(timeout=60)
    assert edit.returncode == 1
    assert ("'le chien'" if deed == "changed" else "it was deleted") in told
    kept = re.search(r"is kept in (\S+):", told)
    assert kept
    assert Path(kept[1]).read_text() == DECK.replace("the dog", "the good dog")
    assert path.exists() == (deed == "changed")
    assert deed != "changed" or "the bad dog" in path.read_text()


def test_an_edit_in_a_session_loses_no_card(home: Path) -> None:
    """While the editor of a session is open, another process adds a card: both are there."""
    terminal = Terminal(home, ["study"], env={"EDITOR": editor(home, "s/le chien/LE CHIEN/")})
    terminal.wait_for("le chien")
    terminal.type("e")
    (home / "opened").read_text()
    assert run(home, "add", "le lapin", "the rabbit").returncode == 0
    (home / "close").write_text("\n")
    terminal.wait_for("LE CHIEN")
    terminal.type("qq")
    terminal.end()
    text = (home / "data" / "decks" / "french.yaml").read_text()
    assert "LE CHIEN" in text
    assert "the rabbit" in text
