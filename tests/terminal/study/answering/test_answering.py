"""Ways of answering, and what can be done beside a card: the real program in a real terminal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from programs import Terminal, run

DECK = """deck: Ways
cards:
  - id: typed
    front: Capital of Burkina Faso?
    back: Ouagadougou
    type: true
    accept: [Wagadugu]
  - id: chosen
    front: Which is a bird?
    back: the robin
    choices: [the bat, the bee]
  - id: listed
    front: Primary colours?
    list: [red, green, blue]
  - id: gap
    cloze: The {{heart}} pumps blood.
  - id: plain
    front: le chien
    back: the dog
"""
ENDED = "Tomorrow"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has one card of each kind."""
    put(tmp_path, DECK)
    return tmp_path


def put(home: Path, text: str) -> None:
    decks = home / "data" / "decks"
    decks.mkdir(parents=True, exist_ok=True)
    (decks / "ways.yaml").write_text(text, encoding="utf-8")


def end(terminal: Terminal) -> None:
    terminal.type("q")
    terminal.wait_for(ENDED)
    terminal.type("q")
    assert terminal.end() == 0


def test_every_way_of_answering_in_fewest_keys(home: Path) -> None:
    """Type and Enter twice; a letter and Enter; space for each item; a gap filled in its place."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("Capital of Burkina Faso?", "enter compare", without="Ouagadougou")
    terminal.type("wagadugux\x7f\r")
    terminal.wait_for("✓ Wagadugu", "[4]", "enter accept 4", "Ouagadougou")
    terminal.type("\r")
    shown = terminal.wait_for("Which is a bird?", "1 / 5")
    row = next(line for line in shown.split("\n") if "the bat" in line)
    terminal.type(row.split()[0])
    terminal.wait_for("✗", "✓", "[1 Not at all]", "enter accept 1")
    terminal.type("2")
    terminal.wait_for("Primary colours?", "space item 1 of 3", without="red")
    terminal.type(" ")
    terminal.wait_for("• red", "item 2 of 3", without="green")
    terminal.type("4")
    terminal.wait_for("• red", "shows the answer first")
    terminal.type("A")
    terminal.wait_for("• green", "• blue", "How well")
    terminal.type("r")
    terminal.wait_for("item 1 of 3", without="• red")
    terminal.type("\r4")
    terminal.wait_for("The […] pumps blood.")
    terminal.type(" ")
    terminal.wait_for("The heart pumps blood.")
    terminal.type("5")
    end_early(terminal)
    assert '"rating": 4' in run(home, "show", "typed", "--json").stdout
    assert '"rating": 2' in run(home, "show", "chosen", "--json").stdout


def end_early(terminal: Terminal) -> None:
    terminal.wait_for("le chien")
    end(terminal)


def test_typing_takes_every_key_as_text(home: Path) -> None:
    """Letters that are keys elsewhere, a paste, and the keys of a shell's line; escape gets out."""
    terminal = Terminal(home, ["study", "--type", "--limit", "1"], 40, 15)
    terminal.wait_for("Capital of", "›")
    terminal.type("qsbu?1\x15\x1b[200~Ouaga\ndougou\x1b[201~")
    terminal.wait_for("› Ouaga dougou")
    terminal.resize(80, 24)
    terminal.wait_for("› Ouaga dougou", "0 / 1")
    terminal.type("\x1b")
    terminal.wait_for("t type", "q quit")
    terminal.type("tX\r")
    terminal.wait_for("✗ Ouaga dougouX", "^", "[3]")
    terminal.type("\r")
    terminal.wait_for("Capital of", "again 1", "›")
    terminal.type("\x1b")
    terminal.wait_for("space show answer")
    end(terminal)


