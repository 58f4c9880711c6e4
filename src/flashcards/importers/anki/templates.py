"""Render Anki card templates without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from flashcards.importers.base import MAX_NOTE_CHARACTERS

TEMPLATE_TAG = re.compile(r"\{\{([^{}]+)\}\}")
HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
ANSWER_LINE = re.compile(r"""<hr\s[^<>]{0,99}?\bid ?= ?["']?answer["']?[^<>]{0,99}>""", re.IGNORECASE)
EMPTY_HTML = re.compile(r"(?:\s|&nbsp;|<br\s*/?>|</?div\s*>|</?p\s*>)*", re.IGNORECASE)
FURIGANA = re.compile(r" ?([^ >\[\]]{1,50})\[(?!sound:)([^\]]{0,99})\]")
MAX_SECTION_DEPTH = 50  # sections nested deeper are left out


class FieldReference(NamedTuple):
    """A field's place, and its filters."""

    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionalSection:
    """A part shown only if a field is filled, or only if it is empty."""

    name: str
    if_filled: bool
    parts: list[TemplatePart] = field(default_factory=list)


TemplatePart = str | FieldReference | ConditionalSection


class TooMuchTextError(Exception):
    """A template renders more text than a note may have."""


@dataclass(slots=True)
class RenderedSide:
    """A side of a card as HTML, and what its filters ask for."""

    html: str = ""
    is_typed: bool = False
    shown_fields: frozenset[str] = frozenset()
    """Fields shown anyway, which a `type:` filter need not show again."""
    hints: list[str] = field(default_factory=list)


def parse_template(template: str) -> list[TemplatePart]:
    """Return the parts of a template; unclosed sections end with it."""
    root: list[TemplatePart] = []
    open_: list[list[TemplatePart]] = [root]
    template = HTML_COMMENT.sub("", template)  # its fields are not shown
    place = 0
    for found in TEMPLATE_TAG.finditer(template):
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
            section = ConditionalSection(name, if_filled=kind == "#")
            if len(open_) < MAX_SECTION_DEPTH:
                open_[-1].append(section)
            open_.append(section.parts)
        else:
            *filters, name = (piece.strip() for piece in name.split(":"))
            open_[-1].append(FieldReference(name, tuple(filters)))
    if place < len(template):
        root.append(template[place:])
    return root


def remove_question(template: str) -> str:
    """Return what an answer's template adds to the question."""
    parts = ANSWER_LINE.split(template)
    return parts[-1] if len(parts) > 1 else re.sub(r"\{\{ ?FrontSide ?\}\}", "", template)


def is_empty_field(value: str) -> bool:
    """Tell whether a field counts as empty in Anki."""
    return not value or (len(value) < 200 and EMPTY_HTML.fullmatch(value) is not None)


def render_side(parts: list[TemplatePart], fields: Mapping[str, str], *, is_answer: bool) -> RenderedSide:
    """Render a side of a card as HTML. Raises TooMuchTextError."""
    rendered = RenderedSide(shown_fields=frozenset(_shown_fields(parts)))
    pieces, size = list[str](), 0
    for piece in _render_parts(parts, fields, rendered, is_answer=is_answer):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_NOTE_CHARACTERS:
            raise TooMuchTextError
    if size + sum(map(len, rendered.hints)) > MAX_NOTE_CHARACTERS:
        raise TooMuchTextError
    rendered.html = "".join(pieces)
    return rendered


def _shown_fields(parts: list[TemplatePart]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, FieldReference):
            if "type" not in part.filters:
                yield part.name
        elif not isinstance(part, str):
            yield from _shown_fields(part.parts)


def _render_parts(
    parts: list[TemplatePart], fields: Mapping[str, str], rendered: RenderedSide, *, is_answer: bool
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, FieldReference):
            yield _render_field(part, fields, rendered, is_answer=is_answer)
        elif is_empty_field(fields.get(part.name, "")) != part.if_filled:
            yield from _render_parts(part.parts, fields, rendered, is_answer=is_answer)


def _render_field(
    reference: FieldReference, fields: Mapping[str, str], rendered: RenderedSide, *, is_answer: bool
) -> str:
    """Apply a field's filters; typed fields and hints are not shown on the question."""
    value = fields.get(reference.name, "")
    for name in reversed(reference.filters):
        if name == "type":
            rendered.is_typed = True
            shows = (
                is_answer or "cloze" in reference.filters
            ) and reference.name not in rendered.shown_fields
            value = value if shows else ""
        elif name == "hint":
            rendered.hints.append(value)
            value = ""
        elif name.startswith("tts"):
            value = ""
        elif name == "kanji":
            value = FURIGANA.sub(r"\1", value)
        elif name == "kana":
            value = FURIGANA.sub(r"\2", value)
    return value
