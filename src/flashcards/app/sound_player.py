"""Play one sound at a time in another program, without waiting."""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flashcards.app.external_programs import find_program

PLAYERS: Mapping[str, tuple[str, ...]] = {
    "mpv": ("--no-config", "--load-scripts=no", "--ytdl=no", "--no-video"),
    "ffplay": ("-protocol_whitelist", "file", "-nodisp", "-autoexit"),
    "afplay": (),
    "paplay": (),
    "aplay": (),
}
"""Players by preference, with options that keep them from playing anything but the file.
The last one plays wave files only, and anything else as noise.
"""


class SoundPlayer:
    """The sound player of a session."""

    def __init__(self) -> None:
        self._playing_pid = 0
        self._stopped_pids: list[int] = []  # players that were asked to end, and may still run

    def play(self, path: Path) -> str:
        """Start playing a file; return an error message or ""."""
        self.stop()
        program = find_program(PLAYERS if path.suffix.lower() == ".wav" else [*PLAYERS][:-1], os.environ)
        if program is None:
            return f"no audio player found; install mpv. The sound is {path}"
        # The path is an absolute one of the library and one word: no option, no URL.
        words = [program, *PLAYERS[os.path.basename(program)], str(path)]  # noqa: PTH119 (a text)
        # A session of its own: Ctrl-C does not reach it, and its whole group can be stopped.
        quiet = [(os.POSIX_SPAWN_OPEN, end, os.devnull, os.O_RDWR, 0) for end in range(3)]
        try:
            self._playing_pid = os.posix_spawn(
                program, words, os.environ, file_actions=quiet, setsid=True,
                setsigmask=(), setsigdef=(signal.SIGPIPE, signal.SIGINT),
            )  # fmt: skip
        except OSError as error:
            return f"{program}: {error.strerror}; the sound is {path}"
        return ""

    def stop(self) -> bool:
        """Stop the playing sound; tell whether one was playing."""
        for pid in self._stopped_pids:
            _signal_group(pid, signal.SIGKILL)
        self._stopped_pids = [pid for pid in self._stopped_pids if _is_running(pid)]
        pid, self._playing_pid = self._playing_pid, 0
        if not pid or not _is_running(pid):
            return False
        _signal_group(pid, signal.SIGTERM)
        self._stopped_pids.append(pid)
        return True


def _is_running(pid: int) -> bool:
    """Tell whether a player still runs, reaping it if it has ended."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