def test_a_mark_with_a_word_of_why(home: Path) -> None:
    """Asked why by m, the card stays, `cards is:marked` lists it; emptied, the mark is off."""
    terminal = Terminal(home, ["study", "Ways", "id:plain"])
    terminal.wait_for("le chien")
    terminal.type("mwrong genderx\x7f")
    terminal.wait_for("reason: wrong gender", "enter save")
    terminal.type("\r")
    terminal.wait_for("⚑ wrong gender", "le chien", "marked")
    assert "wrong gender" in run(home, "cards", "is:marked").stdout
    terminal.type("m\x15\r")
    terminal.wait_for("mark removed", without="⚑")
    terminal.type("u")
    terminal.wait_for("undone", "⚑ wrong gender")
    terminal.type("m\x1b")
    terminal.wait_for("space show answer", without="why?")
    end(terminal)


def test_another_card_is_looked_up_without_leaving(home: Path) -> None:
    """/ searches, arrows pick, enter shows; two keys later the card is there as it was."""
    terminal = Terminal(home, ["study", "id:plain"])
    terminal.wait_for("le chien")
    terminal.type(" ")
    terminal.wait_for("the dog")
    terminal.type("/tag:nothing\r")
    terminal.wait_for("no card matches 'tag:nothing'", "the dog")
    terminal.type("/is:nonsense\r")
    terminal.wait_for("unknown state", "the dog")
    terminal.type("/a\r")
    terminal.wait_for("5 cards", "▸ Capital of")
    terminal.type("jj\x1b[Bk\r")
    terminal.wait_for("Primary colours?", "• blue", "new")
    terminal.type("x")
    terminal.wait_for("5 cards", "▸ Primary")
    terminal.type("x")
    terminal.wait_for("le chien", "the dog", "How well")
    end(terminal)


def test_a_pause_covers_the_card(home: Path) -> None:
    """The clock stops the clock until a key; the help shows the keys in force."""
    terminal = Terminal(home, ["study", "id:plain"])
    terminal.wait_for("le chien")
    terminal.type("p")
    terminal.wait_for("Paused", "The timer is stopped", without="le chien")
    terminal.type("x")
    terminal.wait_for("le chien", "timer resumed")
    terminal.type("t")
    terminal.wait_for("›", "enter compare")
    terminal.type("the dog\r")
    terminal.wait_for("✓ the dog", "[4]")
    terminal.type("   q")  # a space takes no rating, not even the one that was earned
    terminal.wait_for("1 card left for today", "No cards were answered", "c continue")
    terminal.type("c")
    terminal.wait_for("le chien", "space show answer")
    end(terminal)


def test_a_leech_is_told_gently_and_can_be_helped(home: Path) -> None:
    """The lapse that makes a leech offers to rewrite it, to suspend it, or to go on."""
    (home / "config").mkdir()
    (home / "config" / "flashcards").mkdir()
    (home / "config" / "flashcards" / "config.toml").write_text("leech = 1\n")
    terminal = Terminal(home, ["study", "id:plain"])
    terminal.wait_for("le chien")
    terminal.type(" 1")
    terminal.wait_for("Forgotten 1 time", "e rewrite it", "s suspend", "enter continue")
    terminal.type("u")
    terminal.wait_for("undone: rating 1", "the dog", "0 / 1")
    terminal.type("1")
    terminal.wait_for("Forgotten")
    terminal.type("s")
    terminal.wait_for("1 card ", ENDED)
    terminal.type("q")
    assert terminal.end() == 0
    assert '"suspended": true' in run(home, "show", "plain", "--json").stdout


def test_an_undone_answer_is_shown_as_it_was(home: Path) -> None:
    """The slip was the rating: the answer is there, and the next key rates anew."""
    terminal = Terminal(home, ["study", "id:plain"])
    terminal.wait_for("le chien")
    terminal.type(" 1")
    terminal.wait_for("again 1")
    terminal.type("u")
    terminal.wait_for('undone: rating 1 for "le chien"', "the dog", "How well")
    terminal.type("4")
    terminal.wait_for("1 card ", "recalled 1 of 1")
    terminal.type("q")
    assert terminal.end() == 0


