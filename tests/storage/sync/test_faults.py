"""A sync that cannot be done says why and changes nothing; one that was killed is finished."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from factories import DECK
from flashcards.errors import FlashcardsError
from flashcards.storage.sync import synced_files, tree_merge, working_files
from machines import Machine, bare, git, sync_all

PATH = "decks/french.yaml"
EDITED = {PATH: DECK.replace("the dog", "hound").encode()}


def pair(folder: Path) -> tuple[Machine, Machine]:
    """Return two machines that have synced one deck."""
    remote = bare(folder)
    git(remote, "symbolic-ref", "HEAD", "refs/heads/main")
    one, other = Machine(folder / "one", remote), Machine(folder / "other", remote)
    one.put({PATH: DECK.encode()})
    sync_all([one, other])
    return one, other


def detach(machine: Machine) -> None:
    git(machine.paths.data_dir, "checkout", "-q", "--detach")


def begin_merge(machine: Machine) -> None:
    (machine.git.folder / "MERGE_HEAD").write_text("0" * 40)


def make_shallow(machine: Machine) -> None:
    (machine.git.folder / "shallow").write_text(machine.git.line("rev-parse", "HEAD") + "\n")


def lose_remote(machine: Machine) -> None:
    Path(machine.remote).rename(Path(machine.remote).with_name("gone"))


def leave_a_marker(machine: Machine) -> None:
    text = DECK.replace("    back: the dog", "<<<<<<< HEAD\n    back: a\n=======\n>>>>>>> x")
    machine.put({PATH: text.encode()})


def remote_marker(machine: Machine) -> None:
    push(machine, {PATH: b"deck: F\ncards:\n<<<<<<< HEAD\n"})


def push(machine: Machine, files: dict[str, bytes]) -> None:
    """Commit files with plain git, as someone else would, and push them."""
    work = machine.paths.data_dir.with_name("plain")
    git(work.parent, "clone", "-q", "-b", "main", machine.remote, work.name)
    for path, data in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(data)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "by hand")
    git(work, "push", "-q", "origin", "HEAD:main")


def large_here(machine: Machine) -> None:
    machine.paths.media_dir.mkdir()
    with (machine.paths.media_dir / "film.mp4").open("wb") as file:
        file.truncate(synced_files.MAX_FILE_SIZE + (1 << 20))


def large_there(machine: Machine) -> None:
    work = machine.paths.data_dir.with_name("plain")
    push(machine, {"media/a.png": b"a"})
    with (work / "media" / "film.mp4").open("wb") as file:
        file.truncate(synced_files.MAX_FILE_SIZE + (1 << 20))
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "large")
    git(work, "push", "-q", "origin", "HEAD:main")


def refuse_pushes(machine: Machine) -> None:
    git(Path(machine.remote), "config", "receive.maxInputSize", "10")
    machine.answer(50)


def newer_format(machine: Machine) -> None:
    (machine.paths.data_dir / "format.json").write_text('{"format": 1, "store": "b"}')
    push(machine, {"format.json": b'{"format": 2, "store": "a"}'})


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (detach, "no branch is checked out"),
        (begin_merge, "merge or rebase is not finished"),
        (make_shallow, "clone is shallow.*fetch --unshallow"),
        (lose_remote, "could not be reached.*Check the address"),
        (leave_a_marker, rf"(?s){PATH}:.*Nothing was changed; correct it here"),
        (remote_marker, rf"(?s)remote.git: {PATH}:3.*correct it there"),
        (large_here, "film.mp4: 2 MB are too large"),
        (large_there, "film.mp4: 2 MB are too large"),
        (refuse_pushes, "did not take it|could not be reached"),
        (newer_format, "newer version"),
    ],
)
def test_what_stops_a_sync_is_told_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Machine], None], told: str
) -> None:
    """The files are as before, and the branch of the remote too."""
    for module in (synced_files, tree_merge, working_files):
        monkeypatch.setattr(module, "MAX_FILE_SIZE", 1 << 20)
    one, _ = pair(tmp_path)
    one.put(EDITED)
    fault(one)
    before = one.files()
    remote = next(path for path in (Path(one.remote), tmp_path / "gone") if path.exists())
    there = git(remote, "rev-parse", "main")
    with pytest.raises(FlashcardsError, match=told) as caught:
        one.sync()
    assert "Traceback" not in str(caught.value)
    assert one.files() == before
    assert git(remote, "rev-parse", "main") == there


def test_a_refused_commit_is_not_kept(tmp_path: Path) -> None:
    """A file that a host refuses would be in every later push if its commit stayed."""
    one, _ = pair(tmp_path)
    head = one.git.line("rev-parse", "HEAD")
    refuse_pushes(one)
    with pytest.raises(FlashcardsError):
        one.sync()
    assert one.git.line("rev-parse", "HEAD") == head
    git(Path(one.remote), "config", "--unset", "receive.maxInputSize")
    assert one.sync().sent.answers == 50


def test_a_repository_with_something_else_is_left_alone(tmp_path: Path) -> None:
    """One with just a README takes a library in."""
    remote = bare(tmp_path)
    for name, fits in (("README.md", True), ("src/main.c", False)):
        work = tmp_path / f"work-{fits}"
        git(tmp_path, "clone", "-q", str(remote), work.name)
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text("x")
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", "x")
        git(work, "push", "-q", "-f", "origin", "HEAD:main")
        machine = Machine(tmp_path / f"machine-{fits}", remote)
        machine.put(EDITED)
        if fits:
            machine.sync()
            assert git(remote, "ls-tree", "-r", "--name-only", "main").split() == [name, PATH]
            git(remote, "update-ref", "-d", "refs/heads/main")
        else:
            with pytest.raises(FlashcardsError, match="holds something else"):
                machine.sync()


def test_a_default_branch_that_names_nothing_does_no_harm(tmp_path: Path) -> None:
    """The one branch there is is used; of several that are not main, none is guessed."""
    one, _ = pair(tmp_path)
    remote = Path(one.remote)
    git(remote, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(remote, "branch", "-m", "main", "library")
    third = Machine(tmp_path / "third", remote)
    third.sync()
    assert third.decks() == one.decks()
    git(remote, "branch", "another", "library")
    fourth = Machine(tmp_path / "fourth", remote)
    with pytest.raises(FlashcardsError, match=r"default branch does not exist.*another, library"):
        fourth.sync()


SYNC = """
import sys
from pathlib import Path
from machines import Machine
from flashcards.storage.sync import git

