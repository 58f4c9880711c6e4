"""SIGKILL at any call of a sync, or of a git that it runs: the next sync ends well, nothing is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from factories import DECK
from faults.calls import Home, Stage, ask, figures, spread, stage, works
from faults.calls import trace as run_traced
from machines import Machine, bare, git
from programs import run

CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,unlink,mkdir,close,flock,"
    "clone,vfork,execve,read,pread64,mmap,fchmod,chmod"
)
PARTS = 8
LINE = re.compile(r"(\d+) +(\w+)\((.*)")
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose remote has answers, an edit and a deck that it has not, and the other way."""
    folder = tmp_path_factory.mktemp("waiting")
    home = folder / "home"
    deck = home / "data" / "decks" / "french.yaml"
    deck.parent.mkdir(parents=True)
    deck.write_text(DECK)
    remote = bare(home)
    assert run(home, "sync", str(remote)).returncode == 0
    other = Machine(folder / "other", remote)
    other.sync()
    other.answer(3)
    other.put({"decks/french.yaml": DECK.replace("the dog", "doggy").encode(), "decks/n.yaml": b"deck: N\n"})
    other.sync()
    deck.write_text(DECK.replace("the dog", "hound").replace("le chat", "un chat"))
    assert run(home, "study", "--plain", "--limit", "2", text="\n4\n\n4\n").returncode == 0
    return home


def put_back(on: Stage) -> None:
    """Put a home back as a whole: a repository's files have other names in each run."""
    shutil.rmtree(on.home, ignore_errors=True)
    shutil.copytree(on.home.with_name("kept"), on.home)


def placed(waiting: Path, folder: Path) -> Stage:
    """Return a sync of a copy of a home, which git finds its remote in."""
    home = Home(folder / "home")
    shutil.copytree(waiting, folder / "kept")
    git(folder / "kept" / "data", "config", "remote.origin.url", str(home.path / "remote.git"))
    return stage(home, folder, ["sync"], "")


def calls(on: Stage) -> list[tuple[str, int]]:
    """Return each (call, how-many-th in its process) of a sync that is on a file of the home."""
    put_back(on)
    done = run_traced(["-y", "-s", "0", "-o", str(on.log), "-e", f"trace={CALLS}"], on)
    assert done.returncode == 0, done.stderr
    counts, found = dict[tuple[str, str], int](), dict[tuple[str, int], None]()
    for line in on.log.read_text(errors="replace").splitlines():
        if not (call := LINE.match(line)):
            continue
        process, name, rest = call.groups()
        number = counts[process, name] = counts.get((process, name), 0) + 1
        if str(on.home) in rest or name in ("execve", "clone", "vfork"):
            found[name, number] = None
    return list(found)


def kill(on: Stage, points: list[tuple[str, int]]) -> int:
    """Kill whichever process comes to a point first; return how often that was."""
    struck = 0
    for name, number in points:
        put_back(on)
        inject = f"inject={name}:signal=SIGKILL:when={number}"
        done = run_traced(["-o", str(on.log), "-e", f"trace={name}", "-e", inject], on)
        struck += "killed by SIGKILL" in on.log.read_text(errors="replace")
        assert b"Traceback" not in done.stderr, (name, number)
        check(on.home, (name, number))
    return struck


def check(home: Path, point: object) -> None:
    """Sync once more, and see that all is here and there."""
    for _ in range(2):
        told = ask(home, "sync")
    assert told == "up to date; 1 text changed on both sides: flashcards sync --resolve\n", point
    assert figures(home) == (5, 4), point
    deck = (home / "data" / "decks" / "french.yaml").read_bytes()
    assert [deck.count(word) for word in (b"hound", b"doggy", b"un chat", b"# sync: ")] == [1, 1, 1, 1], point
    new = Machine(home / "new", home / "remote.git")
    new.sync()
    assert new.decks()["decks/french.yaml"] == deck, point
    assert len(new.events()) >= 5, point
    for repository in (home / "remote.git", home / "data"):
        git(repository, "fsck", "--no-dangling")


def test_a_sync_killed_at_some_calls_is_finished_by_the_next(waiting: Path, tmp_path: Path) -> None:
    """Whatever had been sent, fetched or written, once more brings the same to both sides."""
    on = placed(waiting, tmp_path)
    assert kill(on, spread(calls(on), 3)) > 0


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.timeout(3600)
def test_a_sync_killed_at_any_call_is_finished_by_the_next(
    waiting: Path, tmp_path: Path, record_property: Callable[[str, int], None], part: int
) -> None:
    """The same at each of about a thousand calls."""
    on = placed(waiting, tmp_path)
    points = calls(on)[part::PARTS]
    record_property("points", len(points))
    assert kill(on, points) > len(points) // 2
