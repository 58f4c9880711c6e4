"""From an Anki note to ours: one both ways, one with gaps, or one for each of its cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from flashcards.core.cards import SIBLING, Note
from flashcards.core.export_metadata import OWN
from flashcards.importers.anki.collection import NoteType
from flashcards.importers.anki.templates import Part, answer_only, parse, show
from flashcards.importers.base import BroughtNote, Life, Skipped
from flashcards.importers.html import to_markdown
from flashcards.importers.shared.nested_cloze import unnested

PREFIX = "anki-"
GAP = re.compile(r"\{\{c(\d+)::")
OCCLUSION = re.compile(r"\{\{c\d+::image-occlusion:")
SEPARATOR = "\x1f"
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A row of the table of notes, and of the cards that it has."""

    number: int
    guid: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: Mapping[int, Life]
    """What is known of each card, by the number of its template, or gap."""
    deck: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """Both sides of one card."""

    front: str
    back: str
    typed: bool


@dataclass(slots=True)
class Shape:
    """A note type, its templates read once."""

    type: NoteType
    sides: list[tuple[list[Part], list[Part]]] = field(init=False)
    plain: list[tuple[int, int] | None] = field(init=False)
    """Where question and answer are a field each and nothing else: which fields."""

    def __post_init__(self) -> None:
        self.sides = [(parse(q), parse(answer_only(a))) for _, q, a in self.type.templates]
        self.plain = [self._plain(question, answer) for question, answer in self.sides]

    def _plain(self, question: list[Part], answer: list[Part]) -> tuple[int, int] | None:
        one, other = (_only_field(parts) for parts in (question, answer))
        names = self.type.fields
        return (names.index(one), names.index(other)) if one in names and other in names else None


def _only_field(parts: Sequence[Part]) -> str:
    found = [part for part in parts if not isinstance(part, str) or part.strip()]
    if len(found) == 1 and not isinstance(found[0], str) and hasattr(found[0], "filters"):
        return found[0].name if not found[0].filters else ""
    return ""


def ident(guid: str, template: int = 0) -> str:
    """Return our id of an Anki note, from which its guid can be read back."""
    own = guid.removeprefix(OWN) if guid.startswith(OWN) else PREFIX + quote(guid, safe="")
    own += f"@{template}" if template else ""
    return own if len(own) <= LONGEST_ID else ""


def convert(shape: Shape, note: AnkiNote) -> Iterator[BroughtNote | Skipped]:
    """Yield the notes that one of Anki's makes here, and what of it cannot come."""
    where = f"note {note.number}"
    if any(OCCLUSION.search(value) for value in note.fields if "image-occlusion" in value):
        yield Skipped(where, "image occlusion has no text side")
        return
    if shape.type.cloze:
        made = _cloze(shape, note, where)
        yield from (made,) if isinstance(made, Skipped) else unnested(made)
        return
    sides: dict[int, Side] = {}
    for number in sorted(note.cards):
        if number >= len(shape.sides):
            yield Skipped(where, f"its note type has no template {number + 1}")
        elif not (side := _side(shape, note, number)).front:
            yield Skipped(where, f"empty front ({shape.type.templates[number][0]})")
        else:
            sides[number] = side
    yield from _notes(note, sides)


def _notes(note: AnkiNote, sides: dict[int, Side]) -> Iterator[BroughtNote]:
    """Yield a note for each card; two that ask the same both ways are one."""
    done = set[int]()
    for number, side in sides.items():
        if number in done:
            continue
        other = next((n for n, s in sides.items() if n > number and _turned(s, side)), None)
        lives = {"": note.cards[number]}
        if other is not None and other not in done:
            done.add(other)
            lives[SIBLING + "r"] = note.cards[other]
        ours = Note(
            front=side.front,
            back=side.back,
            id=ident(note.guid, number),
            tags=note.tags,
            reverse=True if len(lives) > 1 else None,
            typed=True if side.typed else None,
        )
        yield BroughtNote(ours, lives)


def _turned(one: Side, other: Side) -> bool:
    return (one.front, one.back) == (other.back, other.front) and bool(one.front and one.back)


def _side(shape: Shape, note: AnkiNote, number: int) -> Side:
    if plain := shape.plain[number]:
        front, back = (to_markdown(note.fields[i]) if i < len(note.fields) else "" for i in plain)
        return Side(front, back, typed=False)
    question_parts, answer_parts = shape.sides[number]
    named = _named(shape, note, shape.type.templates[number][0])
    question = show(question_parts, named, answer=False)
    answer = show(answer_parts, named, answer=True)
    front, back = to_markdown(question.html), to_markdown(answer.html)
    if len(front) < len(back) and back.startswith(front + "\n"):
        back = back[len(front) :].strip("\n")
    for hint in map(to_markdown, question.hints):
        back += f"\n\n{hint}" if hint and hint not in back else ""
    return Side(front, back, typed=question.typed)


def _cloze(shape: Shape, note: AnkiNote, where: str) -> BroughtNote | Skipped:
    """Return the one note of a text with gaps; the answer's other fields are its remark."""
    if not shape.sides:
        return Skipped(where, "its note type has no template")
    named = _named(shape, note, shape.type.templates[0][0])
    question = show(shape.sides[0][0], named, answer=False)
    without = {name: "" if GAP.search(value) else value for name, value in named.items()}
    answer = show(shape.sides[0][1], without, answer=True)
    text = to_markdown(question.html)
    if not GAP.search(text):
        return Skipped(where, "no gap in its text")
    ours = Note(
        front=text,
        back=to_markdown(answer.html),
        id=ident(note.guid),
        tags=note.tags,
        cloze=True,
        typed=True if question.typed else None,
    )
    there = {int(number) for number in GAP.findall(text)}
    lives = {
        f"{SIBLING}c{number + 1}": life
        for number, life in note.cards.items()
        if number + 1 in there  # Anki keeps cards of gaps that were taken out, and never asks them
    }
    return BroughtNote(ours, lives)


def _named(shape: Shape, note: AnkiNote, card: str) -> dict[str, str]:
    """Return the fields by name, with those that every note has."""
    named = {
        "Tags": " ".join(note.tags),
        "Type": shape.type.name,
        "Deck": note.deck,
        "Subdeck": note.deck.rpartition("::")[2],
        "Card": card,
    }
    named.update(zip(shape.type.fields, note.fields, strict=False))
    if shape.type.cloze:
        gaps = {f"c{n}": "1" for value in note.fields for n in GAP.findall(value)}
        named = {**gaps, **named}
    return named
