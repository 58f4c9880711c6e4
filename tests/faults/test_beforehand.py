"""Every first write of a day, seen from outside: the backup is whole before a byte of it is out."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.calls import STRACE, works
from flashcards.storage.backups.backup_reader import read_backup
from programs import Terminal, command, environment, run

CALL = re.compile(r"(?P<process>\d+) +(?P<resumed><\.\.\. )?(?P<rest>.*)")
WAITS = "Backing up before the first change"
LEAVES = "Finishing today's backup"
BACKUP = re.compile(r"rename\(.*/backups/.*\.zip\"")
SLOW_DISK = """
import os, time
real = os.fsync
def fsync(fd):
    if "/backups/" in os.readlink(f"/proc/self/fd/{fd}"):
        time.sleep(float(os.environ.get("SLOW", "1.5")))
    real(fd)
os.fsync = fsync
"""
"""Whoever does not wait for the backup's end is well ahead of it."""


def steps(log: str) -> Iterator[tuple[str, str]]:
    """Yield ("begins" or "ends", call) of every call, in the order in which that happened."""
    waiting: dict[str, str] = {}
    for line in log.splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        process, rest = found["process"], found["rest"]
        if found["resumed"]:
            yield "ends", waiting.pop(process, "")
        elif rest.endswith("<unfinished ...>"):
            waiting[process] = rest
            yield "begins", rest
        else:
            yield "begins", rest
            yield "ends", rest


def changes(call: str, data: Path) -> bool:
    """Tell whether a call puts something into the library or the journal."""
    places = [f"{data}/{name}/" for name in ("decks", "journal", "media")]
    if call.startswith("write("):
        return any(f"<{place}" in call.partition(",")[0] for place in places)
    return call.startswith("rename(") and any(place in call for place in places)


def editor(home: Path) -> str:
    """Return an editor that writes a line to the end of a file and says nothing."""
    script = home / "editor"
    script.write_text('#!/bin/sh\nfor file; do :; done\necho "# seen" >> "$file"\n')
    script.chmod(0o700)
    return str(script)


def backups_in(home: Path) -> list[Path]:
    """Return what lies in the folder of backups, drafts too."""
    found = (home / "state" / "flashcards" / "backups").rglob("*")
    return [path for path in found if path.is_file()]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the bundled deck and one rating of yesterday in it."""
    run(tmp_path, "study", text="\n4\nq\n", days=-1)
    for backup in backups_in(tmp_path):
        backup.unlink()
    (tmp_path / "more.yaml").write_text("deck: More\ncards:\n  - {front: a b c, back: d}\n")
    return tmp_path


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """Return the path of Python modules that makes the disk slow that backups are on."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SLOW_DISK)
    return str(tmp_path / "site")


@pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")
@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["add", "A front", "A back", "--force"], ""),
        (["edit", "--deck", "transformers"], ""),
        (["import", "more.yaml"], ""),
        (["config", "set", "type", "true", "--deck", "transformers"], ""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_backup_is_whole_before_anything_is_written(
    home: Path, slow: str, words: list[str], typed: str
) -> None:
    """Its name stands before the first byte goes out, and what is in it is what was there."""
    before = {
        path.relative_to(home / "data").as_posix(): path.read_bytes()
        for folder in ("decks", "journal")
        for path in (home / "data" / folder).rglob("*.[yj]*")
    }
    log = home / "log"
    trace = [str(STRACE), "-f", "-y", "-qq", "-s", "400", "-o", str(log)]
    trace += ["-e", "trace=write,rename"]
    done = subprocess.run(
        [*trace, *command(), *words], input=typed.encode(), capture_output=True, timeout=60,
        check=False, cwd=home,
        env=environment(home, EDITOR=editor(home), PYTHONPATH=slow, SLOW="0.4"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = list(enumerate(steps(log.read_text(errors="replace"))))
    changed = [i for i, (when, call) in found if when == "begins" and changes(call, home / "data")]
    kept = [i for i, (when, call) in found if when == "ends" and BACKUP.match(call)]
    assert kept[0] < changed[0]
    (backup,) = backups_in(home)
    inside = read_backup(backup)
    assert {name: data for name, data in inside.items() if name != "format.json"} == before


def test_a_rating_does_not_wait_and_leaving_does(tmp_path: Path, slow: str) -> None:
    """Whoever is quicker than the backup sees the next card; leaving waits for it, and says so."""
    run(tmp_path, "due")
    terminal = Terminal(tmp_path, ["study"], env={"PYTHONPATH": slow, "SLOW": "4"})
    terminal.wait_for("show answer")
    terminal.type(" ")
    terminal.wait_for("Perfectly")
    terminal.type("4")
    terminal.wait_for("show answer", " 1 / ", without=WAITS)
    assert list((tmp_path / "data" / "journal").iterdir())
    assert not [path for path in backups_in(tmp_path) if path.suffix == ".zip"]
    terminal.type("q")
    terminal.wait_for("left for today")
    terminal.type("q")
    terminal.wait_for(LEAVES)
    assert terminal.end() == 0
    assert [path.suffix for path in backups_in(tmp_path)] == [".zip"]


def test_commands_that_append_finish_the_backup(tmp_path: Path, slow: str) -> None:
    """What a session or a command began is there when it ends; on standard error, once."""
    run(tmp_path, "due")
    for words, text in ((["study"], "\n4\nq\n"), (["undo"], ""), (["suspend", "transformers"], "")):
        shown = run(tmp_path, *words, text=text, PYTHONPATH=slow)
        assert shown.returncode == 0
        assert WAITS not in shown.stdout + shown.stderr
        assert shown.stderr.count(LEAVES) == 1
        (backup,) = backups_in(tmp_path)
        backup.unlink()


def test_a_backup_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    """It is told once, at the end; every rating is kept."""
    run(tmp_path, "due")
    (tmp_path / "state" / "flashcards" / "backups").write_text("in the way")
    shown = run(tmp_path, "study", text="\n4\n\n4\nq\n")
    assert shown.returncode == 0
    assert shown.stdout.count(": due") == 2
    assert shown.stderr.count("Today's backup could not be made") == 1


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["backup"], "Making a backup"), (["restore", "--exact", "--yes"], "Backing up the current data")],
)
def test_whoever_asks_for_a_backup_sees_that_it_is_made(
    tmp_path: Path, slow: str, words: list[str], shown: str
) -> None:
    """On a terminal something moves after a second; then the outcome stands in its place."""
    run(tmp_path, "study", text="\n4\nq\n")
    terminal = Terminal(tmp_path, words, 300, env={"PYTHONPATH": slow, "SLOW": "3"})
    terminal.wait_for(shown, "0:00:0")
    terminal.wait_for("/backups/", without="0:00:0")
    assert terminal.end() == 0
