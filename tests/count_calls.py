"""How much work a function does: calls counted, which no busy machine changes, instead of seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

HANGS = pytest.mark.timeout(120)
"""For inputs that cost a moment when each character is looked at a few times, and minutes otherwise."""


def count_calls(work: Callable[[], object]) -> int:
    """Return how many functions, ours and built in, the work calls."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
