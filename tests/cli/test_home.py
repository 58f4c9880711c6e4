"""The home in a real terminal: what its keys run, and that one comes back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factories import DECK
from programs import Terminal, run

DOWN, ENTER = "\x1b[B", "\r"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK, and a second deck below it."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    (decks / "verbs.yaml").write_text("deck: French::Verbs\ncards:\n- {front: aller, back: to go}\n")
    return tmp_path


def test_a_session_begins_and_ends_at_home(home: Path) -> None:
    """Enter studies the picked deck and no other; afterwards the home shows what is left."""
    terminal = Terminal(home, [])
    terminal.wait_for("▸ French", "  Verbs", "0 of 5", "0 due   5 new")
    terminal.type(DOWN + ENTER)
    terminal.wait_for("aller", "0 / 1")
    terminal.type(" 4")
    terminal.wait_for("Done for today", "1 card")
    terminal.type("q")
    terminal.wait_for("▸   Verbs", "1 of 5", "0 due   4 new")
    terminal.type(ENTER)
    terminal.wait_for("None of these cards are due", "▸   Verbs")
    terminal.type("q")
    assert terminal.end() == 0


def test_what_a_command_prints_is_there_until_enter(home: Path) -> None:
    """`i` asks for a path and imports it; the report stays; the new deck is in the list then."""
    (home / "more cards.csv").write_text("un,one\ndeux,two\n")
    terminal = Terminal(home, [])
    terminal.wait_for("▸ French")
    terminal.type("i")
    terminal.wait_for("file or folder:", "enter import")
    terminal.type("~/more cards.csv" + ENTER)
    terminal.wait_for("2 added", "Press Enter")
    terminal.type(ENTER)
    terminal.wait_for("▸ French", "more cards", "7 new")
    terminal.type("i/nowhere" + ENTER)
    terminal.wait_for("flashcards: /nowhere", "Press Enter")
    terminal.type(ENTER)
    terminal.wait_for("▸ French")
    terminal.type("S")
    terminal.wait_for("1 Overview")
    terminal.type("q")
    terminal.wait_for("▸ French")
    terminal.type("q")
    assert terminal.end() == 0


def test_sync_has_a_key_once_there_is_a_remote(home: Path) -> None:
    """The home says how long ago the last sync was, and what waits; `y` syncs."""
    subprocess.run(["git", "init", "-q", "--bare", str(home / "remote")], check=True)
    assert run(home, "sync", str(home / "remote")).returncode == 0
    (home / "data" / "decks" / "new.yaml").write_text("deck: New\ncards:\n- {front: a, back: b}\n")
    terminal = Terminal(home, [])
    terminal.wait_for("y sync", "last sync just now, 1 file waits")
    terminal.type("y")
    terminal.wait_for("Press Enter")
    terminal.type(ENTER)
    terminal.wait_for("▸ French", "last sync just now", without="waits")
    terminal.type("\x04")
    assert terminal.end() == 0


def test_catch_up_has_a_key_when_two_days_load_waits(tmp_path: Path) -> None:
    """Cards from before are counted in a line; `c` leads to the ways to spread them."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "many.yaml").write_text(
        "deck: Many\ncards:\n" + "".join(f"- {{front: q{n}, back: a{n}}}\n" for n in range(50))
    )
    run(tmp_path, "study", "--new", "50", text="\n4\n" * 50)
    tomorrow = Terminal(tmp_path, [], days=1)
    tomorrow.wait_for("50 due", without="catch-up")
    tomorrow.type("q")
    assert tomorrow.end() == 0
    later = Terminal(tmp_path, [], days=4)
    later.wait_for("50 cards from before: c spreads them", "c catch-up")
    later.type("c")
    later.wait_for("old cards per day")
    later.type("1" + ENTER)
    later.wait_for("Press Enter")
    later.type(ENTER)
    later.wait_for("17 due   33 in the backlog", "enter study", without="c spreads them")
    later.type("q")
    assert later.end() == 0


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"NO_COLOR": "1"}, "▸ French"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}, "> French"),
    ],
    ids=["no colour", "ascii"],
)
def test_it_works_without_colour_and_in_ascii(home: Path, env: dict[str, str], wanted: str) -> None:
    """No colour is sent where none is wanted, and nothing but ASCII where only that is known."""
    terminal = Terminal(home, [], columns=40, rows=15, env=env)
    terminal.wait_for(wanted, "? keys")
    terminal.resize(90, 20)
    terminal.wait_for(wanted, "i import")
    terminal.type("q")
    assert terminal.end() == 0
    assert b"\x1b[36m" not in terminal.raw if "NO_COLOR" in env else terminal.raw.isascii()


def test_a_faulty_deck_is_told(home: Path) -> None:
    """A fault in a deck file is told on the home, from a fresh index and from none."""
    (home / "data" / "decks" / "bad.yaml").write_text("cards:\n- fornt: a\n")
    for _ in range(2):
        terminal = Terminal(home, [])
        terminal.wait_for("Some deck files have errors", "flashcards check")
        terminal.type("q")
        assert terminal.end() == 0


def test_a_torn_index_is_built_again(home: Path) -> None:
    """The home, and a session that is begun there, go on with a new one."""
    run(home, "due")
    index = home / "cache" / "flashcards" / "index.sqlite"
    size = index.stat().st_size
    terminal = None
    for keys, wanted in (("", "0 due   5 new"), (ENTER, "space show answer")):
        with index.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (size - 4096))
        terminal = terminal or Terminal(home, [])
        terminal.type(keys)
        terminal.wait_for(wanted)
    assert terminal is not None
    terminal.type("q")
    terminal.wait_for("No cards were answered")
    terminal.type("q")
    terminal.wait_for("▸ French")
    terminal.type("q")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.raw.decode("utf-8", "replace")
