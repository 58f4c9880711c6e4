"""The other texts of merge conflicts, kept as comments in deck files."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flashcards.core.cards import Note
from flashcards.core.deck_sections import SAME_FIELD, DeckText, Lines, Section, note_lines
from flashcards.core.section_merge import KEPT, KEPT_FIELD, section_fields


@dataclass(frozen=True, slots=True)
class KeptText:
    """A field's text in use, and the other one kept in comments."""

    front: str  # "" for the head of the file
    name: str
    now: Lines
    other: Lines
    section: int  # index of the note; -1 for the head
    start: int
    end: int  # the range of its comment lines


def kept_texts(parts: DeckText) -> list[KeptText]:
    """Return the kept texts of a deck file, in its order."""
    sections = enumerate((parts.head, *parts.notes), -1)
    return [kept for place, section in sections for kept in _kept_in(section, place)]


def _kept_in(section: Section, place: int) -> list[KeptText]:
    lines = [*section.comments, ""]
    starts = [i for i, line in enumerate(lines) if KEPT_FIELD.fullmatch(line)]
    kept = []
    for start in starts:
        end = start + 1
        while lines[end].lstrip().startswith(KEPT) and end not in starts:
            end += 1
        block = [line.lstrip().removeprefix(KEPT) for line in lines[start:end]]
        name, _, text = block[0].partition(" was:")
        now = section_fields(section).get(SAME_FIELD.get(name, name), ())
        front = section.says.front if isinstance(section.says, Note) else ""
        other = (f"{name}:{text}", *block[1:])
        kept.append(KeptText(front, name, now, other, place, start, end))
    return kept


def settle(parts: DeckText, kept: KeptText, *, take_other: bool) -> DeckText:
    """Return the deck without one kept text, used in place if `take_other`."""
    section = parts.notes[kept.section] if kept.section >= 0 else parts.head
    comments = section.comments[: kept.start] + section.comments[kept.end :]
    lines = section.lines
    if take_other:
        blocks = section_fields(section) | {SAME_FIELD.get(kept.name, kept.name): kept.other}
        lines = tuple(line for block in blocks.values() for line in block)
        if kept.section >= 0:
            lines = note_lines(blocks.values(), section.indent)
    changed = replace(section, comments=comments, lines=lines)
    if kept.section < 0:
        return replace(parts, head=changed)
    notes = (*parts.notes[: kept.section], changed, *parts.notes[kept.section + 1 :])
    return replace(parts, notes=notes)
