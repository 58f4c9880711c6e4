"""Sessions that end badly or run at once: several writers, a closed terminal, no place to write."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.journal_files import list_journal_files
from programs import Terminal, command, environment, run

WRITERS = 8


def reviews(home: Path) -> int:
    """Return how many answers the store has."""
    found = run(home, "stats", "--json")
    assert found.returncode == 0, found.stderr
    return int(json.loads(found.stdout)["reviews"])


def places(home: Path) -> list[tuple[str, int]]:
    """Return (device, n) of every event."""
    lines = [
        json.loads(line)
        for path in (home / "data" / "journal").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    return [(line["dev"], line["n"]) for line in lines]


def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Eight sessions on one store: every rating that any of them acknowledged is kept, once."""
    # More than all can take: a session that starts last has cards left, too.
    run(tmp_path, "due")
    assert run(tmp_path, "config", "set", "new_per_day", "50").returncode == 0
    typed = "\n4\n\n5\n\n4\nq\n"
    sessions = [
        subprocess.Popen(
            [*command(), "study"], env=environment(tmp_path), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(WRITERS)
    ]  # fmt: skip
    for session in sessions:
        assert session.stdin
        session.stdin.write(typed)
        session.stdin.close()
    shown = []
    for session in sessions:
        assert session.stdout
        assert session.stderr
        shown.append(session.stdout.read())
        assert "Traceback" not in session.stderr.read()
        session.stdout.close()
        session.stderr.close()
        assert session.wait(60) == 0
    acknowledged = sum(text.count(": due") for text in shown)
    assert acknowledged == 3 * WRITERS
    assert reviews(tmp_path) == acknowledged
    found = places(tmp_path)
    assert len(set(found)) == len(found), "no number was given twice"
    doctor = run(tmp_path, "doctor")
    assert doctor.returncode == 0, doctor.stdout


APPENDING = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.storage.journal.journal_writer import JournalWriter
folder, start = Path(sys.argv[1]), float(sys.argv[2])
now = lambda: datetime(2026, 1, 5, 12, tzinfo=UTC)
writer = JournalWriter(folder / "journal", folder / ".lock", "dev", now=now)
time.sleep(max(0, start - time.time()))
for n in range(30):
    (event,) = writer.append_events([Review(EventId(""), 0, now(), CardId("c"), 4, 1)])
    print(event.id, event.hlc)
"""


def test_eight_writers_that_never_pause_take_turns(tmp_path: Path) -> None:
    """Eight processes append as fast as they can: each number and time is given once."""
    words = [sys.executable, "-c", APPENDING, str(tmp_path), str(time.time() + 2)]
    writers = [
        subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(WRITERS)
    ]
    shown = [writer.communicate(timeout=60) for writer in writers]
    assert not [errors for _, errors in shown if errors]
    told = [line for out, _ in shown for line in out.splitlines()]
    (path,) = list_journal_files(tmp_path / "journal")
    read = journal_reader.read_journal_file(path)
    assert read.bad_lines == []
    assert sorted(f"{r.event.id} {r.event.hlc}" for r in read.records) == sorted(told)
    assert [record.sequence for record in read.records] == list(range(1, len(told) + 1))
    assert len({record.event.hlc for record in read.records}) == len(told) == 30 * WRITERS


@pytest.mark.parametrize("name", ["closed", "SIGHUP", "SIGTERM", "SIGKILL", "SIGINT"])
def test_a_terminal_closed_in_the_middle_of_a_session(tmp_path: Path, name: str) -> None:
    """However the session ends, the ratings that were shown are kept."""
    terminal = Terminal(tmp_path, ["study"])
    for number in range(1, 3):
        terminal.wait_for("show answer", f" {number - 1} / " if number > 1 else "")
        terminal.type(" ")
        terminal.wait_for("Perfectly")
        terminal.type("4")
    terminal.wait_for("show answer", " 2 / ")
    if name == "closed":
        terminal.close()
        with suppress(ChildProcessError):
            os.waitpid(terminal.pid, 0)
    else:
        os.kill(terminal.pid, getattr(signal, name))
        terminal.end()
    assert reviews(tmp_path) == 2


@contextmanager
def mounted(*words: str, at: Path) -> Iterator[None]:
    """Mount something for a while; skip where that is not allowed."""
    if os.getuid() != 0:
        pytest.skip("mounting needs root")
    done = subprocess.run(["mount", *words, str(at)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not possible here: {done.stderr.decode()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let a folder be read only for a while, even to root."""
    with mounted("--bind", str(folder), at=folder):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield


@pytest.mark.parametrize("name", ["data", "state", "cache"])
def test_a_read_only_folder(tmp_path: Path, name: str) -> None:
    """What can still be read is shown, what cannot be kept is told, nothing is half done."""
    run(tmp_path, "study", text="\n4\nq\n")
    with read_only(tmp_path / name):
        found = run(tmp_path, "study", text="\n4\nq\n")
        assert "Traceback" not in found.stderr
        acknowledged = found.stdout.count(": due")
        if not acknowledged:
            assert re.search("Read-only file system|cannot be written", found.stdout + found.stderr)
        for words in (["due"], ["doctor"], ["cards"]):
            told = run(tmp_path, *words)
            assert "Traceback" not in told.stderr, told.stderr
            assert told.stdout or "Read-only" in told.stderr, told.stderr
    assert reviews(tmp_path) == 1 + acknowledged


def test_a_full_disk_during_a_session(tmp_path: Path) -> None:
    """Without room each rating is refused by name; with room again, all that was told is there."""
    data = tmp_path / "data"
    data.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=256k", "tmpfs", at=data):
        run(tmp_path, "study", text="\n4\nq\n")
        with (data / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 64)
        found = run(tmp_path, "study", text="\n4\n" * 25 + "q\n")
        assert "Traceback" not in found.stderr
        assert "No space left" in found.stdout + found.stderr
        acknowledged = found.stdout.count(": due")
        (data / "filler").unlink()
        assert reviews(tmp_path) == 1 + acknowledged
        again = run(tmp_path, "study", text="\n4\nq\n").stdout.count(": due")
        assert reviews(tmp_path) == 1 + acknowledged + again


EVERY_LINE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.storage import files as durable
from flashcards.storage.journal import journal_writer, journal_reader
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.journal.journal_files import list_journal_files
root, files = Path(sys.argv[1]), (journal_writer.__file__, durable.__file__)
now = lambda: datetime(2026, 1, 5, 12, tzinfo=UTC)
review = lambda name: Review(EventId(""), 0, now(), CardId(name), 4, 1)
counted, target, lines = 0, 0, None
def read_ids(folder):
    paths = list_journal_files(folder)
    return [record.event.id for path in paths for record in journal_reader.read_journal_file(path).records]
def trace(frame, what, _):
    global counted
    if frame.f_code.co_filename not in files:
        return None
    if what == "line":
        counted += 1
        if counted == target:
            os.kill(os.getpid(), signal.SIGINT)
    return trace
while lines is None or target <= lines:
    folder = root / str(target)
    folder.mkdir(parents=True)
    lock = folder / ".lock"
    writer = JournalWriter(folder / "journal", lock, "dev", now=now)
    told, interrupted, counted = [], False, 0
    sys.settrace(trace)
    try:
        told += writer.append_events([review("in")])
    except KeyboardInterrupt:
        interrupted = True
    finally:
        sys.settrace(None)
    lines = lines or counted
    found = read_ids(folder / "journal")
    assert {event.id for event in told} <= set(found), target
    paths = list_journal_files(folder / "journal")
    assert not [bad for path in paths for bad in journal_reader.read_journal_file(path).bad_lines], target
    after = writer.append_events([review("after")])
    found = read_ids(folder / "journal")
    assert after[0].id in found and len(found) == len(set(found)), target
    target += 1
print(lines, "lines")
"""


def test_ctrl_c_at_every_line_of_the_append(tmp_path: Path) -> None:
    """Wherever Ctrl-C strikes: what was told is kept, no line is torn, the next append works."""
    words = [sys.executable, "-c", EVERY_LINE, str(tmp_path)]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout.split()[0]) > 50


def tree(home: Path) -> dict[str, tuple[int, int, int]]:
    """Return size, time of content and of any change of everything below a home."""
    return {
        str(path): (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        for path in sorted(home.rglob("*"))
        for found in [path.lstat()]
    }


def test_the_doctor_writes_nothing(tmp_path: Path) -> None:
    """Sound or not, with a cache or without: every byte and every time stays as it was."""
    run(tmp_path, "study", text="\n4\nq\n")
    written = next((tmp_path / "data" / "journal").glob("*.jsonl"))
    index = tmp_path / "cache" / "flashcards" / "index.sqlite"
    for harm in (
        lambda: None,
        lambda: written.write_bytes(written.read_bytes()[:-5]),
        lambda: index.with_name("index.sqlite-journal").write_bytes(b"x" * 600),
        index.unlink,
        (tmp_path / "data" / "format.json").unlink,
        written.unlink,
    ):
        harm()
        before = tree(tmp_path)
        found = run(tmp_path, "doctor")
        assert found.returncode in (0, 1), found.stderr
        assert "Traceback" not in found.stderr
        assert tree(tmp_path) == before
