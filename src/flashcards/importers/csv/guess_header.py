"""Guess whether a table's first row names its columns."""

import re
from collections.abc import Sequence
from enum import Enum

from flashcards.importers.csv.column_headings import ROLE_BY_NAME

LANGUAGE_WORDS = (  # names of languages, often column names; two side by side are hardly a card
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
LANGUAGES = frozenset(LANGUAGE_WORDS.split())
COLUMN_NAME = re.compile(r"[^\W\d_][\w .'’()/-]{0,30}")
MAX_NAME_WORDS = 3
MIN_LENGTH_RATIO = 2.0  # cells this much longer than the first one suggest that it is a column name


class HeaderGuess(Enum):
    """What the first row of a table seems to be."""

    NAMES = "names"  # it names languages, and no other row does
    LIKELY = "likely"  # it looks different from the rows below
    CARD = "card"


def guess_header(first_row: Sequence[str], other_rows: Sequence[Sequence[str]]) -> HeaderGuess:
    """Guess by the rows below what a first row without known names is."""
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
    """Tell whether a row has two languages, or one and a known column name."""
    words = [cell.casefold() for cell in row[:2]]
    known = all(word in LANGUAGES or word in ROLE_BY_NAME for word in words)
    return len(words) == 2 and known and not LANGUAGES.isdisjoint(words)


def _differs_from_column(name: str, column: Sequence[str]) -> bool:
    """Tell a name from its column: only it has a capital, or is much shorter."""
    filled = [cell for cell in column if cell]
    if len(filled) < 2:
        return False
    small = sum(cell[:1].islower() or not cell[:1].isalpha() for cell in filled)
    if name[:1].isupper() and small == len(filled):
        return True
    return sum(len(cell) > MIN_LENGTH_RATIO * len(name) for cell in filled) >= 0.9 * len(filled)
