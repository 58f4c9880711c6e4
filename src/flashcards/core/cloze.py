"""Sentences with gaps: `{{text}}` is one card; all of `{{c1::text::hint}}` numbered 1 are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

GAP = re.compile(r"\{\{(?:c(?P<number>\d{1,3})::)?(?P<body>.+?)\}\}(?!\})", re.DOTALL)


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


def gaps(sentence: str) -> Iterator[Gap]:
    """Yield the cards of a sentence in the order of their first gap; nothing when it has no gap."""
    keys = dict.fromkeys(_key(found) for found in GAP.finditer(sentence))
    for key in keys:

        def front(found: re.Match[str], key: str = key) -> str:
            return f"**{_hint(found)}**" if _key(found) == key else _text(found)

        def back(found: re.Match[str], key: str = key) -> str:
            return f"**{_text(found)}**" if _key(found) == key else _text(found)

        filled = (_text(found) for found in GAP.finditer(sentence) if _key(found) == key)
        answer = ", ".join(dict.fromkeys(filled))
        yield Gap(key, GAP.sub(front, sentence), GAP.sub(back, sentence), answer)
