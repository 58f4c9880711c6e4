"""The study screen as a person meets it: the real program in a real terminal."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from pathlib import Path

import pytest

from factories import DECK
from flashcards.terminal.device.keyboard import LEAVE_SCREEN
from programs import Terminal, run

HARD = """deck: Hard
cards:
  - front: "[/nope] :smile: \\x1b]52;c;QUJD\\x07 \\u202eabc"
    back: |
      LONG
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def test_one_key_a_step(home: Path) -> None:
    """Space shows the answer, a figure rates it, and the next card is there."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien", "0 / 4", "space show answer", without="the dog")
    terminal.type(" ")
    terminal.wait_for("the dog", "How well did you know this?", "forgot", "recalled")
    terminal.type("4")
    terminal.wait_for("le chat", "1 / 4")
    terminal.type("q")
    terminal.wait_for("1 card ", "recalled 1 of 1", "Tomorrow")
    terminal.type("q")
    assert terminal.end() == 0
    after = terminal.raw.rpartition(LEAVE_SCREEN)[2].decode().strip()
    assert re.fullmatch(r"1 card in \d+ s, recalled 1 of 1\. Tomorrow 1 due\. Streak 1 day\.", after)
    assert '"rating": 4' in run(home, "show", "dog", "--json").stdout


def test_figures_before_the_answer_rate_nothing(home: Path) -> None:
    """A key pressed too early gives a hint, not a rating."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type("5")
    terminal.wait_for("space shows the answer first")
    terminal.type("q")
    terminal.wait_for("No cards were answered")
    terminal.type("q")
    assert terminal.end() == 0


def test_undo_from_the_next_card_and_from_the_summary(home: Path) -> None:
    """Undo brings the card back, also when the session is over, also twice."""
    terminal = Terminal(home, ["study", "--limit", "2"])
    terminal.wait_for("le chien")
    terminal.type(" 4")
    terminal.wait_for("le chat")
    terminal.type(" 5")
    terminal.wait_for("2 cards", "u undo last")
    terminal.type("u")
    terminal.wait_for("le chat", "1 / 2")
    terminal.type("u")
    terminal.wait_for("le chien", "0 / 2")
    terminal.type("qq")
    assert terminal.end() == 0
    assert '"reviews": 0' in run(home, "stats", "--json").stdout


def test_a_summary_is_left_on_purpose(home: Path) -> None:
    """Space and figures do nothing there, and an undo is told only where there is something to undo."""
    terminal = Terminal(home, ["study", "--limit", "1"])
    terminal.wait_for("le chien")
    terminal.type("q")
    terminal.wait_for("1 card left", "c continue", "enter close", without="undo last")
    terminal.type(" 12345 ")
    terminal.type("c")
    terminal.wait_for("le chien", "space show answer", without="left for today")
    terminal.type(" 4")
    terminal.wait_for("Done for today", "u undo last", without="c continue")
    terminal.type("  4 1 ")
    terminal.resize(60, 20)
    terminal.wait_for("recalled 1 of 1", "enter close")
    terminal.type("\r")
    terminal.wait_for("1 card in", "Streak 1 day.")
    assert terminal.end() == 0
    assert '"reviews": 1' in run(home, "stats", "--json").stdout


def test_suspend_bury_and_their_undo(home: Path) -> None:
    """Both take the card away at once, and undo brings it back."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type("s")
    terminal.wait_for("le chat", "suspended")
    terminal.type("b")
    terminal.wait_for("the bird", "buried")
    terminal.type("u")
    terminal.wait_for("le chat")
    terminal.type("u")
    terminal.wait_for("le chien")
    terminal.type("qq")
    assert terminal.end() == 0


def test_help_and_history(home: Path) -> None:
    """? tells the keys, i the card's answers; any key leads back."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type("?")
    terminal.wait_for("Keys", "suspend: stop asking")
    terminal.type("x")
    terminal.wait_for("le chien", without="Keys")
    terminal.type("i")
    terminal.wait_for("No answers yet")
    terminal.type("x")
    terminal.wait_for("space show answer")
    terminal.type("qq")
    assert terminal.end() == 0


