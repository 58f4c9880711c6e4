"""No way of running the program, and nothing that it is fed, ends in a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from factories import DECK
from programs import command, environment, run

COMMANDS: tuple[list[str], ...] = (
    [],
    ["study"],
    ["study", "--plain"],
    ["due"],
    ["due", "--json"],
    ["decks"],
    ["cards"],
    ["cards", "--json"],
    ["show", "dog"],
    ["stats"],
    ["stats", "--json"],
    ["stats", "--html", "-"],
    ["today", "--json"],
    ["check"],
    ["undo"],
    ["suspend", "dog"],
    ["import", "-"],
    ["--help"],
    ["study", "--help"],
    ["nonsense"],
    ["add", "\x1b[2J\u202e", "\x9b", "--deck", "\x07x"],
    ["edit", "dog"],
    ["config"],
    ["catch-up", "--days", "3"],
)
NASTY = """deck: "[/nope] \\x1b]0;title\\x07"
cards:
  - id: dog
    front: "\\x1b]52;c;QUJD\\x07 [/nope] :smile: \\u202e &#x202e; \\x9b31m"
    back: "LONG 漢字 🙂🏽 \\x07\\x1b[2J"
    tags: ["\\x1b[31m", "[bold]"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose deck is as nasty as can be."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    text = NASTY.replace("LONG", "x" * 10_000)
    (decks / "nasty.yaml").write_text(text, encoding="utf-8")
    run(tmp_path, "study", text="\n2\nq\n")
    return tmp_path


def shell(home: Path, words: list[str], redirect: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program through a shell, with its ends bent."""
    line = " ".join(["exec" if "|" not in redirect else "", '"$@"', redirect])
    return subprocess.run(
        ["bash", "-c", line, "bash", *command(), *words],
        capture_output=True,
        env=environment(home, **env),
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_with_its_ends_bent(home: Path, words: list[str]) -> None:
    """Closed streams, a reader that goes away, strange terminals: at most a message."""
    for redirect, env in (
        ("<&-", {}),
        (">&-", {}),
        ("2>&-", {}),
        ("<&- >&- 2>&-", {}),
        ("| head -c 1", {}),
        ("> /dev/full", {}),
        ("", {"TERM": "dumb", "NO_COLOR": "1"}),
        ("", {"COLUMNS": "20"}),
        ("", {"PYTHONIOENCODING": "ascii"}),
        ("", {"LC_ALL": "C", "PYTHONUTF8": "0"}),
    ):
        found = shell(home, words, redirect, **env)
        assert b"Traceback" not in found.stderr, (redirect, env, found.stderr)
        assert b"Exception ignored" not in found.stderr, (redirect, env, found.stderr)
        for stream in (found.stdout, found.stderr):
            text = stream.decode("utf-8", "replace")
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text), (redirect, env)


def test_two_sessions_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two processes rating at the same time keep all their ratings."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    cards = "".join(f"- id: c{i}\n  front: q{i}\n  back: a{i}\n" for i in range(20))
    (decks / "d.yaml").write_text(f"deck: D\ncards:\n{cards}")
    run(tmp_path, "due")
    typed = "\n5\n" * 20
    both = [
        subprocess.Popen(
            [*command(), "study"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=environment(tmp_path),
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in both:
        assert process.stdin
        process.stdin.write(typed.encode())
        process.stdin.close()
    shown = [process.stdout.read() for process in both if process.stdout]
    for process in both:
        assert process.wait(60) == 0
        assert process.stdout
        process.stdout.close()
    acknowledged = sum(text.count(b"5: due") for text in shown)
    journals = list((tmp_path / "data" / "journal").iterdir())
    written = sum(path.read_text().count('"k":"review"') for path in journals)
    assert acknowledged == written
    assert written >= 20


def test_a_kill_loses_no_acknowledged_rating(tmp_path: Path) -> None:
    """SIGKILL at any moment: what the pipe was told is on the disk."""
    for delay in (0.0, 0.01, 0.05):
        home = tmp_path / str(delay)
        process = subprocess.Popen(
            [*command(), "study"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment(home),
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"\n4\n" * 20)
        process.stdin.flush()
        seen = b""
        while seen.count(b": due") < 3:
            seen += os.read(process.stdout.fileno(), 4096)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        seen += process.stdout.read()
        process.wait()
        process.stdin.close()
        process.stdout.close()
        found = run(home, "stats", "--json").stdout
        assert int(found.split('"reviews": ')[2].split(",")[0]) >= seen.count(b": due")


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda data: (data / "journal").rename(data / "gone"), ""),
        (lambda data: (data / "format.json").write_text("{"), "damaged"),
        (lambda data: (data / "decks" / "nasty.yaml").chmod(0), ""),
    ],
    ids=["no journal", "torn format", "unreadable deck"],
)
def test_a_broken_store_is_told(home: Path, break_it: object, told: str) -> None:
    """Whatever is missing or torn, the message says it, and nothing crashes."""
    break_it(home / "data")  # type: ignore[operator]  # a function of the folder
    for words in (["due"], ["study"], ["stats"], ["check"]):
        found = run(home, *words, text="\n4\n")
        assert "Traceback" not in found.stderr
        assert told in found.stderr or not told


def test_french_deck_survives_ascii(tmp_path: Path) -> None:
    """Text that an output cannot show is shown as well as it can."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "f.yaml").write_text(DECK + "  - front: 漢字 → é\n    back: x\n", encoding="utf-8")
    found = run(tmp_path, "cards", PYTHONIOENCODING="ascii")
    assert found.returncode == 0
    assert "?? -> ?" in found.stdout


def test_json_of_cards_controls_no_terminal(tmp_path: Path) -> None:
    """It is indented as all JSON of ours, in ASCII without controls, DEL among them."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "d.yaml").write_text(
        'deck: D\ncards:\n  - front: "é \\x7f \\x1b[2J"\n    back: b\n    tags: [x, y]\n'
    )
    shown = run(tmp_path, "cards", "--json").stdout
    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()
    (card,) = json.loads(shown)
    assert card["front"] == "é \x7f \x1b[2J"
    assert shown == json.dumps([card], indent=2) + "\n"
