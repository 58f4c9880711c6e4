"""The real program under strace: its calls listed, and one of them killed at or made to fail."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from flashcards.cli import run as run_here
from programs import command, environment, run

STRACE = shutil.which("strace")
CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,unlink,flock,lseek,ftruncate,mkdir,close,read,"
    "pread64,newfstatat,getdents64,chmod"
)
"""The calls that can change a file or read one, or stand between two that do."""
LINE = re.compile(r"(\d+) +(\w+)\((.*)")
QUIET = ("-f", "-qq")
QUICK = "--seccomp-bpf"
"""Stops at the calls in question alone, which is three times as fast; no signal is sent then."""


OLD = 1_700_000_000
"""A time in seconds that is long ago."""


@dataclass(frozen=True, slots=True)
class Point:
    """A kind of call, and the how-many-th of it in its thread."""

    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Run:
    """How a program fared whose call at a point met a fault."""

    code: int
    out: bytes
    errors: bytes
    struck: bool
    """Whether it came to that point."""


def works() -> bool:
    """Tell whether programs can be traced here."""
    if STRACE is None:
        return False
    words = [
        STRACE,
        *QUIET,
        QUICK,
        "-o",
        "/dev/null",
        "-e",
        "inject=write:error=EIO:when=9",
        "true",
    ]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A program on a home that is put back as it was before each run."""

    folder: Path
    program: list[str]
    typed: str

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def again(self) -> None:
        """Put the home back."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.folder / "sound", self.home)

    def run(self) -> Run:
        """Run it without a fault; the first time, Python may compile what it loads."""
        self.again()
        done = trace([QUICK, "-o", "/dev/null", "-e", "trace=none"], self)
        return Run(done.returncode, done.stdout, done.stderr, struck=False)

    def points(self) -> list[Point]:
        """Return every call of a whole run that names the home, a file in it, or the output.

        They are counted as strace does, by thread: a fault strikes each thread that comes so far.
        """
        self.again()
        log = self.folder / "log"
        trace([QUICK, "-y", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}"], self)
        return listed(log, str(self.home))

    def run_with(self, fault: str, point: Point) -> Run:
        """Run it anew with a fault at a point: "signal=SIGKILL" or "error=EIO"."""
        self.again()
        log = self.folder / "log"
        inject = f"inject={point.call}:{fault}:when={point.number}"
        quick = [] if "signal" in fault else [QUICK]
        done = trace([*quick, "-o", str(log), "-e", f"trace={point.call}", "-e", inject], self)
        struck = done.returncode == -9 or b"(INJECTED)" in log.read_bytes()
        return Run(done.returncode, done.stdout, done.stderr, struck)


def stage(folder: Path, words: list[str], typed: str, *, first: bool = False) -> Stage:
    """Return a command on a home with one answer and today's backup; the `first` run has none."""
    found = Stage(folder, [*command(), *words], typed)
    found.home.mkdir()
    if not first:
        run(found.home, "study", text="\n4\nq\n")
    found.home.rename(folder / "sound")
    for path in (folder / "sound").rglob("*"):
        os.utime(path, (OLD, OLD))  # what was written just now would be looked at twice
    return found


def trace(options: list[str], on: Stage) -> subprocess.CompletedProcess[bytes]:
    """Run the program of a stage under strace."""
    words = [str(STRACE), *QUIET, *options, *on.program]
    return subprocess.run(
        words, input=on.typed.encode(), capture_output=True, check=False, timeout=120,
        env=environment(on.home, PYTHONHASHSEED="0"),
    )  # fmt: skip


def listed(log: Path, about: str) -> list[Point]:
    """Return the points of a log that name `about`, or write to the standard output."""
    counts: dict[tuple[str, str], int] = {}
    found: dict[Point, None] = {}
    for line in log.read_text(errors="replace").splitlines():
        if call := LINE.match(line):
            thread, name, rest = call.groups()
            counts[thread, name] = number = counts.get((thread, name), 0) + 1
            if about in rest or rest.startswith("1<"):
                found[Point(name, number)] = None
    return list(found)


def ask(home: Path, *words: str) -> str:
    """Return what a command says, run in this very process, which saves starting another.

    It must end well: the store opens, whatever was done to it.
    """
    out, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(errors):
        for name, value in environment(home).items():
            here.setenv(name, value)
        code = run_here(words)
    assert code == 0, errors.getvalue()
    return out.getvalue()


def figures(home: Path) -> tuple[int, int]:
    """Return how many answers and how many cards a store has."""
    found = json.loads(ask(home, "stats", "--json"))
    return int(found["reviews"]), int(found["cards"]["total"])


def spread(found: list[Point], most: int) -> list[Point]:
    """Return so many of them, spread over the run."""
    step = max(1, len(found) // most)
    return found[::step]
