"""Whether a question that is to be added says what one of the library says already."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

NEAR = 0.85
"""The likeness (0 to 1, of the bare letters) from which two questions are called alike."""
WORD = re.compile(r"\w+")


def bare(text: str) -> str:
    """Return a text's words alone: no case, punctuation or Markdown."""
    return " ".join(WORD.findall(text.casefold()))


def telling(text: str) -> list[str]:
    """Return the three longest words: what is alike has one of them, spelled the same."""
    return sorted(set(WORD.findall(text.casefold())), key=lambda word: (-len(word), word))[:3]


def near(text: str, other: str) -> bool:
    """Tell whether two questions are the same, but for little."""
    one, two = bare(text), bare(other)
    if one == two:
        return True
    if not one or not two:
        return False
    match = SequenceMatcher(None, one, two, autojunk=False)
    likely = match.real_quick_ratio() >= NEAR and match.quick_ratio() >= NEAR
    return likely and match.ratio() >= NEAR and _numbers(one) == _numbers(two)


def _numbers(text: str) -> list[str]:
    """Return the numbers in a text: questions that differ in one ask different things."""
    return re.findall(r"\d+", text)
