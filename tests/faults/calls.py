"""The real program under strace: its calls listed, and one of them killed at or made to fail."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeVar

import pytest

from flashcards.cli.main import run_command_line as run_here
from programs import command, environment

T = TypeVar("T")
STRACE = shutil.which("strace")
CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,link,unlink,unlinkat,rmdir,flock,lseek,ftruncate,"
    "mkdir,close,read,pread64,newfstatat,getdents64,chmod"
)
"""The calls that can change a file or read one, or stand between two that do."""
LINE = re.compile(r"(\d+) +(\w+)\((.*)")
OF_A_RUN = re.compile(r"\.\d+(\.kept)?\.tmp|\.sqlite\.\d+| \(deleted\)|/edits/.")
"""What has a process's number, an index's, or a random one in its name: another one in each run."""
OF_THE_FIRST = re.compile("/journal/.|/backups/.|/undo/.")
"""What has a device or a time in its name: another one in each run, unless it is there."""
SETTLED = 2.2
"""Seconds after which a file that changed is trusted to have changed no more."""
QUIET = ("-f", "-qqq")
QUICK = "--seccomp-bpf"
"""Stops at the calls in question alone, which is three times as fast; no signal is sent then."""


@dataclass(frozen=True, slots=True)
class Point:
    """A kind of call, on a path below the home if that is the same in each run, and the how-many-th.

    Each thread counts for itself: a fault strikes every thread that comes so far.
    """

    call: str
    number: int
    path: str = ""
    ever: bool = False
    """Whether a fault strikes all later ones too, as on a disk that is full."""

    @property
    def on_journal(self) -> bool:
        return "/journal/" in self.path


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
    fault = ["-o", "/dev/null", "-e", "inject=write:error=EIO:when=9"]
    words = [STRACE, *QUIET, QUICK, *fault, "true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True)
class Home:
    """A home, and what its files held when it was sound; nothing where there is none yet."""

    path: Path
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def put_back(self) -> None:
        """Put it back, and only what changed: files that stay are trusted by the index."""
        if not self.files:
            shutil.rmtree(self.path, ignore_errors=True)
            return
        found = contents(self.path)
        for name in found.keys() - self.files.keys():
            (self.path / name).unlink()
        for name, data in self.files.items():
            if found.get(name) != data:
                (self.path / name).parent.mkdir(parents=True, exist_ok=True)
                (self.path / name).write_bytes(data)
        for folder in (*(self.path / "state").rglob("*.pending"), *(self.path / "data").glob(".restore*")):
            shutil.rmtree(folder)

    def settle(self) -> None:
        """Wait until a deck that was put back is trusted, and let the index read it.

        Else the next runs would read it as often as they come early, and a point of one would not be
        met in another.
        """
        decks = [self.path / name for name in self.files if name.startswith("data/decks/")]
        changed = max((path.stat().st_ctime for path in decks), default=0.0)
        time.sleep(min(SETTLED, max(0.0, changed + SETTLED - time.time())))
        if self.files:
            ask(self.path, "due")


def sound_homes(*paths: Path) -> tuple[Home, ...]:
    """Return homes as they are now, their indexes trusted."""
    for path in paths:
        ask(path, "due")
    time.sleep(SETTLED)
    for path in paths:
        ask(path, "due")
    return tuple(Home(path, contents(path)) for path in paths)


@dataclass(slots=True)
class Stage:
    """A program on a home that is put back as it was before each run.

    Of several homes alike, the one that was put back longest ago has its turn: it need not be waited for.
    """

    homes: Sequence[Home]
    log: Path
    program: list[str]
    """The home's path is put in the place of HOME in its words."""
    typed: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    turn: int = 0

    @property
    def sound(self) -> Home:
        return self.homes[self.turn % len(self.homes)]

    @property
    def home(self) -> Path:
        return self.sound.path

    def next(self) -> None:
        """Put the home back, and take the next one."""
        self.sound.put_back()
        self.turn += 1
        self.sound.settle()

    def run(self) -> Run:
        """Run it without a fault; the first time, Python may compile what it loads."""
        self.next()
        done = trace([QUICK, "-o", "/dev/null", "-e", "trace=none"], self)
        return Run(done.returncode, done.stdout, done.stderr, struck=False)

    def points(self) -> list[Point]:
        """Return every call of a whole run that names the home, a file in it, or the output."""
        self.next()
        trace([QUICK, "-y", "-s", "0", "-o", str(self.log), "-e", f"trace={CALLS}"], self)
        return listed(self.log, self.sound)

    def run_with(self, fault: str, point: Point) -> Run:
        """Run it anew with a fault at a point: "signal=SIGKILL" or "error=EIO".

        A run that never came to the point is no trial of it: a busy machine may do a thing in another
        order, so it is tried twice more.
        """
        inject = f"inject={point.call}:{fault}:when={point.number}{'+' * point.ever}"
        quick = [] if "signal" in fault else [QUICK]
        for _ in range(3):
            self.next()
            where = ["-P", f"{self.home}{point.path}"] if point.path else []
            done = trace(
                [*quick, *where, "-o", str(self.log), "-e", f"trace={point.call}", "-e", inject], self
            )
            if done.returncode == -9 or b"(INJECTED)" in self.log.read_bytes():
                return Run(done.returncode, done.stdout, done.stderr, struck=True)
        return Run(done.returncode, done.stdout, done.stderr, struck=False)