left = [int(sys.argv[3])]

def die(event, args):
    if event in ("subprocess.Popen", "os.rename", "os.remove", "os.link"):
        left[0] -= 1
        if left[0] < 0:
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
Machine(Path(sys.argv[1]), sys.argv[2]).sync()
"""
"""A sync that is killed before its n-th call of git, or change of a file's name."""


def killed_sync(machine: Machine, at: int) -> bool:
    """Sync in a process of its own that is killed at a step; tell whether there was that step."""
    folder = machine.paths.data_dir.parent
    words = [sys.executable, "-c", SYNC, str(folder), machine.remote, str(at)]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(words, check=False, env=environ, capture_output=True)
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode == -9


def kill_at(folder: Path, at: int) -> bool:
    one, other = pair(folder)
    other.put({PATH: DECK.replace("the dog", "doggy").encode(), "decks/n.yaml": b"deck: N\n"})
    other.answer(2)
    other.sync()
    one.put({PATH: DECK.replace("the dog", "hound").replace("le chat", "un chat").encode()})
    one.answer(3)
    killed = killed_sync(one, at)
    sync_all([one, other])
    assert one.files() == other.files()
    assert len(one.events()) == 5
    text = one.decks()[PATH]
    assert text.count(b"hound") == text.count(b"doggy") == text.count(b"un chat") == 1
    return killed


@pytest.mark.parametrize("at", [1, 9, 17, 25, 28])
def test_a_sync_killed_at_some_steps_is_finished_by_the_next(tmp_path: Path, at: int) -> None:
    """Whatever it had sent or written, nothing is lost or doubled."""
    assert kill_at(tmp_path, at)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_sync_killed_at_every_step_is_finished_by_the_next(tmp_path: Path) -> None:
    """The long form of the same: at each call until one is not reached any more."""
    at = 0
    while True:
        (tmp_path / str(at)).mkdir()
        if not kill_at(tmp_path / str(at), at):
            break
        at += 1
    assert at > 25
