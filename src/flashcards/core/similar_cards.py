"""Find near-duplicate questions."""

import re
from difflib import SequenceMatcher

MIN_SIMILARITY = 0.85  # 0 to 1
WORD_PATTERN = re.compile(r"\w+")


def words_only(text: str) -> str:
    """Return a text's words, without case, punctuation or Markdown."""
    return " ".join(WORD_PATTERN.findall(text.casefold()))


def longest_words(text: str) -> list[str]:
    """Return the three longest words; near-duplicates share one of them."""
    return sorted(set(WORD_PATTERN.findall(text.casefold())), key=lambda word: (-len(word), word))[:3]


def is_near_duplicate(text: str, other: str) -> bool:
    """Tell whether two questions are nearly the same."""
    one, two = words_only(text), words_only(other)
    if one == two:
        return True
    if not one or not two:
        return False
    match = SequenceMatcher(None, one, two, autojunk=False)
    likely = match.real_quick_ratio() >= MIN_SIMILARITY and match.quick_ratio() >= MIN_SIMILARITY
    # Questions that differ in a number ask different things.
    same_numbers = re.findall(r"\d+", one) == re.findall(r"\d+", two)
    return same_numbers and likely and match.ratio() >= MIN_SIMILARITY
