"""The terminal of this process and its width; imports almost nothing, for a fast start."""

import os
import sys

DEFAULT_COLUMNS, MIN_COLUMNS = 80, 20


def has_screen() -> bool:
    """Tell whether both ends are a terminal that can place text."""
    return os.environ.get("TERM", "dumb") != "dumb" and sys.stdin.isatty() and sys.stdout.isatty()


def terminal_width() -> int:
    """Return the terminal's columns, or $COLUMNS; 80 in a pipe."""
    try:
        return max(MIN_COLUMNS, int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        return DEFAULT_COLUMNS
