"""Width of the terminal, without imports."""

from __future__ import annotations

import os

DEFAULT_COLUMNS, MIN_COLUMNS = 80, 20


def terminal_width() -> int:
    """Return the columns of the terminal, or what COLUMNS says; 80 in a pipe."""
    try:
        return max(MIN_COLUMNS, int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        return DEFAULT_COLUMNS
