"""Find near-duplicate questions."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

MIN_SIMILARITY = 0.85
"""The likeness (0 to 1, of the bare letters) from which two questions are called alike."""
WORD_PATTERN = re.compile(r"\w+")


def words_only(text: str) -> str:
    """Return a text's words alone: no case, punctuation or Markdown."""
    return " ".join(WORD_PATTERN.findall(text.casefold()))


def longest_words(text: str) -> list[str]:
    """Return the three longest words: what is alike has one of them, spelled the same."""
    return sorted(set(WORD_PATTERN.findall(text.casefold())), key=lambda word: (-len(word), word))[:3]


def is_near_duplicate(text: str, other: str) -> bool:
    """Tell whether two questions are the same, but for little."""
    one, two = words_only(text), words_only(other)
    if one == two:
        return True
    if not one or not two:
        return False
    match = SequenceMatcher(None, one, two, autojunk=False)
    likely = match.real_quick_ratio() >= MIN_SIMILARITY and match.quick_ratio() >= MIN_SIMILARITY
    return likely and match.ratio() >= MIN_SIMILARITY and _numbers_in(one) == _numbers_in(two)


def _numbers_in(text: str) -> list[str]:
    """Return the numbers in a text: questions that differ in one ask different things."""
    return re.findall(r"\d+", text)
