"""Three-way merge of one section, field by field; conflicts keep both texts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from flashcards.core.cards import ATTRIBUTES, Note
from flashcards.core.deck_merge.conflict_comments import conflict_comment
from flashcards.core.deck_merge.sections import (
    SAME_FIELD,
    Lines,
    Section,
    indented,
    note_lines,
    section_fields,
)
from flashcards.core.deck_yaml import flow_list, note_fields, render_note
from flashcards.core.decks import Deck

COMMENT = re.compile(r"(?:^|(?<=\s))#.*")

ABSENT = object()  # the base value of a field that both sides added

K = TypeVar("K")
IsLater = Callable[[str, object, object], bool]
"""(field, earlier side's value, later side's value) -> whether the order holds."""
ReadNote = Callable[[str], Note | None]  # parses the lines of one note


def value(section: Section, name: str) -> object:
    """Return the value of a field of a note or head."""
    found = getattr(section.says, ATTRIBUTES.get(name, name), None)
    return (getattr(section.says, "cloze", False), found) if name == "front" else found


def _is_note(section: Section) -> bool:
    return isinstance(section.says, Note)


def content(section: Section) -> list[str]:
    """Return the lines of a section, with comments, without indentation."""
    return [line.strip() for line in (*section.comments, *section.lines) if line.strip()]


def merge_order(base: Sequence[K], earlier: Sequence[K], later: Sequence[K]) -> list[K]:
    """Return the keys of both sides, in the order of the one that changed it.

    Keys of the other side only go before the same neighbour as there.
    """
    shared = set(earlier) & set(later)
    was, here, there = ([key for key in keys if key in shared] for keys in (base, earlier, later))
    first, second = (earlier, later) if there in (here, was) else (later, earlier)
    placed, waiting = set(first), list[K]()
    before: dict[K, list[K]] = {}
    for key in second:
        if key not in placed:
            waiting.append(key)
        elif waiting:
            before[key], waiting = waiting, []
    return [key for place in first for key in (*before.get(place, ()), place)] + waiting


def merge_comments(base: Lines, earlier: Lines, later: Lines) -> Lines:
    """Merge comment lines: keep what either side added, drop what either deleted."""
    if earlier in (base, later):
        return later
    if later == base:
        return earlier
    added = [line for line in earlier if line.strip() and line not in base and line not in later]
    removed = {line for line in base if line.strip() and line not in earlier}
    kept = [line for line in later if line not in removed]
    blank = next((i for i, line in enumerate(kept) if line.strip()), len(kept))
    return (*kept[:blank], *added, *kept[blank:])


def merge_section(
    base: Section | None, earlier: Section, later: Section, is_later: IsLater, read: ReadNote
) -> tuple[Section, tuple[str, ...]]:
    """Merge two versions of a section; return it with its conflicting fields.

    Base is None if both sides added it. In a conflict `is_later` decides which text is used; the other
    is kept in comment lines above.
    """
    earlier = indented(earlier, later.indent) if _is_note(earlier) else earlier
    old = indented(base, later.indent) if base and _is_note(base) else base
    comments = merge_comments(old.comments if old else (), earlier.comments, later.comments)
    for one, other in ((earlier, later), (later, earlier)):
        if _stripped(one) in (_stripped(other), old and _stripped(old)):
            return replace(other, comments=comments), ()
    merge = _FieldMerge((old, earlier, later), is_later)
    blocks = merge.blocks()
    if isinstance(later.says, Deck):
        lines = tuple(line for block in blocks.values() for line in block)
        deck = replace(later.says, name=str(merge.values.get("deck", later.says.name)))
        return Section(comments + merge.kept(0), lines, deck), tuple(merge.losing)
    lines = note_lines(blocks.values(), later.indent)
    note = read("\n".join(lines))
    if note is None or not merge.fits(note):  # the merged fields exclude each other
        merge.keep_whole()
        lines, note = later.lines, later.says
    return Section(comments + merge.kept(later.indent), lines, note, later.indent), tuple(merge.losing)


def _stripped(section: Section) -> str:
    return "\n".join(section.lines).rstrip()


class _FieldMerge:
    def __init__(self, sections: tuple[Section | None, Section, Section], is_later: IsLater) -> None:
        self._sections = sections
        self._fields = [section_fields(section) if section else {} for section in sections]
        self._is_later = is_later
        self.losing: dict[str, tuple[Lines, object]] = {}  # lines and value of fields that lost a conflict
        self.values: dict[str, object] = {}  # chosen values by field
        self._remarks: set[str] = set()  # comments within lines that lost their place

    def blocks(self) -> dict[str, Lines]:
        """Return the merged lines of each field."""
        chosen = {name: self._chosen(name) or () for name in merge_order(*map(list, self._fields))}
        for name in chosen.keys() - self.losing.keys():
            base, *sides = (set(found.get(name, ())) for found in self._fields)
            left = (set.union(*sides) - base | set.intersection(*sides)) - {*chosen[name]}
            self._remarks |= {found[0] for line in left if (found := COMMENT.search(line))}
        return {name: lines for name, lines in chosen.items() if lines}

    def _chosen(self, name: str) -> Lines | None:
        base, earlier, later = (found.get(name) for found in self._fields)
        old, one, other = (value(section, name) if section else ABSENT for section in self._sections)
        keeps_later = True
        if other == old and (one != old or later == base):
            keeps_later = False
        elif one in (old, other):
            pass
        elif earlier is None or later is None:  # removed on one side, changed on the other
            keeps_later = later is not None
        elif isinstance(one, tuple) and isinstance(other, tuple) and name != "front":
            return self._united(name, old, one, other)
        else:
            keeps_later = self._is_later(name, one, other)
            self.losing[name] = (earlier, one) if keeps_later else (later, other)
        self.values[name] = other if keeps_later else one
        return later if keeps_later else earlier

    def _united(self, name: str, old: object, one: tuple[str, ...], other: tuple[str, ...]) -> Lines:
        """Merge a list: keep what either side added, drop what either deleted."""
        before = old if isinstance(old, tuple) else ()
        gone = {item for item in before if item not in one or item not in other}
        items = tuple(item for item in dict.fromkeys((*one, *other)) if item not in gone)
        self.values[name] = items
        return (f"{name}: {flow_list(items)}",) if items else ()

    def fits(self, note: Note) -> bool:
        """Tell whether a note has all chosen values."""
        section = Section((), (), note)
        return all(value(section, name) == wanted for name, wanted in self.values.items())

    def keep_whole(self) -> None:
        """Use the later side's note, and keep the earlier side's own fields."""
        base, earlier, later = self._fields
        self.losing = {
            name: (own, value(self._sections[1], name))
            for name, own in earlier.items()
            if own not in (base.get(name), later.get(name))
        }

    def kept(self, indent: int) -> Lines:
        """Return the comment lines with the losing texts."""
        kept = (line for lost in self.losing.values() for line in conflict_comment(*lost))
        return tuple(" " * indent + line for line in (*sorted(self._remarks), *kept))


def with_note(section: Section, note: Note) -> Section:
    """Return the section of an edited note; unchanged fields keep their lines."""
    old, new = (dict(note_fields(said, 0)) for said in (section.says, note) if isinstance(said, Note))
    blocks = dict(section_fields(section))
    for name in [name for name in {**old, **new} if old.get(name) != new.get(name)]:
        if name in new:
            blocks[SAME_FIELD.get(name, name)] = tuple(f"{name}: {new[name]}".split("\n"))
        else:
            blocks.pop(SAME_FIELD.get(name, name), None)
    return replace(section, lines=note_lines(blocks.values(), section.indent), says=note)


def rendered_note(section: Section, note: Note) -> Section:
    """Return the section of a note in our own format."""
    return replace(section, lines=tuple(render_note(note, section.indent).split("\n")), says=note)
