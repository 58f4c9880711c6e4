"""Anki's templates: fields put into their places, sections shown or not, nothing run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

TAG = re.compile(r"\{\{([^{}]+)\}\}")
ANSWER_LINE = re.compile(
    r"""<hr\s[^<>]{0,99}?\bid ?= ?["']?answer["']?[^<>]{0,99}>""", re.IGNORECASE
)
NOTHING = re.compile(r"(?:\s|&nbsp;|<br\s*/?>|</?div\s*>|</?p\s*>)*", re.IGNORECASE)
FURIGANA = re.compile(r" ?([^ >\[\]]{1,50})\[(?!sound:)([^\]]{0,99})\]")
DEEPEST = 50
"""Sections in sections beyond this are left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field goes, and through which filters."""

    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part that shows only when a field is filled, or only when it is empty."""

    name: str
    filled: bool
    parts: list[Part] = field(default_factory=list)


Part = str | Place | Section


@dataclass(slots=True)
class Shown:
    """A side of a card, as HTML, and what its filters ask for."""

    html: str = ""
    typed: bool = False
    hints: list[str] = field(default_factory=list)


def parse(template: str) -> list[Part]:
    """Return the parts of a template; sections that do not close end with it."""
    root: list[Part] = []
    open_: list[list[Part]] = [root]
    template = _without_comments(template)
    place = 0
    for found in TAG.finditer(template):
        if found.start() > place:
            open_[-1].append(template[place : found.start()])
        place = found.end()
        name = found[1].strip()
        kind = name[:1] if name[:1] in "#^/" else ""
        name = name.removeprefix(kind).strip()
        if kind == "/":
            if len(open_) > 1:
                open_.pop()
        elif kind:
            section = Section(name, filled=kind == "#")
            if len(open_) < DEEPEST:
                open_[-1].append(section)
            open_.append(section.parts)
        else:
            *filters, name = (piece.strip() for piece in name.split(":"))
            open_[-1].append(Place(name, tuple(filters)))
    if place < len(template):
        root.append(template[place:])
    return root


def _without_comments(template: str) -> str:
    """Return a template without HTML's comments; fields in them are not shown."""
    first, *others = template.split("<!--")
    kept = [first]
    for other in others:
        _, closed, rest = other.partition("-->")
        kept.append(rest if closed else "")
    return "".join(kept)


def answer_only(template: str) -> str:
    """Return what an answer's template adds to the question."""
    parts = ANSWER_LINE.split(template)
    return parts[-1] if len(parts) > 1 else re.sub(r"\{\{ ?FrontSide ?\}\}", "", template)


def is_empty(value: str) -> bool:
    """Tell whether a field holds nothing that Anki counts."""
    return not value or (len(value) < 200 and NOTHING.fullmatch(value) is not None)


def show(parts: list[Part], fields: Mapping[str, str], *, answer: bool) -> Shown:
    """Return a side of a card, as HTML."""
    shown = Shown()
    shown.html = "".join(_pieces(parts, fields, shown, answer=answer))
    return shown


def _pieces(
    parts: list[Part], fields: Mapping[str, str], shown: Shown, *, answer: bool
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Place):
            yield _filled(part, fields, shown, answer=answer)
        elif is_empty(fields.get(part.name, "")) != part.filled:
            yield from _pieces(part.parts, fields, shown, answer=answer)


def _filled(place: Place, fields: Mapping[str, str], shown: Shown, *, answer: bool) -> str:
    """Return a field as its filters show it; a field to type, or a hint, is not on the question."""
    value = fields.get(place.name, "")
    for name in reversed(place.filters):
        if name == "type":
            shown.typed = True
            value = value if answer or "cloze" in place.filters else ""
        elif name == "hint":
            shown.hints.append(value)
            value = ""
        elif name.startswith("tts"):
            value = ""
        elif name == "kanji":
            value = FURIGANA.sub(r"\1", value)
        elif name == "kana":
            value = FURIGANA.sub(r"\2", value)
    return value
