"""Whether the first row of a table is the names of its columns: sure, likely, or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from flashcards.importers.csv.columns import ROLE

WORDS = (
    "afrikaans albanian arabic armenian basque bengali bulgarian burmese cantonese catalan "
    "chinese croatian czech danish dutch english esperanto estonian farsi finnish french "
    "galician georgian german greek hebrew hindi hungarian icelandic indonesian irish italian "
    "japanese korean latin latvian lithuanian malay mandarin mongolian norwegian persian polish "
    "portuguese romanian russian sanskrit serbian slovak slovene slovenian spanish swahili "
    "swedish tagalog tamil thai tibetan turkish ukrainian urdu vietnamese welsh deutsch "
    "englisch spanisch italienisch lateinisch russisch griechisch japanisch español inglés "
    "alemán francés italiano français anglais allemand espagnol italien hanzi kanji kana "
    "hiragana pinyin romaji reading"
)
"""What people call columns of words by; two of them side by side are no card, mostly."""
LANGUAGES = frozenset(WORDS.split())
NAME = re.compile(r"[^\W\d_][\w .'’()/-]{0,30}")
LIKE_A_NAME = 3
"""Words that the name of a column may have."""
LONGER = 2.0
"""How many times longer than its name what stands in a column mostly is, where that tells."""


class Header(Enum):
    """What the first row of a table is, as far as that can be told."""

    NAMES = "names"
    """It names languages, as no other row does."""
    LIKELY = "likely"
    """It looks like names: what stands below looks different."""
    CARD = "card"


def header_of(first: Sequence[str], others: Sequence[Sequence[str]]) -> Header:
    """Tell what a first row is that has none of the usual names, by the rows below it."""
    names = [cell.strip() for cell in first]
    if len(names) < 2 or len(set(names)) < len(names) or not all(map(NAME.fullmatch, names)):
        return Header.CARD
    if _names_languages(names):
        rivals = sum(_names_languages([cell.strip() for cell in row]) for row in others)
        return Header.NAMES if others and not rivals else Header.LIKELY
    if any(len(name.split()) > LIKE_A_NAME for name in names) or len(others) < 2:
        return Header.CARD
    columns = [[row[place].strip() for row in others if place < len(row)] for place in (0, 1)]
    told = (_differs(name, column) for name, column in zip(names, columns, strict=False))
    return Header.LIKELY if any(told) else Header.CARD


def _names_languages(row: Sequence[str]) -> bool:
    """Tell two languages, or one and another name that columns go by."""
    words = [cell.casefold() for cell in row[:2]]
    known = all(word in LANGUAGES or word in ROLE for word in words)
    return len(words) == 2 and known and not LANGUAGES.isdisjoint(words)


def _differs(name: str, column: Sequence[str]) -> bool:
    """Tell a name from what stands in its column: it has a capital alone, or all is longer."""
    filled = [cell for cell in column if cell]
    if len(filled) < 2:
        return False
    small = sum(cell[:1].islower() or not cell[:1].isalpha() for cell in filled)
    if name[:1].isupper() and small == len(filled):
        return True
    return sum(len(cell) > LONGER * len(name) for cell in filled) >= 0.9 * len(filled)