def test_long_answers_scroll_and_resizing_redraws(home: Path) -> None:
    """What does not fit is a key away; a new size is a new frame."""
    items = "\n".join(f"      - item {i}" for i in range(60))
    (home / "data" / "decks" / "a.yaml").write_text(HARD.replace("      LONG", items))
    terminal = Terminal(home, ["study", "Hard"], 40, 15)
    terminal.wait_for("[/nope] :smile:", "<1b>]52;c;QUJD")
    terminal.type(" ")
    terminal.wait_for("item 0", "more lines")
    terminal.type("jjjj")
    terminal.wait_for("item 8", without="item 0\n")
    terminal.type("\x1b[F")
    terminal.wait_for("item 59", "↑ end")
    terminal.resize(100, 40)
    terminal.wait_for("5 Perfectly", "item 40")
    terminal.type("qq")
    assert terminal.end() == 0
    assert b"\x1b]52" not in terminal.raw


def test_pasted_text_rates_nothing(home: Path) -> None:
    """A paste is swallowed whole."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type("\x1b[200~ 5 4 s b\x1b[201~?")
    terminal.wait_for("Keys")
    terminal.type("xqq")
    assert terminal.end() == 0
    assert 'reviews": 0' in run(home, "stats", "--json").stdout


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 15)])
def test_a_deck_that_an_edit_broke_is_told_once_and_opened_again(home: Path, columns: int, rows: int) -> None:
    """With its line and what to write; the next edit begins at the fault, and mends it."""
    editor = home / "vim"
    editor.write_text(
        '#!/bin/sh\necho "$1" >> "$HOME/lines"\n'
        'if grep -q \'"the dog\' "$2"; then sed -i \'s/"the dog/a dog/\' "$2"\n'
        'else sed -i \'s/the dog/"the dog/\' "$2"; fi\n'
    )
    editor.chmod(0o755)
    terminal = Terminal(home, ["study"], columns, rows, env={"EDITOR": str(editor)})
    terminal.wait_for("le chien")
    terminal.type("e")
    terminal.wait_for("decks/french.yaml:6", "le chien")
    told = " ".join(terminal.text().split())
    assert told.count("french.yaml") == told.count("never closed") == 1
    assert 'write back: "the dog"' in told
    terminal.type("e")
    terminal.wait_for("le chien", without="french.yaml")
    terminal.type(" ")
    terminal.wait_for("a dog")
    terminal.type("qq")
    assert terminal.end() == 0
    assert (home / "lines").read_text().split() == ["+4", "+6"]


def test_editing_comes_back_to_the_card(home: Path) -> None:
    """The editor gets the file and the line; the changed card is shown."""
    editor = home / "vim"
    editor.write_text('#!/bin/sh\necho "$1" > "$HOME/line"\nsed -i "s/le chien/LE CHIEN/" "$2"\n')
    editor.chmod(0o755)
    terminal = Terminal(home, ["study"], env={"EDITOR": str(editor)})
    terminal.wait_for("le chien")
    terminal.type("e")
    terminal.wait_for("LE CHIEN", "space show answer")
    terminal.type("qq")
    assert terminal.end() == 0
    assert (home / "line").read_text() == "+4\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_terminal_is_given_back_whatever_happens(home: Path, number: int) -> None:
    """After a signal the screen and the line settings are as they were."""
    terminal = Terminal(home, ["study"])
    before = termios.tcgetattr(terminal._fd)
    terminal.wait_for("le chien")
    assert termios.tcgetattr(terminal._fd) != before
    os.kill(terminal.pid, number)
    end = {signal.SIGINT: 130}.get(signal.Signals(number), 128 + number)
    while b"\x1b[?1049l" not in terminal.raw:
        assert terminal._take(5)
    latest = time.monotonic() + 5
    while termios.tcgetattr(terminal._fd) != before and time.monotonic() < latest:
        terminal._take(0.05)  # the settings come right after the screen
    assert termios.tcgetattr(terminal._fd) == before
    assert terminal.end() == end


def test_a_closed_window_loses_nothing(home: Path) -> None:
    """What was rated before the window was closed is kept."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type(" 4")
    terminal.wait_for("le chat")
    terminal.close()
    os.waitpid(terminal.pid, 0)
    assert '"reviews": 1' in run(home, "stats", "--json").stdout


