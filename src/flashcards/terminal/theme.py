"""The few styles there are: one accent, dim chrome, the terminal's own colours for the rest."""

from __future__ import annotations

ACCENT = "cyan"
CHROME = "dim"
QUESTION = "bold"
RATING = "bold cyan"
WARNING = "yellow"
CODE = "green"
HEADING = "bold"
LINK = "underline"
CODE_THEME = "ansi_dark"
"""Highlights code with the terminal's own sixteen colours, so it fits light and dark."""
