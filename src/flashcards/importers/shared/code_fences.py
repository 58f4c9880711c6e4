"""Blocks of code in Markdown, followed line by line: what stands in one is no card."""

from __future__ import annotations

import re
from dataclasses import dataclass

FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<rest>.*)")


@dataclass(slots=True)
class Fences:
    """Knows whether a block is open, and with what; only the same sign, as often, ends it."""

    _open: str = ""

    def holds(self, line: str) -> bool:
        """Take the next line, and tell whether it belongs to a block, its fences included."""
        was_open = bool(self._open)
        found = FENCE.match(line) if "```" in line or "~~~" in line else None
        if found is None:
            return was_open
        fence, rest = found["fence"], found["rest"].strip()
        if not was_open:
            self._open = "" if fence[0] == "`" and "`" in rest else fence
            return bool(self._open)
        if not rest and fence.startswith(self._open):
            self._open = ""
        return True

    @property
    def inside(self) -> bool:
        """Whether the next line belongs to the block that is open."""
        return bool(self._open)
