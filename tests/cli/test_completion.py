"""At a tab the shell offers decks, tags and cards, and runs nothing that a stranger wrote."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from factories import DECK
from flashcards.app.search_arguments import split_decks_and_search
from flashcards.core.deck_names import pick_decks
from programs import Terminal, command, environment, run

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--interactive"],
}
READY = "ready>"
PREPARE = {
    "bash": "PS1='rea''dy>'; bind 'set enable-bracketed-paste off' 'set bell-style none'; ",
    "zsh": "PS1='rea''dy>'; autoload -Uz compinit; compinit -u; unsetopt beep; LISTMAX=9999; ",
    "fish": "function fish_prompt; echo 'rea''dy>'; end; ",
}
LOAD = {
    "bash": 'eval "$(flashcards --show-completion bash)"',
    "zsh": 'eval "$(flashcards --show-completion zsh)"',
    "fish": "flashcards --show-completion fish | source",
}
PROGRAM = """#!/bin/sh
if [ -n "$_FLASHCARDS_COMPLETE$SHOWING" ] || [ "$1" = --show-completion ]; then
    exec {program} "$@"
fi
for word in "$@"; do printf '%s\\0' "$word"; done >"$HOME/new-words"
mv "$HOME/new-words" "$HOME/words"
"""
"""Completes as the real program does; run otherwise, it takes down the words that it was given."""
HOSTILE = {
    r"\$\(": "$(touch ran)",
    r"\`": "`touch ran`",
    r"\\": r"\$(touch ran) \`touch ran\`",
    r"\$\{": "${(e):-$(touch ran)} ${ran=x}",
    r"\;": "; touch ran; #",
    r"\|": "| touch ran",
    r"\&": "&& touch ran",
    r"\'": "'$(touch ran)'",
    r"\"": '"$(touch ran)" \'',
    r"\[": "[/nope] $(touch ran)",
    r"\~": "~root $(touch ran)",
    r"\!": "!! !touch $(touch ran)",
    "x": "x* ? {a,b} [c]",
    r"\<": "<(touch ran) > ran",
    r"\)": ")) '\"; touch ran; ((",
    r"%": "%F{red} %(!.a.b) %s",
    ":": ": a:b=c d",
    r"\=": "=(touch ran) =ls",
    "É": "Événement $(touch ran)",
    "Ev": r"Evil \$(touch ran)",
    '"|': "| touch ran",
    "'|": "| touch ran",
    '"Ev': r"Evil \$(touch ran)",
    "'Ev": r"Evil \$(touch ran)",
    '"!': "!! !touch $(touch ran)",
    "''\\'": "'$(touch ran)'",
    "'End": "Ends in '",
    '"End': "Ends in '",
    '"Fin': 'Fin "',
    '"Gin': "Gin !",
    "Rar": "Rare",
    "das": "dashed",
}
"""What is typed, and what it becomes: the name of a deck, or a word of it that is its own."""
ID = "q$(touch${IFS}ran)`touch`;x"
UNTYPABLE = ("-rf dashed $(touch ran)", "Rare \x1b[31m\u202e $(touch ran)")


def make_store(home: Path) -> None:
    """Write a library in which names, fronts, ids and tags would all run a command."""
    decks = home / "data" / "decks"
    decks.mkdir(parents=True)
    for i, name in enumerate([*sorted(set(HOSTILE.values()) - {"Rare", "dashed"}), *UNTYPABLE]):
        tag = f"t{i}$(touch${{IFS}}ran)`touch${{IFS}}ran`"
        cards = [{"id": f"a{i}", "front": name, "back": "b", "tags": [tag]}]
        text = json.dumps({"deck": name, "cards": cards})
        (decks / f"{i:02}.yaml").write_text(text, encoding="utf-8")
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    card = {"id": ID, "front": "one\n$(touch ran) \x1b[31m", "back": "b", "tags": ["u;ran|`touch`"]}
    (decks / "ids.yaml").write_text(json.dumps({"deck": "Ids", "cards": [card]}), encoding="utf-8")
    found = run(home, "due")
    assert "fault" not in found.stderr, found.stderr


def make_program(home: Path) -> str:
    """Make the program that the shells find, and return the PATH that leads to it."""
    program = home / "bin" / "flashcards"
    program.parent.mkdir()
    program.write_text(PROGRAM.replace("{program}", shlex.join(command())))
    program.chmod(0o700)
    return f"{program.parent}:{environment(home)['PATH']}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a library that is hostile throughout, already read."""
    home = tmp_path_factory.mktemp("completion")
    make_store(home)
    make_program(home)
    return home


