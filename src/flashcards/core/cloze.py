"""Sentences with gaps: `{{text}}` is one card; all of `{{c1::text::hint}}` numbered 1 are one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

MOST = 500
"""Cards that one sentence may make: each of them has all of its text."""


class Gaps:
    """Finds gaps no further than the last one ends: what is opened behind it ends nowhere.

    Without that, each opening of many without an end would be followed to the end of the text.
    """

    _pattern: Final = re.compile(
        r"\{\{(?:c(?P<number>\d{1,3})::)?(?P<body>.+?)\}\}(?!\})", re.DOTALL
    )

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first gap of a text."""
        return self._pattern.search(text, 0, text.rfind("}}") + 2)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the gaps of a text in their order."""
        return self._pattern.finditer(text, 0, text.rfind("}}") + 2)

    def sub(self, said: Callable[[re.Match[str]], str], text: str) -> str:
        """Return a text with something else in place of each gap."""
        pieces, place = list[str](), 0
        for found in self.finditer(text):
            pieces += [text[place : found.start()], said(found)]
            place = found.end()
        return "".join([*pieces, text[place:]])


GAP: Final = Gaps()


@dataclass(frozen=True, slots=True)
class Gap:
    """One card's worth of gaps: the key that tells it from its siblings, its front and its back."""

    key: str
    front: str
    back: str
    answer: str
    """What stands in the gaps, each text once."""


def _key(found: re.Match[str]) -> str:
    """Name a gap by its number, or by its text: so a gap added before it changes nothing."""
    if found["number"]:
        return f"c{int(found['number'])}"
    return f"{crc32(' '.join(found['body'].split()).encode()):08x}"


def _text(found: re.Match[str]) -> str:
    return found["body"].partition("::")[0] if found["number"] else found["body"]


def _hint(found: re.Match[str]) -> str:
    hint = found["body"].partition("::")[2] if found["number"] else ""
    return f"[{hint or '…'}]"


def keys(sentence: str) -> list[str]:
    """Return the key of each card of a sentence, in the order of their first gap."""
    return list(dict.fromkeys(_key(found) for found in GAP.finditer(sentence)))


def is_crowded(sentence: str) -> bool:
    """Tell a sentence with more gaps than a person can be asked."""
    return sentence.count("{{") > MOST and len(keys(sentence)) > MOST


def gaps(sentence: str) -> Iterator[Gap]:
    """Yield the cards of a sentence in the order of their first gap; nothing when it has no gap."""
    for key in keys(sentence):

        def front(found: re.Match[str], key: str = key) -> str:
            return f"**{_hint(found)}**" if _key(found) == key else _text(found)

        def back(found: re.Match[str], key: str = key) -> str:
            return f"**{_text(found)}**" if _key(found) == key else _text(found)

        filled = (_text(found) for found in GAP.finditer(sentence) if _key(found) == key)
        answer = ", ".join(dict.fromkeys(filled))
        yield Gap(key, GAP.sub(front, sentence), GAP.sub(back, sentence), answer)
