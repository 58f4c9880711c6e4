"""SIGKILL at any system call of a session: what was acknowledged is on the disk, and all opens."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from faults.calls import points, run_with, spread, works
from programs import command, environment, run

RATINGS = 20
NAIVE = """
import json, sys, os
path = sys.argv[1]
state = json.load(open(path)) if os.path.exists(path) else {}
for n, line in enumerate(sys.stdin):
    state[str(n)] = line.strip()
    with open(path, "w") as file:
        for part in json.dumps(state).partition(":"):
            file.write(part)
            file.flush()
    print("kept", n, flush=True)
"""
"""What many tools do: write the whole state anew in its place. The sweep must catch it losing."""
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")
KILL = "signal=SIGKILL"


def sweep(tmp_path: Path, most: int, *, first: bool = False) -> int:
    """Kill a session at points spread over it; return how many ratings were acknowledged.

    With `first` it is the first of all, which makes the store.
    """
    home, sound = tmp_path / "home", tmp_path / "sound"
    sound.mkdir()
    program, typed, env = [*command(), "study"], "\n4\n" * RATINGS, environment(home)
    if not first:
        run(home, "due")
        sound.rmdir()
        shutil.copytree(home, sound)
    every = points(program, typed, env, tmp_path / "log", str(home))
    told = 0
    for point in spread(every, most):
        shutil.rmtree(home)
        shutil.copytree(sound, home)
        acknowledged = run_with(KILL, program, typed, point, env).stdout.count(b": due")
        found = run(home, "stats", "--json")
        assert found.returncode == 0, (point, found.stderr)
        kept = json.loads(found.stdout)["reviews"]
        assert acknowledged <= kept <= acknowledged + 1, point
        assert json.loads(found.stdout)["cards"]["total"] >= 55 * (not first), point
        told += acknowledged
    return told


def test_a_kill_at_some_calls_loses_nothing(tmp_path: Path) -> None:
    """At points spread over a session, every acknowledged rating is kept, and at most one more."""
    assert sweep(tmp_path, 6) > 0


def test_a_kill_in_the_first_session_loses_nothing(tmp_path: Path) -> None:
    """The same where the store is only just being made; the next run makes or finds it whole."""
    sweep(tmp_path, 4, first=True)
    assert "55" in run(tmp_path / "home", "decks").stdout


@pytest.mark.full
@pytest.mark.parametrize("first", [False, True], ids=["a session", "the first of all"])
def test_a_kill_at_every_call_loses_nothing(tmp_path: Path, *, first: bool) -> None:
    """At every call of a session of 20 ratings, no acknowledged rating is lost."""
    assert sweep(tmp_path, sys.maxsize, first=first) > 0


def test_the_sweep_catches_a_naive_store(tmp_path: Path) -> None:
    """As a control: a JSON file written anew for each rating is lost at some of the points."""
    typed = "4\n" * RATINGS
    path = tmp_path / "state.json"
    script = tmp_path / "naive.py"
    script.write_text(NAIVE)
    program = [sys.executable, str(script), str(path)]
    env = environment(tmp_path)
    every = points(program, typed, env, tmp_path / "log", str(path))
    lost = 0
    for point in every[::5]:
        path.unlink(missing_ok=True)
        told = run_with(KILL, program, typed, point, env).stdout.count(b"kept")
        try:
            kept = len(json.loads(path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            kept = 0
        lost += kept < told
    assert lost > 0
