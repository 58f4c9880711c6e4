"""SIGKILL while files change: all of them did afterwards, or none, and the next try ends well."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import pytest

from faults.calls import Home, Point, spread, works
from faults.changes import ALIKE, CHANGES, state, tried

KILL = "signal=SIGKILL"
BETWEEN = {
    "write", "pwrite64", "rename", "link", "unlink", "unlinkat", "rmdir", "fsync", "fdatasync", "mkdir",
    "ftruncate",
}  # fmt: skip
"""Calls that change a file: a kill at any other one leaves what a kill at the next of these does."""
POINTS = 3
"""Of each command, in the short form."""
PARTS = 4
"""Of each command's full sweep, so that none runs into the limit of a test."""
Choice = Callable[[list[Point]], list[Point]]
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")


def json_lines(home: Home) -> set[str]:
    """Return the lines of the journal that a home had when it was sound."""
    found = [data for name, data in home.files.items() if name.endswith(".jsonl")]
    return {line for data in found for line in data.decode().splitlines()}


def journal_lines(home: Path) -> set[str]:
    """Return the lines of the journal that a home has."""
    paths = (home / "data/journal").glob("*.jsonl")
    return {line for path in paths for line in path.read_text().splitlines()}


def sweep(name: str, folder: Path, choose: Choice, homes: int = 4) -> int:
    """Kill a command at some points, and look at each; return how many of them it came to."""
    trial = tried(name, folder, homes)
    stage = trial.stage
    kept = json_lines(stage.sound) & journal_lines(stage.home)
    points = choose([point for point in stage.points() if point.call in BETWEEN])
    bad, struck = [], 0
    for point in points:
        killed = stage.run_with(KILL, point)
        struck += killed.struck
        try:
            state(stage.home)
            assert kept <= journal_lines(stage.home)
            trial.ends_well(killed.out)
        except AssertionError as error:
            bad.append(f"{point}: {killed}\n{error}")
    assert not bad, "\n".join([f"{len(bad)} of {len(points)}", *bad])
    assert struck > len(points) / 2
    return struck


@pytest.mark.parametrize("name", sorted(CHANGES.keys() - ALIKE))
def test_a_kill_leaves_all_of_a_change_or_nothing(tmp_path: Path, name: str) -> None:
    """At calls spread over each command."""
    assert sweep(name, tmp_path, lambda points: spread(points, POINTS), 2) > POINTS / 2


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", CHANGES)
def test_a_kill_at_every_call_leaves_all_of_a_change_or_nothing(
    tmp_path: Path, record_property: Callable[[str, int], None], name: str, part: int
) -> None:
    """The same at every call that changes a file."""
    record_property("kills", sweep(name, tmp_path, itemgetter(slice(part, None, PARTS))))
