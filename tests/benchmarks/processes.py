"""Measure whole processes: the seconds that they compute, and the most memory that they hold."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

NOTHING = [sys.executable, "-c", "pass"]


class Usage(NamedTuple):
    """What a process took."""

    seconds: float
    """Of the processor, its own and the system's: others on the machine hardly change them."""
    megabytes: float


def flashcards(*words: str) -> list[str]:
    """Return the words that start a command of ours."""
    return [sys.executable, "-m", "flashcards", *words]


def make_collection(folder: Path, *numbers: int) -> None:
    """Make a large one in a process of its own: what this one held would count as its children's."""
    script = Path(__file__).with_name("collection.py")
    subprocess.run([sys.executable, str(script), str(folder), *map(str, numbers)], check=True)


def measure(words: Sequence[str], env: Mapping[str, str]) -> Usage:
    """Run a process to its end."""
    child = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, words
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: Sequence[Usage]) -> Usage:
    """Return the medians of several runs."""
    return Usage(*(statistics.median(column) for column in zip(*runs, strict=True)))