class Shell:
    """A real shell in a terminal, that completes."""

    def __init__(self, name: str, home: Path, load: str) -> None:
        self.name, self.home = name, home
        path = f"{home / 'bin'}:{environment(home)['PATH']}"
        more = {"PATH": path, "HISTFILE": str(home / "history")}
        self.terminal = Terminal(home, [], 200, 100, more, program=SHELLS[name])
        self.terminal.type(f"{PREPARE[name]}{load}; echo load''ed\n")
        self.terminal.wait_for("loaded\n", READY, seconds=60)

    def completed(self, typed: str) -> list[str]:
        """Press the tab behind `typed`, then Enter; return the words that the program gets."""
        words = self.home / "words"
        words.unlink(missing_ok=True)
        self.terminal.type(f"{typed}\t\n")
        self.wait(words.exists)
        self.assert_nothing_ran()
        return words.read_text(encoding="utf-8").split("\0")[:-1]

    def listed(self, typed: str, *wanted: str) -> str:
        """Press the tab, in bash twice, and return the screen once it lists what is wanted."""
        self.terminal.type(typed + "\t" * (2 if self.name == "bash" else 1))
        shown = self.terminal.wait_for(*wanted, seconds=60)
        self.interrupt()
        self.assert_nothing_ran()
        return shown

    def interrupt(self) -> None:
        """Interrupt until the prompt is empty: a list takes one, and a busy shell may lose another."""
        pressed = 0.0

        def is_empty() -> bool:
            nonlocal pressed
            if self.terminal.text().endswith(f"\n{READY}"):
                return True
            if time.monotonic() > pressed + 2:
                pressed = time.monotonic()
                self.terminal.type("\x03")
            return False

        self.wait(is_empty)

    def wait(self, done: Callable[[], bool]) -> None:
        """Take in what the shell writes until that is so."""
        end = time.monotonic() + 60
        while not done():
            assert time.monotonic() < end, self.terminal.text()
            assert self.terminal._take(0.05), self.terminal.text()

    def assert_nothing_ran(self) -> None:
        """Fail where a command in a card or a name was run."""
        assert not list(self.home.glob("**/ran*"))


