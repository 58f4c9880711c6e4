"""Split nested cloze gaps into one note per number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flashcards.core.cards import SIBLING_SEPARATOR
from flashcards.core.cloze import MAX_CARDS_PER_SENTENCE
from flashcards.importers.base import ImportedNote

GAP_DELIMITER = re.compile(r"\{\{c(\d{1,3})::|\}\}")
MAX_NESTING = 20


@dataclass(slots=True)
class _NestedGap:
    """A gap that was found: its number (0 for the sentence itself), and what stands in it."""

    number: int
    parts: list[str | _NestedGap] = field(default_factory=list)

    def hidden_text(self) -> str:
        """Return what it hides, without its hint."""
        return self.text_and_hint()[0]

    def text_and_hint(self) -> tuple[str, str]:
        """Return what it hides, and its hint; a sentence has none."""
        shown, hint, in_hint = list[str](), list[str](), False
        for part in self.parts:
            if isinstance(part, _NestedGap):
                (hint if in_hint else shown).append(part.hidden_text())
                continue
            before, colons, after = (part, "", "") if in_hint else part.partition("::")
            if not self.number:
                before, colons = part, ""
            (hint if in_hint else shown).append(before)
            in_hint = in_hint or bool(colons)
            hint += [after] if colons else []
        return "".join(shown), "".join(hint)

    def text_for_number(self, number: int) -> str:
        """Return what stands in it, with gaps of one number alone."""
        if self.number == number:
            text, hint = self.text_and_hint()
            return "{{" + f"c{number}::{text}" + (f"::{hint}" if hint else "") + "}}"
        shown = list[str]()
        for part in self.parts:
            if isinstance(part, _NestedGap):
                shown.append(part.text_for_number(number))
                continue
            before, colons, _ = part.partition("::")
            shown.append(before if self.number else part)
            if self.number and colons:
                break
        return "".join(shown)


def split_nested_cloze(imported: ImportedNote) -> Iterator[ImportedNote]:
    """Yield a note as it is, or, with gaps inside of gaps, one for each of their numbers.

    The lowest keeps the id; others add their number to it.
    """
    note = imported.note
    found = _parse_nested(note.front) if note.cloze and note.front.count("{{c") > 1 else None
    if found is None:
        yield imported
        return
    sentence, numbers = found
    for number in sorted(numbers):
        key = f"{SIBLING_SEPARATOR}c{number}"
        own = note.id if not note.id or number == min(numbers) else f"{note.id}@{number}"
        histories = {key: imported.histories[key]} if key in imported.histories else {}
        yield ImportedNote(replace(note, front=sentence.text_for_number(number), id=own), histories)


def _parse_nested(text: str) -> tuple[_NestedGap, set[int]] | None:
    """Return a sentence as a tree, and its numbers; None when no gap is in another."""
    root = _NestedGap(0)
    open_gaps, deepest, place = [root], 0, 0
    numbers = set[int]()
    for found in GAP_DELIMITER.finditer(text):
        if not found[1] and len(open_gaps) == 1:
            continue  # it ends nothing
        open_gaps[-1].parts.append(text[place : found.start()])
        place = found.end()
        if found[1]:
            gap = _NestedGap(int(found[1]))
            numbers.add(gap.number)
            open_gaps[-1].parts.append(gap)
            open_gaps.append(gap)
            deepest = max(deepest, len(open_gaps))
        else:
            open_gaps.pop()
    if not 2 < deepest <= MAX_NESTING or len(open_gaps) > 1 or len(numbers) > MAX_CARDS_PER_SENTENCE:
        return None
    root.parts.append(text[place:])
    return root, numbers
