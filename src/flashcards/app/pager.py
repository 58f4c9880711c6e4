"""Show a long text page by page, in the pager that the user has."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path

LESS = "less"
LESS_FLAGS = "FRX"
"""Quit if it fits one screen, show colours, leave the text on the screen; $LESS overrules them."""


class PagerInput(TextIOWrapper):
    """What a pager will show, written as if to the terminal."""

    def __init__(self, encoding: str, *, has_colours: bool) -> None:
        self._bytes = BytesIO()
        super().__init__(self._bytes, encoding=encoding, errors="replace")
        self._has_colours = has_colours

    def isatty(self) -> bool:
        """Tell whether colours are written."""
        return self._has_colours

    def data(self) -> bytes:
        """Return all that was written."""
        self.flush()
        return self._bytes.getvalue()


def pager_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command of a pager: $PAGER, else `less`; none where there is neither."""
    with suppress(ValueError):  # quotes that never close
        if words := shlex.split(environment.get("PAGER", "")):
            return words
    found = shutil.which(LESS, path=environment.get("PATH"))
    return [found] if found else []


def passes_colours(command: list[str]) -> bool:
    """Tell whether a pager passes the sequences of colours on; others may show them as letters."""
    return Path(command[0]).name == LESS


def show_in_pager(data: bytes, command: list[str], environment: Mapping[str, str] = os.environ) -> bool:
    """Hand a text to a pager, and wait for its end; False where it cannot be started."""
    variables = {"LESS": LESS_FLAGS, **environment}
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is one of the pager's keys
    try:
        # The words are the user's own setting; the text comes on standard input, never as a word.
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=variables) as pager:  # noqa: S603
            pager.communicate(data)  # whether or not it is read to its end
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True
