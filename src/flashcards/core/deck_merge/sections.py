"""A deck file's text as sections: head, notes with their comments, end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flashcards.core.cards import Note
from flashcards.core.deck_yaml import render_note
from flashcards.core.decks import Deck

DASH = re.compile(r"( *)-( +)")
FIELD = re.compile(r"([\w-]+):(?:\s|$)")
SAME_FIELD = {"cloze": "front"}  # other names of one field

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The head of a deck file or one note, with the comments above it."""

    comments: Lines
    lines: Lines
    says: Deck | Note
    indent: int = 0  # spaces before a note's dash


@dataclass(frozen=True, slots=True)
class DeckText:
    """A deck file's text in its parts."""

    deck: Deck
    head: Section
    notes: tuple[Section, ...]
    end: Lines = ()

    def text(self) -> str:
        """Return the file's text."""
        parts = (line for note in self.notes for line in (*note.comments, *note.lines))
        return "\n".join((*self.head.comments, *self.head.lines, *parts, *self.end))


def split_deck(text: str, deck: Deck) -> DeckText | None:
    """Return a text in its parts; None if notes are not line by line."""
    lines = text.split("\n")
    starts = [note.line - 1 for note in deck.notes]
    dashes = [DASH.match(lines[at]) if at < len(lines) else None for at in starts]
    if None in dashes or len(set(starts)) < len(starts):
        return None
    sections = []
    stops = [*starts, len(lines)]
    last = head_end = _before_comments(lines, stops[0])
    for note, start, stop in zip(deck.notes, starts, stops[1:], strict=True):
        indent = len(lines[start]) - len(lines[start].lstrip())
        end = _note_end(lines, start, stop, indent)
        sections.append(Section(tuple(lines[last:start]), tuple(lines[start:end]), note, indent))
        last = end
    first = next((i for i, line in enumerate(lines[:head_end]) if FIELD.match(line)), head_end)
    head = Section(tuple(lines[:first]), tuple(lines[first:head_end]), replace(deck, notes=()))
    return DeckText(deck, head, tuple(sections), tuple(lines[last:]))


def is_mergeable(parts: DeckText) -> bool:
    """Tell whether fields are line by line and only comments between notes."""
    loose = [line for part in parts.notes for line in part.comments] + [*parts.end]
    return bool(fields(parts.head)) and not any(map(_has_content, loose))


def _has_content(line: str) -> bool:
    return not line.lstrip().startswith("#") and bool(line.strip())


def _before_comments(lines: Sequence[str], end: int) -> int:
    while end and not _has_content(lines[end - 1]):
        end -= 1
    return end


def _note_end(lines: Sequence[str], start: int, stop: int, indent: int) -> int:
    """Return the index after a note's last line with text."""
    end = start + 1
    for i in range(start + 1, stop):
        if lines[i].strip():
            if len(lines[i]) - len(lines[i].lstrip()) <= indent:
                break
            end = i + 1
    return end


def fields(section: Section) -> dict[str, Lines] | None:
    """Return the unindented lines of each field; None if not line by line."""
    blocks: dict[str, list[str]] = {}
    lines, column = list(section.lines), 0
    if isinstance(section.says, Note):
        dash = DASH.match(lines[0])
        if dash is None:
            return None
        column = len(dash[1]) + 1 + len(dash[2])
        lines[0] = " " * column + lines[0][column:]
    name = ""
    for line in lines:
        own = line[column:] if not line[:column].strip() else ""
        if match := FIELD.match(own):
            name = SAME_FIELD.get(match[1], match[1])
            if name in blocks:
                return None
            blocks[name] = [own]
        elif name and (not own.strip() or own.startswith((" ", "- ", "#"))):
            blocks[name].append(own)
        else:
            return None
    if "back" not in blocks and isinstance(section.says, Note) and section.says.back:
        # Without a back, `list` has the items of the answer.
        blocks = {("back" if key == "list" else key): value for key, value in blocks.items()}
    return {key: tuple(value) for key, value in blocks.items()}


def section_fields(section: Section) -> dict[str, Lines]:
    """Return the lines of each field, rendered in our format if necessary."""
    found = fields(section)
    if found is None and isinstance(section.says, Note):
        plain = replace(section, lines=tuple(render_note(section.says, 0).split("\n")), indent=0)
        found = fields(plain)
    return found or {}


def note_lines(blocks: Iterable[Lines], indent: int) -> Lines:
    """Return the lines of a note from those of its fields."""
    lines = [line for block in blocks for line in block]
    pad = " " * (indent + 2)
    return (" " * indent + "- " + lines[0], *(pad + line if line else "" for line in lines[1:]))


def indented(section: Section, indent: int) -> Section:
    """Return a note's section with another indent."""
    by = indent - section.indent
    if not by:
        return section
    lines = (line[-by:] if by < 0 else " " * by * bool(line) + line for line in section.lines)
    return replace(section, lines=tuple(lines), indent=indent)
