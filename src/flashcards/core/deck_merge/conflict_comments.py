"""The other texts of merge conflicts, kept as comments in deck files."""

import re
from dataclasses import dataclass, replace

from flashcards.core.cards import Note
from flashcards.core.clean_text import is_printable
from flashcards.core.deck_merge.sections import (
    SAME_FIELD,
    DeckText,
    Lines,
    Section,
    note_lines,
    section_fields,
)
from flashcards.core.deck_yaml import quote_scalar

PREFIX = "# sync: "  # of comment lines with the other text of a conflict
FIELD_START = re.compile(r" *# sync: (?P<name>[\w-]+) was:(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class ConflictText:
    """A field's text in use, and the other one conflict in comments."""

    front: str  # "" for the head of the file
    name: str
    now: Lines
    other: Lines
    section: int  # index of the note; -1 for the head
    start: int
    end: int  # the range of its comment lines


def conflict_comment(block: Lines, said: object) -> list[str]:
    """Return the comment lines with a field's other text, quoted if it could end them."""
    name, _, text = block[0].partition(":")
    if not is_printable("\n".join(block)):
        said = said[1] if isinstance(said, tuple) else said
        return [f"{PREFIX}{name} was: {quote_scalar(str(said))}"]
    return [PREFIX + line for line in (f"{name} was:{text}", *block[1:])]


def conflict_texts(parts: DeckText) -> list[ConflictText]:
    """Return the conflict texts of a deck file, in its order."""
    sections = enumerate((parts.head, *parts.notes), -1)
    return [conflict for place, section in sections for conflict in _conflicts_in(section, place)]


def _conflicts_in(section: Section, place: int) -> list[ConflictText]:
    lines = [*section.comments, ""]
    starts = [i for i, line in enumerate(lines) if FIELD_START.fullmatch(line)]
    conflict = []
    for start in starts:
        end = start + 1
        while lines[end].lstrip().startswith(PREFIX) and end not in starts:
            end += 1
        block = [line.lstrip().removeprefix(PREFIX) for line in lines[start:end]]
        name, _, text = block[0].partition(" was:")
        now = section_fields(section).get(SAME_FIELD.get(name, name), ())
        front = section.says.front if isinstance(section.says, Note) else ""
        other = (f"{name}:{text}", *block[1:])
        conflict.append(ConflictText(front, name, now, other, place, start, end))
    return conflict


def settle(parts: DeckText, conflict: ConflictText, *, take_other: bool) -> DeckText:
    """Return the deck without one conflict text, used in place if `take_other`."""
    section = parts.notes[conflict.section] if conflict.section >= 0 else parts.head
    comments = section.comments[: conflict.start] + section.comments[conflict.end :]
    lines = section.lines
    if take_other:
        blocks = section_fields(section) | {SAME_FIELD.get(conflict.name, conflict.name): conflict.other}
        lines = tuple(line for block in blocks.values() for line in block)
        if conflict.section >= 0:
            lines = note_lines(blocks.values(), section.indent)
    changed = replace(section, comments=comments, lines=lines)
    if conflict.section < 0:
        return replace(parts, head=changed)
    notes = (*parts.notes[: conflict.section], changed, *parts.notes[conflict.section + 1 :])
    return replace(parts, notes=notes)
