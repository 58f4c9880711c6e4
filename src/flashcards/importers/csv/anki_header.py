"""Guess whether a table's first row names its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from flashcards.importers.csv.columns import ROLE_BY_NAME

LANGUAGE_WORDS = (
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
LANGUAGES = frozenset(LANGUAGE_WORDS.split())
COLUMN_NAME = re.compile(r"[^\W\d_][\w .'’()/-]{0,30}")
MAX_NAME_WORDS = 3
"""Words that the name of a column may have."""
MIN_LENGTH_RATIO = 2.0
"""How many times longer than its name what stands in a column mostly is, where that tells."""


class HeaderGuess(Enum):
    """What the first row of a table is, as far as that can be told."""

    NAMES = "names"
    """It names languages, as no other row does."""
    LIKELY = "likely"
    """It looks like names: what stands below looks different."""
    CARD = "card"


def guess_header(first_row: Sequence[str], other_rows: Sequence[Sequence[str]]) -> HeaderGuess:
    """Tell what a first row is that has none of the usual names, by the rows below it."""
    names = [cell.strip() for cell in first_row]
    if len(names) < 2 or len(set(names)) < len(names) or not all(map(COLUMN_NAME.fullmatch, names)):
        return HeaderGuess.CARD
    if _names_languages(names):
        rivals = sum(_names_languages([cell.strip() for cell in row]) for row in other_rows)
        return HeaderGuess.NAMES if other_rows and not rivals else HeaderGuess.LIKELY
    if any(len(name.split()) > MAX_NAME_WORDS for name in names) or len(other_rows) < 2:
        return HeaderGuess.CARD
    columns = [[row[place].strip() for row in other_rows if place < len(row)] for place in (0, 1)]
    differing_columns = (
        _differs_from_column(name, column) for name, column in zip(names, columns, strict=False)
    )
    return HeaderGuess.LIKELY if any(differing_columns) else HeaderGuess.CARD


def _names_languages(row: Sequence[str]) -> bool:
    """Tell two languages, or one and another name that columns go by."""
    words = [cell.casefold() for cell in row[:2]]
    known = all(word in LANGUAGES or word in ROLE_BY_NAME for word in words)
    return len(words) == 2 and known and not LANGUAGES.isdisjoint(words)


def _differs_from_column(name: str, column: Sequence[str]) -> bool:
    """Tell a name from what stands in its column: it has a capital alone, or all is longer."""
    filled = [cell for cell in column if cell]
    if len(filled) < 2:
        return False
    small = sum(cell[:1].islower() or not cell[:1].isalpha() for cell in filled)
    if name[:1].isupper() and small == len(filled):
        return True
    return sum(len(cell) > MIN_LENGTH_RATIO * len(name) for cell in filled) >= 0.9 * len(filled)
