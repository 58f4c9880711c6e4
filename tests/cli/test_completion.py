"""At a tab the shell offers decks, tags and cards, at once and without a word beside."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from factories import DECK
from programs import command, environment, run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with two decks, already read."""
    home = tmp_path_factory.mktemp("completion")
    decks = home / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    (decks / "b.yaml").write_text("deck: Rare & French birds\ncards:\n- {front: a, back: b}\n")
    run(home, "due")
    return home


def offered(home: Path, shell: str, **typed: str) -> list[str]:
    """Return what is offered for words that are typed, as the shell gets it."""
    found = subprocess.run(
        command(),
        env=environment(home, _FLASHCARDS_COMPLETE=f"complete_{shell}", **typed),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not found.stderr
    return found.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("flashcards stu", 1, ["study"]),
        ("flashcards catch", 1, ["catch-up"]),
        ("flashcards study R", 2, ["Rare"]),
        ("flashcards study --tag ", 3, ["language"]),
        ("flashcards study --order h", 3, ["hardest"]),
        ("flashcards show d", 2, ["dog"]),
        ("flashcards cards is : le", 4, ["learning", "leech"]),
        ("flashcards study tag :", 3, ["language"]),
        ("flashcards config set rep", 3, ["repeat_below"]),
        ("flashcards config g", 2, ["get"]),
    ],
)
def test_bash_is_offered(home: Path, words: str, at: int, expected: list[str]) -> None:
    """Bash breaks words at colons; what it gets back fits behind them."""
    assert offered(home, "bash", COMP_WORDS=words, COMP_CWORD=str(at)) == expected


def test_zsh_and_fish_are_offered_with_a_word_of_what_it_is(home: Path) -> None:
    """The other shells show the front beside a card's id."""
    zsh = offered(home, "zsh", _TYPER_COMPLETE_ARGS="flashcards show c")
    assert '"cat":"le chat"' in "".join(zsh)
    fish = offered(
        home,
        "fish",
        _TYPER_COMPLETE_ARGS="flashcards show c",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert fish == ["cat\tle chat"]


def test_an_empty_machine_offers_nothing_and_makes_nothing(tmp_path: Path) -> None:
    """A tab never creates a store."""
    found = offered(tmp_path, "bash", COMP_WORDS="flashcards show ", COMP_CWORD="2")
    assert found == [""]
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_in_a_real_bash(home: Path) -> None:
    """The script that the program gives to bash completes in it."""
    program = home / "bin" / "flashcards"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {" ".join(command())} "$@"\n')
    program.chmod(0o700)
    script = (
        'eval "$(flashcards --show-completion bash)"; '
        "COMP_WORDS=(flashcards show c); COMP_CWORD=2; _flashcards_completion flashcards; "
        'echo "${COMPREPLY[*]}"'
    )
    env = environment(home)
    env["PATH"] = f"{program.parent}:{env['PATH']}"
    found = subprocess.run(
        ["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.stdout.split() == ["cat"], found.stderr
