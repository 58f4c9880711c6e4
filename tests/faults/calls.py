"""The real program under strace: its calls listed, and one of them killed at or made to fail."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

STRACE = shutil.which("strace")
CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,unlink,flock,lseek,ftruncate,mkdir,close,read,"
    "pread64,newfstatat,getdents64,chmod"
)
"""The calls that can change a file or read one, or stand between two that do."""
LINE = re.compile(r"\d+ +(\w+)\((.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """A kind of call, and the how-many-th of it."""

    call: str
    number: int


def works() -> bool:
    """Tell whether programs can be traced here."""
    if STRACE is None:
        return False
    words = [STRACE, "-o", "/dev/null", "-e", "inject=write:error=EIO:when=9", "true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def points(
    program: list[str], typed: str, env: dict[str, str], log: Path, about: str
) -> list[Point]:
    """Return every call of a whole run that names `about`, or a file that was opened by it."""
    words = [str(STRACE), "-f", "-y", "-qq", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}"]
    subprocess.run(
        [*words, *program], input=typed.encode(), capture_output=True, env=env, check=True
    )
    counts: Counter[str] = Counter()
    found: list[Point] = []
    for line in log.read_text(errors="replace").splitlines():
        if call := LINE.match(line):
            counts[call[1]] += 1
            if about in call[2] or call.groups()[1].startswith("1<"):
                found.append(Point(call[1], counts[call[1]]))
    return found


def run_with(
    fault: str, program: list[str], typed: str, point: Point, env: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run a program whose call at a point meets a fault: "signal=SIGKILL" or "error=EIO"."""
    words = [str(STRACE), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={point.call}"]
    words += ["-e", f"inject={point.call}:{fault}:when={point.number}"]
    return subprocess.run(
        [*words, *program], input=typed.encode(), capture_output=True, env=env, check=False,
        timeout=120,
    )  # fmt: skip


def spread(found: list[Point], most: int) -> list[Point]:
    """Return so many of them, spread over the run."""
    step = max(1, len(found) // most)
    return found[::step]
