"""Find the settings at the head of a deck file."""

import re

DECK_FILE_SETTINGS = ("reverse", "type", "list", "lenient")
"""Set at the head of a deck file, because they define how its cards are asked."""


def header_line(text: str, key: str) -> int:
    """Return the line of a deck-wide field, from 1; 0 if absent."""
    match = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 0
