"""Track fenced code blocks line by line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FENCE_PATTERN = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<rest>.*)")


@dataclass(slots=True)
class FenceTracker:
    """Tracks the open code block, which only its own fence ends."""

    open_fence: str = ""  # of the open code block; "" outside of one

    def is_in_fence(self, line: str) -> bool:
        """Take the next line; tell whether it belongs to a code block."""
        was_open = bool(self.open_fence)
        found = FENCE_PATTERN.match(line) if "```" in line or "~~~" in line else None
        if found is None:
            return was_open
        fence, rest = found["fence"], found["rest"].strip()
        if not was_open:
            self.open_fence = "" if fence[0] == "`" and "`" in rest else fence
            return bool(self.open_fence)
        if not rest and fence.startswith(self.open_fence):
            self.open_fence = ""
        return True


def lines_outside_code(lines: Iterable[str]) -> list[str]:
    """Return the lines outside code blocks."""
    fences = FenceTracker()
    return [line for line in lines if not fences.is_in_fence(line)]