def start(name: str, home: Path, load: str) -> Shell:
    """Start a shell; one that is missing is said to be."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    return Shell(name, home, load)


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, home: Path) -> Iterator[Shell]:
    """Return a shell with the script that the program gives to it."""
    found = start(request.param, home, LOAD[request.param])
    yield found
    found.terminal.close()


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_deck_is_completed_to_its_very_name(shell: Shell, typed: str) -> None:
    """Whatever a name holds, the shell quotes it: the program gets it as it is."""
    assert shell.completed(f"flashcards due {typed}") == ["due", HOSTILE[typed]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("flashcards show do", ["show", "dog"]),
        ("flashcards show q", ["show", ID]),
        ("flashcards study --tag u", ["study", "--tag", "u;ran|`touch`"]),
        ("flashcards study --tag=u", ["study", "--tag=u;ran|`touch`"]),
        ("flashcards add --deck=Fr", ["add", "--deck=French"]),
        ("flashcards show hor", ["show", "horse"]),
        ("flashcards cards is:lee", ["cards", "is:leech"]),
        ("flashcards cards tag:la", ["cards", "tag:language"]),
        ("flashcards config get repe", ["config", "get", "repeat_below"]),
        ("flashcards add --deck Fr", ["add", "--deck", "French"]),
        ("flashcards catch", ["catch-up"]),
        ("flashcards import dat", ["import", "data"]),
    ],
)
def test_ids_tags_terms_settings_and_files_are_completed(
    shell: Shell, typed: str, expected: list[str]
) -> None:
    """What comes behind each command is offered, and is a word of its own."""
    assert [word.rstrip("/") for word in shell.completed(typed)] == expected


def test_a_list_of_cards_shows_fronts_and_runs_none(shell: Shell) -> None:
    """Fronts stand beside ids as they are, but for what would steer the terminal."""
    shown = shell.listed("flashcards show ", "cat", "dog", "a0")
    if shell.name != "bash":
        assert "[/nope]" in shown
        assert "le chat" in shown
        assert "one $(touch ran) <1b>[31m" in shown


def test_an_open_quote_asks_without_harm(shell: Shell) -> None:
    """A command line that ends within quotes is asked about like any other."""
    shown = shell.listed("flashcards show 'a1", "a10", "a11")
    assert "Traceback" not in shown


@pytest.mark.parametrize("name", sorted(set(HOSTILE.values())))
def test_each_name_means_its_own_deck(name: str) -> None:
    """What is completed is never read as a search, and means one deck."""
    names = [*sorted(set(HOSTILE.values()) - {"Rare", "dashed"}), *UNTYPABLE]
    words, search = split_decks_and_search([name], names)
    found = pick_decks(names, words)
    assert not search
    assert found == (name,) or (len(found) == 1 and name in found[0] and found[0] in UNTYPABLE)


def asked(home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Ask the program as a script does, by the environment."""
    return subprocess.run(
        command(),
        env=environment(home, **env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("shell_name", SHELLS)
def test_an_earlier_script_is_told_nothing(home: Path, shell_name: str) -> None:
    """Scripts of earlier versions evaluate what they are told, so it is nothing at all."""
    line = {"COMP_WORDS": "flashcards show ", "_TYPER_COMPLETE_ARGS": "flashcards show "}
    found = asked(home, _FLASHCARDS_COMPLETE=f"complete_{shell_name}", **line)
    assert (found.stdout, found.stderr) == ("", "")


def test_an_empty_machine_offers_nothing_and_makes_nothing(tmp_path: Path) -> None:
    """A tab never creates a store."""
    found = asked(tmp_path, _FLASHCARDS_COMPLETE="zsh", _FLASHCARDS_LINE="flashcards show ")
    assert (found.stdout, found.stderr) == ("", "")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("line", ["", "'", '"', "\\", "show '", "x -- -", "--order=", "-is: ", "\n"])
def test_any_line_is_answered_without_a_fault(home: Path, line: str) -> None:
    """What is half typed is no reason for a traceback."""
    found = asked(home, _FLASHCARDS_COMPLETE="bash", _FLASHCARDS_LINE=f"flashcards {line}")
    assert (found.returncode, found.stderr) == (0, "")


def test_the_folder_that_is_named_is_asked(home: Path, tmp_path: Path) -> None:
    """Decks are those of `--data-dir`, where the line has it."""
    line = f"flashcards --data-dir {home / 'data'} show do"
    env = {"FLASHCARDS_DATA_DIR": str(tmp_path), "_FLASHCARDS_LINE": line}
    assert asked(home, _FLASHCARDS_COMPLETE="fish", **env).stdout == "dog\tle chien\n"


@pytest.mark.parametrize(
    ("name", "place", "start_file"),
    [
        ("bash", ".bash_completions/flashcards.sh", ".bashrc"),
        ("zsh", ".zfunc/_flashcards", ".zshrc"),
        ("fish", "config/fish/completions/flashcards.fish", None),
    ],
)
def test_a_script_is_installed_once_and_beside_what_is_there(
    tmp_path: Path, name: str, place: str, start_file: str | None
) -> None:
    """What a person has in the file that their shell starts with stays, byte for byte."""
    mine = b"# \xff mine"
    if start_file:
        (tmp_path / start_file).write_bytes(mine)
    for _ in range(2):
        assert run(tmp_path, "--install-completion", name).returncode == 0
    shown = run(tmp_path, "--show-completion", name).stdout
    assert (tmp_path / place).read_text(encoding="utf-8") == shown
    if start_file:
        lines = (tmp_path / start_file).read_bytes().splitlines()
        assert lines[0] == mine
        assert len(lines) == 2


def test_a_shell_that_we_have_no_script_for_is_told_which_we_have(tmp_path: Path) -> None:
    """The message names the three."""
    found = run(tmp_path, "--show-completion", "tcsh")
    assert found.returncode == 2
    assert "--show-completion bash, zsh or fish" in found.stderr
