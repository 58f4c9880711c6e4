"""Gaps in a paragraph as Obsidian's plug-in marks them: ==so==, and **so** or {{so}} if asked."""

from __future__ import annotations

import re
from collections.abc import Collection

from flashcards.core.cloze_brackets import calm
from flashcards.importers.notations import HIGHLIGHT

HIGHLIGHTED, ANKI, BOLD, CURLY = "==", "{{c1::", "**", "{{"
ALWAYS = frozenset({HIGHLIGHTED, ANKI})
"""What marks a gap for everyone; the others are the plug-in's, if it is told so."""
MORE = r"(?:\^\[(?P<hint>[^\]\n]*)\]|\[\^(?P<group>\w+)\])*"
GAP = {
    HIGHLIGHTED: re.compile(HIGHLIGHT.pattern + MORE),
    ANKI: re.compile(r"\{\{c(?P<body>\d{1,3}::[^{}\n]+)\}\}(?P<hint>)(?P<group>)"),
    BOLD: re.compile(r"\*\*(?=[^\s*])(?P<body>[^*\n]+?)(?<=\S)\*\*" + MORE),
    CURLY: re.compile(r"\{\{(?=[^\s{}])(?P<body>[^{}\n]+?)(?<=\S)\}\}" + MORE),
}
"""Each sign's pattern."""
PARTS = re.compile(r";;|::")
SEQUENCE = re.compile(r"\d{1,3}|[ash]+")


def signs_in(text: str) -> list[str]:
    """Return the signs that mark gaps in a text, the most usual first."""
    return [sign for sign, pattern in GAP.items() if pattern.search(text)]


def with_gaps(text: str, signs: Collection[str]) -> str:
    """Return a paragraph with what these signs mark as gaps of ours; numbered where they have more.

    What is numbered there keeps its number, so that those of one number are one card here too.
    """
    places = sorted(
        (found.start(), found.end(), sign, found)
        for sign in signs
        for found in GAP[sign].finditer(text)
    )
    made = [_parts(found, sign) for _, _, sign, found in places]
    numbered = any(group or hint for _, group, hint in made)
    numbers = {group: int(group) for _, group, _ in made if group.isdecimal()}
    free = iter(sorted(set(range(1, len(made) + 1)).difference(numbers.values())))
    pieces, end = list[str](), 0
    for (start, stop, _, _), (body, group, hint) in zip(places, made, strict=True):
        if start < end:
            continue
        pieces.append(calm(text[end:start]))
        name = group or f"at {start}"
        number = numbers[name] if name in numbers else numbers.setdefault(name, next(free))
        tail = f"::{hint}" if hint else ""
        pieces.append("{{" + (f"c{number}::" if numbered else "") + calm(body) + tail + "}}")
        end = stop
    return "".join([*pieces, calm(text[end:])])


def _parts(found: re.Match[str], sign: str) -> tuple[str, str, str]:
    """Return what a mark hides, its group and its hint: `1;;text;;hint`, or as foot-notes."""
    body, hint, group = found["body"], found["hint"] or "", found["group"] or ""
    parted = ";;" in body or (sign in {ANKI, CURLY} and "::" in body)
    parts = [part.strip() for part in PARTS.split(body)] if parted else [body]
    if len(parts) > 1 and SEQUENCE.fullmatch(parts[0]):
        first = parts.pop(0)
        group = first if first.isdecimal() else group
    if len(parts) > 1:
        hint = "; ".join(parts[1:])
    return (parts[0] or body), group, hint