def stage(home: Home, folder: Path, words: list[str], typed: str) -> Stage:
    """Return a command on a home, with a folder for its log."""
    return Stage([home], folder / "log", [*command(), *words], typed)


def contents(home: Path) -> dict[str, bytes]:
    """Return what each file below a home holds."""
    found = {str(p.relative_to(home)): p for p in home.rglob("*") if p.is_file()}
    return {name: p.read_bytes() for name, p in found.items() if not OF_A_RUN.search(name)}


def trace(options: list[str], on: Stage) -> subprocess.CompletedProcess[bytes]:
    """Run the program of a stage under strace."""
    program = [word.replace("HOME", str(on.home)) for word in on.program]
    words = [str(STRACE), *QUIET, *options, *program]
    return subprocess.run(
        words, input=on.typed.encode(), capture_output=True, check=False, timeout=120,
        env=environment(on.home, PYTHONHASHSEED="0", **on.env),
    )  # fmt: skip


def listed(log: Path, home: Home) -> list[Point]:
    """Return the points of a log that name a home, or write to the standard output.

    Left out are calls on another thread's drafts that could only be struck together with as many
    calls of the first thread, from before it came to the home: then nothing would begin.
    """
    inside = re.compile(re.escape(str(home.path)) + r'(?!/\.)[^"<>]*')
    there = {f"/{name}" for name in home.files}
    counts: Counter[tuple[str, ...]] = Counter()
    before: Counter[str] = Counter()
    first, begun = "", False
    found: dict[Point, None] = {}
    for line in log.read_text(errors="replace").splitlines():
        if not (call := LINE.match(line)):
            continue
        thread, name, rest = call.groups()
        first = first or thread
        paths = inside.findall(rest)
        begun = begun or bool(paths)
        before[name] += not begun
        path = paths[0].removeprefix(str(home.path)) if paths else ""
        if OF_A_RUN.search(path) or (OF_THE_FIRST.search(path) and path not in there):
            path = ""
        counts.update({(thread, name, path), (thread, name, "")})
        number = counts[thread, name, path]
        apart = path or thread == first or number > before[name]
        if apart and (paths or (name == "write" and rest.startswith("1<"))):
            found[Point(name, number, path)] = None
    return list(found)


def answer(home: Path, *words: str, **env: str) -> tuple[int, str]:
    """Return how a command ends and what it says, run in this very process, which saves another's start."""
    out, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(errors):
        for name, value in environment(home, **env).items():
            here.setenv(name, value)
        code = run_here(words)
    return code, out.getvalue() or errors.getvalue()


def ask(home: Path, *words: str, **env: str) -> str:
    """Return what a command says. It must end well: the store opens, whatever was done to it."""
    code, said = answer(home, *words, **env)
    assert code == 0, said
    return said


def figures(home: Path) -> tuple[int, int]:
    """Return how many answers and how many cards a store has."""
    found = json.loads(ask(home, "stats", "--json"))
    return int(found["reviews"]), int(found["cards"]["total"])


def spread(found: list[T], most: int) -> list[T]:
    """Return so many of them, spread over the run."""
    step = max(1, len(found) // most)
    return found[step // 2 :: step]


def telling(points: list[Point]) -> list[Point]:
    """Return one point of each kind of call on the journal, from the middle of the run."""
    kinds: dict[str, list[Point]] = {}
    for point in points:
        if point.on_journal:
            kinds.setdefault(point.call, []).append(point)
    return [found[len(found) // 2] for found in kinds.values()]
