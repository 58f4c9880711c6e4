"""The terminal of this process: whether there is one, and how wide; without imports."""

from __future__ import annotations

import os
import sys

DEFAULT_COLUMNS, MIN_COLUMNS = 80, 20


def has_screen() -> bool:
    """Tell whether there is a terminal that can place text, at both ends."""
    streams = sys.stdin, sys.stdout
    return os.environ.get("TERM", "dumb") != "dumb" and all(end and end.isatty() for end in streams)


def terminal_width() -> int:
    """Return the columns of the terminal, or what COLUMNS says; 80 in a pipe."""
    try:
        return max(MIN_COLUMNS, int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        return DEFAULT_COLUMNS
