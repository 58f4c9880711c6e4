"""SIGKILL at any system call of a session: what was acknowledged is on the disk, and all opens."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from programs import command, environment, run

RATINGS = 20
STRACE = shutil.which("strace")
CALLS = "openat,write,pwrite64,fsync,fdatasync,rename,unlink,flock,lseek,ftruncate,mkdir,close,read"
"""The calls that can change a file, or stand between two that do."""
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
pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


Point = tuple[str, int]
"""A kind of call, and the how-many-th of it."""


def killed(program: list[str], typed: str, point: Point, env: dict[str, str]) -> bytes:
    """Run a program that is killed at a point; return what it had told by then."""
    call, number = point
    words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    words += ["-e", f"inject={call}:signal=SIGKILL:when={number}"]
    found = subprocess.run(
        [*words, *program], input=typed.encode(), capture_output=True, env=env, check=False,
        timeout=120,
    )  # fmt: skip
    return found.stdout


def points(program: list[str], typed: str, env: dict[str, str], log: Path) -> list[Point]:
    """Return every call of a whole run, from the first that writes to standard output on."""
    words = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={CALLS}"]
    whole = [*words, *program]
    subprocess.run(whole, input=typed.encode(), capture_output=True, env=env, check=True)
    counts: Counter[str] = Counter()
    found: list[Point] = []
    for line in log.read_text(errors="replace").splitlines():
        if call := re.match(r"\d+ +(\w+)\((1?)", line):
            counts[call[1]] += 1
            if found or call.groups() == ("write", "1"):
                found.append((call[1], counts[call[1]]))
    return found


def sweep(tmp_path: Path, most: int) -> int:
    """Kill a session at points spread over it; return how many ratings were acknowledged."""
    template = tmp_path / "template"
    run(template, "due")
    typed = "\n4\n" * RATINGS
    program = [*command(), "study"]
    probe = tmp_path / "probe"
    shutil.copytree(template, probe)
    every = points(program, typed, environment(probe), tmp_path / "log")
    told = 0
    for i, point in enumerate(every[:: max(1, len(every) // most)]):
        home = tmp_path / f"home{i}"
        shutil.copytree(template, home)
        shown = killed(program, typed, point, environment(home))
        acknowledged = shown.count(b": due")
        found = run(home, "stats", "--json")
        assert found.returncode == 0, (point, found.stderr)
        kept = json.loads(found.stdout)["reviews"]
        assert acknowledged <= kept <= acknowledged + 1, point
        told += acknowledged
        shutil.rmtree(home)
    return told


def test_a_kill_at_some_calls_loses_nothing(tmp_path: Path) -> None:
    """At points spread over a session, every acknowledged rating is kept, and at most one more."""
    assert sweep(tmp_path, 12) > 0


@pytest.mark.full
def test_a_kill_at_every_call_loses_nothing(tmp_path: Path) -> None:
    """At every call of a session of 20 ratings, no acknowledged rating is lost."""
    assert sweep(tmp_path, sys.maxsize) > 0


def test_the_sweep_catches_a_naive_store(tmp_path: Path) -> None:
    """As a control: a JSON file written anew for each rating is lost at some of the points."""
    typed = "4\n" * RATINGS
    path = tmp_path / "state.json"
    script = tmp_path / "naive.py"
    script.write_text(NAIVE)
    program = [sys.executable, str(script), str(path)]
    env = environment(tmp_path)
    every = points(program, typed, env, tmp_path / "log")
    lost = 0
    for point in every[::5]:
        path.unlink(missing_ok=True)
        told = killed(program, typed, point, env).count(b"kept")
        try:
            kept = len(json.loads(path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            kept = 0
        lost += kept < told
    assert lost > 0
