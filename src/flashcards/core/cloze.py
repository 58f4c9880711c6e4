"""Cloze sentences: find gaps and make their cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

MAX_CARDS_PER_SENTENCE = 500
"""Cards that one sentence may make: each of them has all of its text."""


class GapPattern:
    """Finds gaps no further than the last one ends: what is opened behind it ends nowhere.

    Without that, each opening of many without an end would be followed to the end of the text.
    """

    _pattern: Final = re.compile(r"\{\{(?:c(?P<number>\d{1,3})::)?(?P<body>.+?)\}\}(?!\})", re.DOTALL)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first gap of a text."""
        return self._pattern.search(text, 0, text.rfind("}}") + 2)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the gaps of a text in their order."""
        return self._pattern.finditer(text, 0, text.rfind("}}") + 2)

    def sub(self, replacement: Callable[[re.Match[str]], str], text: str) -> str:
        """Return a text with something else in place of each gap."""
        pieces, place = list[str](), 0
        for found in self.finditer(text):
            pieces += [text[place : found.start()], replacement(found)]
            place = found.end()
        return "".join([*pieces, text[place:]])


GAP_PATTERN: Final = GapPattern()


@dataclass(frozen=True, slots=True)
class ClozeCard:
    """One card's worth of gaps: the key that tells it from its siblings, its front and its back."""

    key: str
    front: str
    back: str
    answer: str
    """What stands in the gaps, each text once."""


def _gap_key(match: re.Match[str]) -> str:
    """Name a gap by its number, or by its text: so a gap added before it changes nothing."""
    if match["number"]:
        return f"c{int(match['number'])}"
    return f"{crc32(' '.join(match['body'].split()).encode()):08x}"


def _gap_text(match: re.Match[str]) -> str:
    return match["body"].partition("::")[0] if match["number"] else match["body"]


def _gap_hint(match: re.Match[str]) -> str:
    hint = match["body"].partition("::")[2] if match["number"] else ""
    return f"[{hint or '…'}]"


def cloze_keys(sentence: str) -> list[str]:
    """Return the key of each card of a sentence, in the order of their first gap."""
    return list(dict.fromkeys(_gap_key(found) for found in GAP_PATTERN.finditer(sentence)))


def has_too_many_gaps(sentence: str) -> bool:
    """Tell a sentence with more gaps than a person can be asked."""
    return (
        sentence.count("{{") > MAX_CARDS_PER_SENTENCE and len(cloze_keys(sentence)) > MAX_CARDS_PER_SENTENCE
    )


def cloze_cards(sentence: str) -> Iterator[ClozeCard]:
    """Yield the cards of a sentence in the order of their first gap; nothing when it has no gap."""
    for key in cloze_keys(sentence):

        def front(found: re.Match[str], key: str = key) -> str:
            return f"**{_gap_hint(found)}**" if _gap_key(found) == key else _gap_text(found)

        def back(found: re.Match[str], key: str = key) -> str:
            return f"**{_gap_text(found)}**" if _gap_key(found) == key else _gap_text(found)

        gap_texts = (_gap_text(found) for found in GAP_PATTERN.finditer(sentence) if _gap_key(found) == key)
        answer = ", ".join(dict.fromkeys(gap_texts))
        yield ClozeCard(key, GAP_PATTERN.sub(front, sentence), GAP_PATTERN.sub(back, sentence), answer)
