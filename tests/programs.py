"""The real program, run as a person runs it: in a pipe, or in a terminal whose screen is read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

from fork_server import run_forked

SHIFTED = """
import datetime, os, sys
import flashcards.app.clock as clock
real = clock.now
clock.now = lambda: real() + datetime.timedelta(days=int(os.environ["SHIFT_DAYS"]))
from flashcards.cli.main import run_command_line
sys.exit(run_command_line(sys.argv[1:]))
"""
"""Starts the program with its clock some days ahead."""
LIMIT = 240
"""Seconds after which a program hangs, even where ten run at once on a busy machine."""
WAITED = re.compile(
    "(?:Backing up before (?:the first change of the day|this change)|Finishing today's backup) …\n"
)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which the program keeps everything below `home`, which is made."""
    home.mkdir(parents=True, exist_ok=True)
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "VIRTUAL_ENV") or name.startswith("COVERAGE_")
    }
    return {
        **inherited,
        **places,
        "HOME": str(home),
        "FLASHCARDS_DATA_DIR": str(home / "data"),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def command(days: int = 0) -> list[str]:
    """Return the words that start the program, `days` from now."""
    return [sys.executable, "-c", SHIFTED] if days else [sys.executable, "-m", "flashcards"]


def run(
    home: Path, *words: str, text: str = "", days: int = 0, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, with `text` as standard input.

    Where the environment changes how Python itself starts, or its lines are counted, it starts anew.
    """
    environ = environment(home, SHIFT_DAYS=str(days), **env)
    own_start = [name for name in environ if name.startswith(("PYTHON", "COVERAGE_", "LANG"))]
    if environ["LC_ALL"] == "C.UTF-8" and not own_start:
        done = run_forked(words, environ, text, days, LIMIT)
        done.stderr = WAITED.sub("", done.stderr)  # how busy the machine is, is no test's business
        return done
    return subprocess.run(
        [*command(days), *words], input=text, capture_output=True, text=True, encoding="utf-8",
        errors="replace", env=environ, timeout=LIMIT, check=False,
    )  # fmt: skip


class Terminal:
    """A terminal with the program in it."""

    def __init__(
        self,
        home: Path,
        words: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        *,
        days: int = 0,
        program: Sequence[str] = (),
    ) -> None:
        start = [*(program or command(days)), *words]
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            more = {"SHIFT_DAYS": str(days), **(env or {})}
            os.chdir(home) if program else None
            os.execvpe(start[0], start, environment(home, **more))  # noqa: S606
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a person does with the mouse."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def text(self) -> str:
        """Return what is on the screen, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def wait_for(self, *wanted: str, without: str = "\0", seconds: float = 15) -> str:
        """Return the screen once it shows all of `wanted`, and not `without`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = self.text()
            if all(piece in shown for piece in wanted) and without not in shown and self._whole():
                return shown
            if not self._take(0.05):
                break
        shown = self.text()
        assert all(piece in shown for piece in wanted), f"{wanted} not on the screen:\n{shown}"
        assert without not in shown
        return shown

    def _whole(self) -> bool:
        """Tell whether the last frame has come to its end: a terminal gives it in pieces."""
        return self.raw.rfind(b"\x1b[?2026h") <= self.raw.rfind(b"\x1b[?2026l")

    def _take(self, seconds: float) -> bool:
        """Take in what was written; False when the program has closed the terminal."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if ready:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                return False
            self.raw += data
            self._stream.feed(data)
            return bool(data)
        return True

    def end(self, seconds: float = 15) -> int:
        """Wait for the program to end and return its exit code; negative for a signal."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._take(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.close()
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError(f"the program did not end:\n{self.text()}")

    def close(self) -> None:
        """Close the terminal's window."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