def test_an_acknowledged_rating_survives_a_kill(home: Path) -> None:
    """When the next card is on the screen, the rating before it is on the disk."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    terminal.type(" 4")
    terminal.wait_for("le chat")
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL
    assert '"rating": 4' in run(home, "show", "dog", "--json").stdout


def test_a_rating_that_cannot_be_kept_is_not_counted(home: Path) -> None:
    """With a journal that cannot be written the card stays, and the screen says why."""
    (home / "data" / "journal").mkdir()
    terminal = Terminal(home, ["study"], 100, 24)
    terminal.wait_for("le chien")
    (home / "data" / "journal").rmdir()
    (home / "data" / "journal").write_text("in the way")
    terminal.type(" 4")
    terminal.wait_for("le chien", "Not saved", "0 / 4")
    terminal.type("q")
    terminal.wait_for("No cards were answered", "cannot be read")
    terminal.type("q")
    assert terminal.end() == 1


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "xterm"}, {"PYTHONIOENCODING": "ascii"}])
def test_every_kind_of_terminal(home: Path, env: dict[str, str]) -> None:
    """Without colour, with few, or with ASCII alone, the screen says the same."""
    terminal = Terminal(home, ["study"], env=env)
    terminal.wait_for("le chien", "space show answer")
    terminal.type(" ")
    terminal.wait_for("the dog", "5 Perfectly")
    terminal.type("4qq")
    assert terminal.end() == 0
    if "NO_COLOR" in env:
        assert b"\x1b[36m" not in terminal.raw


def test_a_dumb_terminal_gets_lines(home: Path) -> None:
    """TERM=dumb studies in lines."""
    terminal = Terminal(home, ["study"], env={"TERM": "dumb"})
    terminal.wait_for("[1/4] French", "(Enter shows the answer)")
    terminal.type("\n")
    terminal.wait_for("the dog")
    terminal.type("q\n")
    assert terminal.end() == 0


def test_a_light_terminal_gets_its_colours(home: Path) -> None:
    """A terminal is asked once for its background; its answer comes in pieces, and is no key."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("le chien")
    assert terminal.raw.count(b"\x1b]11;?") == 1
    assert b"\x1b[36m" in terminal.raw
    terminal.type(" ")
    terminal.wait_for("How well")
    for piece in ("\x1b]11;rgb:ffff/ff", "11/1111", "\x1b\\"):
        terminal.type(piece)
        time.sleep(0.1)
    terminal.wait_for("How well")
    while b"\x1b[34m" not in terminal.raw:
        assert terminal._take(5)
    assert "0 / 4" in terminal.text()
    terminal.type("q")
    terminal.wait_for("left for today")
    terminal.type("q")
    assert terminal.end() == 0


def test_no_colour_where_none_is_wanted(home: Path) -> None:
    """With NO_COLOR nothing is asked, and nothing is coloured."""
    terminal = Terminal(home, ["study"], env={"NO_COLOR": "1"})
    terminal.wait_for("le chien")
    terminal.type(" ")
    terminal.wait_for("How well")
    assert b"\x1b]11;" not in terminal.raw
    assert not re.search(rb"\x1b\[[0-9;]*\b[349][0-7]m", terminal.raw)
    terminal.type("qq")
    assert terminal.end() == 0
