"""New cards go in by every way there is, change no other card, and are not there twice unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import DECK
from programs import Terminal, run

COMMENTED = f"# mine\n{DECK}  # the last word\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK, with comments."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(COMMENTED, encoding="utf-8")
    return tmp_path


def deck(home: Path, name: str = "french.yaml") -> str:
    return (home / "data" / "decks" / name).read_text("utf-8")


def editor(home: Path, text: str, *more: str) -> str:
    """Return an EDITOR that writes a text, and others when it is opened again."""
    for i, content in enumerate((text, *more)):
        (home / f"text{i}").write_text(content, encoding="utf-8")
    path = home / "editor"
    path.write_text(
        f'#!/bin/sh\nn=$(cat {home}/n 2>/dev/null || echo 0)\ncat {home}/text$n > "$1"\n'
        f"echo $((n+1)) > {home}/n\n"
    )
    path.chmod(0o700)
    return str(path)


def test_a_card_comes_to_the_end_and_all_else_stays(home: Path) -> None:
    """Front and back as arguments; what was there is there, byte for byte."""
    found = run(home, "add", "le lapin", "- the **rabbit**", "--tag", "farm", "--id", "rabbit")
    assert found.stdout.startswith("Added to French: rabbit  le lapin   decks/french.yaml:")
    assert deck(home).startswith(COMMENTED.split("  # the last", maxsplit=1)[0].rstrip())
    assert "# the last word" in deck(home)
    card = json.loads(run(home, "show", "rabbit", "--json").stdout)
    assert (card["back"], card["tags"]) == ("- the **rabbit**", ["language", "farm"])
    assert run(home, "check").returncode == 0


def test_gaps_and_both_ways(home: Path) -> None:
    """A sentence with gaps needs no back; --reverse makes two cards."""
    found = json.loads(run(home, "add", "The {{sun}} and the {{moon}}", "--json").stdout)
    assert len(found["added"]) == 2
    found = json.loads(run(home, "add", "le pain", "bread", "--reverse", "--json").stdout)
    assert [card["front"] for card in found["added"]] == ["le pain", "bread"]
    assert run(home, "add", "--cloze", "no gap").returncode == 2
    assert run(home, "add", "a front alone").returncode == 2


def test_a_new_name_makes_a_deck(home: Path) -> None:
    """It begins with the line by which editors know what belongs into it."""
    found = json.loads(run(home, "add", "uno", "one", "--deck", "El español", "--json").stdout)
    assert (found["made"], found["path"]) == (True, "decks/el-español.yaml")
    assert deck(home, "el-español.yaml").startswith("# yaml-language-server: $schema=deck.")
    assert (home / "data" / "decks" / "deck.schema.json").exists()
    assert run(home, "add", "dos", "two", "--deck", "el ESPAÑOL").returncode == 0
    assert "dos" in deck(home, "el-español.yaml")


def test_what_is_there_already_is_told(home: Path) -> None:
    """Much the same question is not added unasked; with --force it is, beside the other."""
    before = deck(home)
    for front in ("le chien", "Le Chien?", "**le chien**"):
        found = run(home, "add", front, "hound")
        assert (found.returncode, "dog (French): le chien" in found.stderr) == (1, True)
    assert deck(home) == before
    assert run(home, "add", "the bird", "l'oisillon", "--force").returncode == 0
    assert run(home, "check").returncode == 0
    assert len(json.loads(run(home, "cards", "text:bird", "--json").stdout)) == 2
    assert run(home, "add", "le chat noir du voisin", "x").returncode == 0


def test_a_pipe_brings_all_its_lines_or_none(home: Path) -> None:
    """Both sides on a line, a tab between; a faulty line is named and nothing is written."""
    before = deck(home)
    wrong = run(home, "add", text="le pain\tbread\nle vin wine\n")
    assert (wrong.returncode, "line 2" in wrong.stderr, deck(home)) == (2, True, before)
    twice = run(home, "add", text="le pain\tbread\nle chien\tdog\n")
    assert (twice.returncode, deck(home)) == (1, before)
    found = run(home, "add", text="le pain\tbread\n\nle vin\twine\n")
    assert found.stdout.count("Added to French") == 2
    assert run(home, "add", text="").returncode == 2


def test_an_editor_brings_cards_and_opens_again_at_a_fault(home: Path) -> None:
    """What was written is checked before anything is added."""
    sound = "cards:\n- front: a\n  back: b\n- front: c\n  back: d\n  reverse: true\n"
    terminal = Terminal(
        home,
        ["add", "--edit", "--tag", "new"],
        env={"EDITOR": editor(home, "cards:\n- x\n", sound)},
    )
    terminal.wait_for("a card must be a mapping with front and back", "Open it again? [Y/n]")
    terminal.type("\n")
    terminal.wait_for("Added to French")
    assert terminal.end() == 0
    assert len(json.loads(run(home, "cards", "tag:new", "--json").stdout)) == 3
    (home / "n").unlink()
    piped = run(home, "add", "--edit", EDITOR=editor(home, "cards:\n- x\n"))
    assert (piped.returncode, "Nothing was added" in piped.stderr) == (1, True)
    assert "Nothing was added" in run(home, "add", "--edit", EDITOR="true").stdout


def test_line_by_line_in_a_row(home: Path) -> None:
    """Front, back, an empty line; what is alike is asked for; an empty front ends it."""
    terminal = Terminal(home, ["add"])
    terminal.wait_for("Front (empty to finish):")
    terminal.type("le pain\nbread\n\n")
    # Each prompt is waited for: what is typed before it is echoed above it, and lines break elsewhere.
    terminal.wait_for("Added to French", "le pain", "french.yaml:16\nFront (empty to finish):")
    terminal.type("la liste\n- one\n- two\n\n")
    terminal.wait_for("la liste   decks", "french.yaml:19\nFront (empty to finish):")
    terminal.type("le chien\n")
    terminal.wait_for("Add it anyway? [y/N]")
    terminal.type("n\n")
    terminal.wait_for("[y/N] n\nFront (empty to finish):")
    terminal.type("The {{sun}} shines\n")
    terminal.wait_for("The […]")
    terminal.type("\n")
    assert terminal.end() == 0
    assert "- one\n      - two" in deck(home)


def test_an_edit_is_checked_and_the_history_follows(home: Path) -> None:
    """A fault opens the editor again; a reworded card goes on where it was."""
    run(home, "study", "id:dog", text="\n4\n")
    card = json.loads(run(home, "cards", "text:bird", "--json").stdout)[0]["id"]
    run(home, "study", f"id:{card}", text="\n5\n")
    reworded = COMMENTED.replace("the bird", "the small bird")
    faulty = COMMENTED.replace("back: the dog", "back: a: b")
    terminal = Terminal(home, ["edit", "dog"], env={"EDITOR": editor(home, faulty, reworded)})
    terminal.wait_for("needs quotes", "Open it again?")
    terminal.type("y\n")
    terminal.wait_for("it keeps its history", "decks/french.yaml: no errors")
    assert terminal.end() == 0
    found = json.loads(run(home, "show", "the small bird", "--json").stdout)
    assert len(found["reviews"]) == 1
    piped = run(home, "edit", "dog", EDITOR=f"cp {home}/text0")
    assert piped.returncode == 1
    assert "as in the last valid version" in piped.stderr
    assert run(home, "edit").returncode == 2
    assert run(home, "edit", "nothing-like-it", EDITOR="true").returncode == 1


def test_a_card_goes_to_the_deck_used_last(home: Path) -> None:
    """Without --deck it is the deck of the last card; a setting goes before that, and undo counts."""
    assert run(home, "add", "uno", "one", "-d", "Spanish").returncode == 0
    for words in (["dos", "two"], ["tres", "three"]):
        assert run(home, "add", *words).stdout.startswith("Added to Spanish: ")
    for _ in range(3):
        run(home, "undo")
    (home / "data/decks/other.yaml").write_text("deck: Other\ncards: []\n")
    which = run(home, "add", "le sel", "salt")
    assert (which.returncode, "Which deck?" in which.stderr) == (2, True)
    (home / "data/decks/other.yaml").unlink()
    assert run(home, "add", "le sel", "salt").stdout.startswith("Added to French: ")
    run(home, "config", "set", "default_deck", "Italian")
    assert run(home, "add", "sale", "salt").stdout.startswith("Added to Italian (a new deck): ")
    assert run(home, "add", "le lait", "milk", "-d", "french").stdout.startswith("Added to French: ")


def test_nothing_goes_into_the_sample_deck_unasked(tmp_path: Path) -> None:
    """Beside the sample deck alone, a deck of one's own begins; the welcome says how to remove the sample."""
    welcome = run(tmp_path, "today").stderr
    assert run(tmp_path, "add", "uno", "one").stdout.startswith("Added to My cards (a new deck): ")
    assert run(tmp_path, "add", "dos", "two", "--deck", "transformers, rag & lora").returncode == 0
    assert run(tmp_path, "add", "tres", "three").stdout.startswith("Added to Transformers, RAG & LoRA: ")
    remove = welcome.strip().rpartition("flashcards ")[2].split()
    assert remove == ["delete", "deck:Transformers"]
    assert run(tmp_path, *remove).stdout.startswith("Deleted 57 cards")
    listed = run(tmp_path, "decks")
    assert (listed.stderr, "Transformers" in listed.stdout, "My cards" in listed.stdout) == ("", False, True)
    run(tmp_path, "delete", "uno")
    assert run(tmp_path, "today").stderr == ""
    assert not list((tmp_path / "data/decks").glob("*.yaml"))