def test_a_deck_edited_in_another_window_is_noticed(home: Path) -> None:
    """Texts are new when a card comes up, a deleted one is passed over, faults change nothing."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("Capital of")
    put(home, DECK.replace("le chien", "LE CHIEN").split("  - id: chosen")[0] + "".join(
        "  - id:" + piece for piece in DECK.replace("le chien", "LE CHIEN").split("  - id:")[3:]
    ))  # fmt: skip
    terminal.type("x\r\r")
    terminal.wait_for("Primary colours?", "skipped: it is no longer in any deck")
    put(home, DECK.replace("front: le chien", "fornt: le chien"))
    terminal.type("A4")
    terminal.wait_for("The […]", "valid version")
    terminal.type(" 4")
    terminal.wait_for("LE CHIEN")
    end(terminal)


def test_two_windows_ask_no_card_twice(home: Path) -> None:
    """What was answered in one since is passed over in the other."""
    one = Terminal(home, ["study", "--limit", "3"])
    other = Terminal(home, ["study", "--limit", "3"])
    one.wait_for("Capital of")
    other.wait_for("Capital of")
    one.type("ouagadougou\r\r")
    one.wait_for("Which is a bird?")
    one.type(" 4")
    one.wait_for("Primary")
    other.type("ouagadougou\r")
    other.wait_for("Primary", "skipped: it was answered elsewhere", without="the robin")
    other.type("A")
    other.wait_for("• blue")
    one.type("A4")
    one.wait_for("3 cards")
    other.type("r")
    other.wait_for("item 1 of 3")
    other.type(" ")
    other.wait_for("No cards were answered", "skipped: it was answered elsewhere")
    one.type("q")
    other.type("q")
    assert (one.end(), other.end()) == (0, 0)


def test_keys_of_ones_own(home: Path) -> None:
    """config.toml rebinds keys: they work, the bottom line and the help tell them."""
    folder = home / "config" / "flashcards"
    folder.mkdir(parents=True)
    config = folder / "config.toml"
    config.write_text('[keys]\nundo = ["z", "ctrl-u"]\nrate_4 = "g"\nquit = "x"\n')
    terminal = Terminal(home, ["study", "id:plain"], rows=30)
    terminal.wait_for("z undo", "x quit")
    terminal.type("?")
    terminal.wait_for("z  ctrl-u", "g  5", "x  ")
    terminal.type("y")
    terminal.wait_for("le chien")
    terminal.type(" ")
    terminal.wait_for("g ", "the dog")
    terminal.type("g")
    terminal.wait_for("1 card ")
    terminal.type("x")
    assert terminal.end() == 0
    config.write_text('[keys]\nundo = "s"\n')
    found = run(home, "study")
    assert found.returncode == 1
    assert "undo uses the key 's', which belongs to suspend" in found.stderr


@pytest.mark.parametrize("seed", range(3))
def test_mashed_keys_break_nothing(home: Path, seed: int) -> None:
    """Any keys in any order, resizes between them: the program lives, and ends when told to."""
    rng = random.Random(seed)
    keys = [
        *"12345 ubsmri?/pqAtjkh\rxyz\x7f\x15",
        "\x1b[A",
        "\x1b[B",
        "\x1b[200~q 5\x1b[201~",
        "\x1b",
    ]
    terminal = Terminal(home, ["study", *(["--type"] if seed == 1 else [])], env={"EDITOR": "true"})
    terminal.wait_for("Capital of")
    for _ in range(12):
        terminal.type("".join(rng.choices(keys, k=15)))
        terminal.resize(rng.randrange(20, 120), rng.randrange(5, 40))
        terminal._take(0.02)
    os.kill(terminal.pid, 15)
    assert terminal.end() in (0, 128 + 15, -15)
    assert "Traceback" not in terminal.raw.decode("utf-8", "replace")
    assert run(home, "doctor").returncode == 0


def test_a_window_closed_while_typing_loses_nothing(home: Path) -> None:
    """With a half-typed answer the session ends, and what was rated is kept."""
    terminal = Terminal(home, ["study", "--type"])
    terminal.wait_for("Capital of")
    terminal.type("ouagadougou\r\r")
    terminal.wait_for("bird?")
    terminal.type(" 4")
    terminal.wait_for("Primary")
    terminal.type("half")
    terminal.wait_for("› half")
    terminal.close()
    os.waitpid(terminal.pid, 0)
    assert '"reviews": 2' in run(home, "stats", "--json").stdout
