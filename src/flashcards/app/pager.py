"""Write styled lines to a terminal, long ones through the user's pager."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TextIO

from flashcards.terminal.device.screen import write_styled_lines
from flashcards.terminal.text.styled_line import FrameLine

LESS = "less"
LESS_FLAGS = "FRX"  # quit if it fits one screen, show colours, do not clear the screen; $LESS overrides them


def page_lines(stdout: TextIO, lines: Sequence[FrameLine], theme: str) -> None:
    """Write styled lines, through a pager if they exceed the terminal."""
    pager = pager_command() if stdout.isatty() else []
    if pager and len(lines) >= os.get_terminal_size(stdout.fileno()).lines:
        # Other pagers may print the escape codes of colours.
        paged = PagerInput(stdout.encoding, has_colours=Path(pager[0]).name == LESS)
        write_styled_lines(paged, lines, theme, os.environ)
        if show_in_pager(paged.data(), pager):
            return
    write_styled_lines(stdout, lines, theme, os.environ)


class PagerInput(TextIOWrapper):
    """Collects what a pager will show, as if it were the terminal."""

    def __init__(self, encoding: str, *, has_colours: bool) -> None:
        self._bytes = BytesIO()
        super().__init__(self._bytes, encoding=encoding, errors="replace")
        self._has_colours = has_colours

    def isatty(self) -> bool:
        """Tell whether to write colours."""
        return self._has_colours

    def data(self) -> bytes:
        """Return all that was written."""
        self.flush()
        return self._bytes.getvalue()


def pager_command() -> list[str]:
    """Return the command of $PAGER or `less`, or nothing."""
    with suppress(ValueError):  # unbalanced quotes
        if words := shlex.split(os.environ.get("PAGER", "")):
            return words
    less = shutil.which(LESS)
    return [less] if less else []


def show_in_pager(data: bytes, command: list[str]) -> bool:
    """Show a text in a pager; False if it cannot be started."""
    variables = {"LESS": LESS_FLAGS, **os.environ}
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is one of the pager's keys
    try:
        # The command is the user's own setting; the text goes to its standard input only.
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=variables) as pager:  # noqa: S603
            pager.communicate(data)  # ignores a pager that quits early
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True
