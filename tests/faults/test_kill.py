"""SIGKILL at any system call of a session: what was acknowledged is on the disk, and all opens."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.calls import Home, Point, Stage, ask, figures, spread, stage, telling, works

RATINGS = 20
TYPED = "\n4\n" * RATINGS
PARTS = 16
"""Of the full sweep, so that two can run at a time and none runs into the limit of a test."""
KILL = "signal=SIGKILL"
NAIVE = """
import json, sys, os
path = sys.argv[1]
os.makedirs(os.path.dirname(path), exist_ok=True)
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


def kill(session: Stage, points: list[Point]) -> int:
    """Kill a session at each of some points; return how many ratings were acknowledged."""
    before = (1, 55) if session.sound.files else (0, 0)
    told = 0
    for point in points:
        killed = session.run_with(KILL, point)
        assert killed.struck, point
        acknowledged = killed.out.count(b": due")
        reviews, cards = figures(session.home)
        assert acknowledged <= reviews - before[0] <= acknowledged + 1, point
        assert cards >= before[1], point
        told += acknowledged
    return told


def test_a_kill_at_some_calls_loses_nothing(studied: Home, tmp_path: Path) -> None:
    """At each kind of call on the journal, and some others: what was acknowledged is kept."""
    session = stage(studied, tmp_path, ["study"], TYPED)
    session.run()
    points = session.points()
    assert kill(session, [*telling(points), *spread(points, 4)]) > 0


def test_a_kill_in_the_first_session_loses_nothing(tmp_path: Path) -> None:
    """The same where the store is only just being made; the next run makes or finds it whole."""
    session = stage(Home(tmp_path / "home"), tmp_path, ["study"], TYPED)
    session.run()
    kill(session, spread(session.points(), 6))
    assert " 55 " in ask(session.home, "decks")


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("first", [False, True], ids=["a session", "the first of all"])
def test_a_kill_at_every_call_loses_nothing(
    studied: Home,
    tmp_path: Path,
    record_property: Callable[[str, int], None],
    part: int,
    *,
    first: bool,
) -> None:
    """At every call of a session of 20 ratings, no acknowledged rating is lost."""
    session = stage(Home(tmp_path / "home") if first else studied, tmp_path, ["study"], TYPED)
    session.run()
    points = session.points()[part::PARTS]
    record_property("points", len(points))
    kill(session, points)


def test_the_sweep_catches_a_naive_store(tmp_path: Path) -> None:
    """As a control: a JSON file written anew for each rating is lost at some of the points."""
    script = tmp_path / "naive.py"
    script.write_text(NAIVE)
    path = tmp_path / "home" / "state.json"
    program = [sys.executable, str(script), str(path)]
    session = Stage([Home(path.parent)], tmp_path / "log", program, "4\n" * RATINGS)
    lost = 0
    for point in session.points()[::5]:
        told = session.run_with(KILL, point).out.count(b"kept")
        try:
            kept = len(json.loads(path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            kept = 0
        lost += kept < told
    assert lost > 0
