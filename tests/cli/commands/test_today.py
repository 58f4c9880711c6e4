"""`flashcards` alone, run as a person runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from programs import Terminal, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def told(home: Path, *words: str, days: int = 0) -> Any:
    """Return the JSON that a command prints."""
    return json.loads(run(home, *words, "--json", days=days).stdout)


def test_the_first_time_there_is_something_to_do(tmp_path: Path) -> None:
    """An empty store gets the bundled deck, is told so, and what to type."""
    found = run(tmp_path)
    assert "Transformers, RAG & LoRA, 55 cards" in found.stderr
    assert found.stdout.splitlines() == [
        "0 due   20 new   about 3 min",
        "Transformers, RAG & LoRA  20 new",
        "no streak yet: answer a card to start one",
        "tomorrow 20 new, about 3 min",
        "flashcards study",
    ]
    assert run(tmp_path).stderr == ""


def test_a_library_without_decks(home: Path) -> None:
    """Someone who took all decks out is told how to bring one in."""
    run(home, "due")
    shutil.rmtree(home / "data" / "decks")
    lines = run(home).stdout.splitlines()
    assert lines == ["You have no decks yet.", "flashcards import FILE"]


def test_through_a_day(home: Path) -> None:
    """Waiting, only repeats left, done, and the day after."""
    run(home, "study", text="\n4\n\n4\n\n4\n\n1\nq\n")
    assert run(home).stdout.startswith("0 due   0 new   1 to repeat   about 1 min\n")
    run(home, "study", text="\n4\n")
    done = run(home).stdout.splitlines()
    assert done[0].startswith("0 due   0 new   done for today: 5 answers in ")
    assert done[1].startswith("streak 1 day · your longest · today 5 answers in ")
    assert done[2] == "tomorrow 4 due, about 1 min"
    assert done[3] == "flashcards stats"
    after = run(home, days=1).stdout.splitlines()
    assert after[:3] == [
        "4 due   0 new   about 1 min",
        "French  4 due",
        "streak 1 day · your longest · no answer yet today",
    ]


def test_it_says_what_due_says(home: Path) -> None:
    """The two agree in every count, from a fresh index and from none."""
    run(home, "study", text="\n4\n\n2\nq\n")
    for days in (0, 1, 30):
        due, today = told(home, "due", days=days), told(home, "today", days=days)
        assert {name: today[name] for name in due} == due
    quick = told(home)
    shutil.rmtree(home / "cache")
    assert told(home) == quick
    assert quick["next"] == "flashcards study"


def test_plain_lines_are_there_on_a_terminal(home: Path) -> None:
    """`--plain` prints today in lines where the home would open."""
    terminal = Terminal(home, ["--plain"])
    assert "French  4 new" in terminal.wait_for("flashcards study")
    assert terminal.end() == 0


def test_a_faulty_deck_is_told_beside(home: Path) -> None:
    """The lines stay as they are; one more on standard error says what to type."""
    (home / "data" / "decks" / "bad.yaml").write_text("cards:\n- fornt: a\n")
    for _ in range(2):
        found = run(home)
        assert found.stderr.splitlines()[-1].endswith("flashcards check")
        assert found.stdout.startswith("0 due   4 new")


def test_a_small_terminal(home: Path) -> None:
    """At 40 columns nothing is wider than the screen."""
    terminal = Terminal(home, ["today"], columns=40, rows=15)
    shown = terminal.wait_for("flashcards study")
    assert terminal.end() == 0
    assert shown.splitlines()[:2] == ["0 due   4 new   about 1 min", "French  4 new"]
    assert b"\x1b[1m0 due   4 new   about 1 min\x1b[0m\r\nFrench  4 new\r\n" in terminal.raw
    assert b"\x1b[1mflashcards study\x1b[0m" in terminal.raw


@pytest.mark.parametrize("template", ["{due}+{new} %d {learning}{x}", "é \x07{new}"])
def test_a_prompt_has_its_own_line(home: Path, template: str) -> None:
    """`due --format` fills in numbers, with and without the store, and ends as `due` does."""
    slow = run(home, "due", "--format", template)
    fast = [run(home, "due", f"--format={template}"), run(home, "due", "French", "--format", template)]
    line = template.replace("{due}", "0").replace("{new}", "4").replace("{learning}", "0")
    assert [(done.returncode, done.stdout) for done in (slow, *fast)] == [(0, f"{line}\n")] * 3


def test_long_lists_are_paged_and_errors_are_red(home: Path, tmp_path: Path) -> None:
    """A list longer than the terminal goes to the pager; an error begins in red, unless colour is off."""
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nprintf 'PAGED '\nhead -n 1\n", encoding="utf-8")
    pager.chmod(0o755)
    screen = Terminal(home, ["cards"], rows=4, env={"PAGER": str(pager)})
    screen.wait_for("PAGED card")
    assert screen.end() == 0
    for env in ({}, {"NO_COLOR": "1"}):
        screen = Terminal(home, ["show", "x", "y"], env=env)
        screen.wait_for("'y' is more than this command takes")
        assert (b"\x1b[31m" in screen.raw) is ("NO_COLOR" not in env)
