"""The index torn, gone or of another version under an open session, and four begin at once.

Each of them makes it anew, or waits for who does; the session goes on; and no rating is lost.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from programs import command, environment, run

KEPT = re.compile(r"^\d: practice", re.MULTILINE)
UNDONE = re.compile(r"^undone: ", re.MULTILINE)
STARTED = (
    (["due"], ""),
    (["study", "--cram"], "\n4\n\n4\nq\n"),
    (["stats", "--json"], ""),
    (["cards"], ""),
)
NEWER = "import flashcards.storage.index.schema as schema\nschema.VERSION = 9999\n"
"""Makes those that begin another version of the program than the session is."""
PAGE = 4096


def torn(index: Path) -> None:
    os.truncate(index, index.stat().st_size // 2 // PAGE * PAGE)


def older(index: Path) -> None:
    with sqlite3.connect(index) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()


HARMS: dict[str, Callable[[Path], object]] = {
    "torn": torn,
    "emptied": lambda index: os.truncate(index, 0),
    "nonsense": lambda index: index.write_bytes(b"x" * 2 * PAGE),
    "gone": Path.unlink,
    "of another version": older,
    "of another program": lambda _: None,
}


class Process:
    """A command that is running, and what it says."""

    def __init__(self, home: Path, words: list[str], **env: str) -> None:
        self.words = words
        self.shown: list[str] = []
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [*command(), *words], env=environment(home, **env), text=True,
            stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8",
        )  # fmt: skip
        self._errors: list[str] = []
        ends = ((self._process.stdout, self.shown), (self._process.stderr, self._errors))
        self._readers = [Thread(target=found.extend, args=(end,)) for end, found in ends if end]
        for reader in self._readers:
            reader.start()

    def type(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def end(self) -> str:
        """Let it come to its end, which must be a good one; return what it showed."""
        assert self._process.stdin
        self._process.stdin.close()
        code = self._process.wait(60)
        for reader in self._readers:
            reader.join()
        for end in (self._process.stdout, self._process.stderr):
            assert end
            end.close()
        told = "".join(self._errors)
        assert code == 0 or (self.words, code) == (["due"], 1), told
        assert not re.search("Traceback|[Ee]rror|cannot be used", told)
        return "".join(self.shown)


def one_round(home: Path, harm: str) -> int:
    """Harm the index under a session, start four commands, and return how many ratings are new."""
    session = Process(home, ["study", "--cram"])
    session.type("\n4\n")
    while not KEPT.search("".join(list(session.shown))):
        time.sleep(0.01)
    HARMS[harm](home / "cache" / "flashcards" / "index.sqlite")
    env = {"PYTHONPATH": str(home / "newer")} if harm == "of another program" else {}
    others = [Process(home, words, **env) for words, _ in STARTED]
    for other, (_, typed) in zip(others, STARTED, strict=True):
        other.type(typed)
    for _ in range(4):
        session.type("\n5\n")
        time.sleep(0.1)
    session.type("u\n\n3\nq\n")
    shown = [process.end() for process in (*others, session)]
    return sum(len(KEPT.findall(text)) - len(UNDONE.findall(text)) for text in shown)


def reviews(home: Path) -> int:
    found = run(home, "stats", "--json")
    assert found.returncode == 0, found.stderr
    return int(json.loads(found.stdout)["reviews"])


def rounds(home: Path, harm: str, number: int) -> None:
    (home / "newer").mkdir()
    (home / "newer" / "sitecustomize.py").write_text(NEWER)
    run(home, "due")
    total = 0
    for _ in range(number):
        total += one_round(home, harm)
        assert reviews(home) == total
    assert run(home, "doctor").returncode == 0
    left = [path.name for path in (home / "cache" / "flashcards").iterdir()]
    index = home / "cache" / "flashcards" / "index.sqlite"
    names = {index.name, f"{index.name}.{index.stat().st_ino}", ".index.lock", ".build.lock"}
    assert set(left) == names


@pytest.mark.parametrize("harm", HARMS)
def test_four_begin_while_a_session_goes_on(tmp_path: Path, harm: str) -> None:
    """Once for each kind of harm: all end well, and every rating counts."""
    rounds(tmp_path, harm, 1)


@pytest.mark.full
@pytest.mark.parametrize("harm", HARMS)
def test_four_begin_while_a_session_goes_on_again_and_again(tmp_path: Path, harm: str) -> None:
    """The same, as often as it takes for the rare orders of events to come up."""
    rounds(tmp_path, harm, 35)
