"""Gaps inside of gaps, as Anki has them: a sentence for each number, where the others are text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flashcards.core.cards import SIBLING
from flashcards.core.cloze import MOST
from flashcards.importers.base import BroughtNote

SIGN = re.compile(r"\{\{c(\d{1,3})::|\}\}")
DEEPEST = 20


@dataclass(slots=True)
class _Gap:
    """A gap that was found: its number (0 for the sentence itself), and what stands in it."""

    number: int
    parts: list[str | _Gap] = field(default_factory=list)

    def text(self) -> str:
        """Return what it hides, without its hint."""
        return self.said()[0]

    def said(self) -> tuple[str, str]:
        """Return what it hides, and its hint; a sentence has none."""
        shown, hint, told = list[str](), list[str](), False
        for part in self.parts:
            if isinstance(part, _Gap):
                (hint if told else shown).append(part.text())
                continue
            before, colons, after = (part, "", "") if told else part.partition("::")
            if not self.number:
                before, colons = part, ""
            (hint if told else shown).append(before)
            told = told or bool(colons)
            hint += [after] if colons else []
        return "".join(shown), "".join(hint)

    def asked(self, number: int) -> str:
        """Return what stands in it, with gaps of one number alone."""
        if self.number == number:
            text, hint = self.said()
            return "{{" + f"c{number}::{text}" + (f"::{hint}" if hint else "") + "}}"
        shown = list[str]()
        for part in self.parts:
            if isinstance(part, _Gap):
                shown.append(part.asked(number))
                continue
            before, colons, _ = part.partition("::")
            shown.append(before if self.number else part)
            if self.number and colons:
                break
        return "".join(shown)


def unnested(brought: BroughtNote) -> Iterator[BroughtNote]:
    """Yield a note as it is, or, with gaps inside of gaps, one for each of their numbers.

    The lowest keeps the id; others add their number to it.
    """
    note = brought.note
    found = _nested(note.front) if note.cloze and note.front.count("{{c") > 1 else None
    if found is None:
        yield brought
        return
    sentence, numbers = found
    for number in sorted(numbers):
        key = f"{SIBLING}c{number}"
        own = note.id if not note.id or number == min(numbers) else f"{note.id}@{number}"
        lives = {key: brought.lives[key]} if key in brought.lives else {}
        yield BroughtNote(replace(note, front=sentence.asked(number), id=own), lives)


def _nested(text: str) -> tuple[_Gap, set[int]] | None:
    """Return a sentence as a tree, and its numbers; None when no gap is in another."""
    whole = _Gap(0)
    open_gaps, deepest, place = [whole], 0, 0
    numbers = set[int]()
    for found in SIGN.finditer(text):
        if not found[1] and len(open_gaps) == 1:
            continue  # it ends nothing
        open_gaps[-1].parts.append(text[place : found.start()])
        place = found.end()
        if found[1]:
            gap = _Gap(int(found[1]))
            numbers.add(gap.number)
            open_gaps[-1].parts.append(gap)
            open_gaps.append(gap)
            deepest = max(deepest, len(open_gaps))
        else:
            open_gaps.pop()
    if not 2 < deepest <= DEEPEST or len(open_gaps) > 1 or len(numbers) > MOST:
        return None
    whole.parts.append(text[place:])
    return whole, numbers
