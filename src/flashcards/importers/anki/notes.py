"""Convert Anki notes to notes."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from flashcards.core.anki_origin import AnkiOrigin
from flashcards.core.cards import SIBLING_SEPARATOR, Note
from flashcards.core.cloze import cloze_keys
from flashcards.core.cloze_brackets import separate_unnumbered_gaps
from flashcards.core.export_metadata import ANKI_ID_PREFIX, ID_PREFIX
from flashcards.importers.anki.templates import (
    TemplatePart,
    TooMuchTextError,
    parse_template,
    remove_question,
    render_side,
)
from flashcards.importers.base import TOO_MUCH_TEXT, ImportedHistory, ImportedNote, SkippedItem
from flashcards.importers.html.tags import hidden_names, html_to_markdown
from flashcards.importers.shared.source_text import join_paragraphs

CLOZE_START = re.compile(r"\{\{c(\d+(?:,\d+)*)::")
IMAGE_OCCLUSION = re.compile(r"\{\{c(\d+)::image-occlusion:")
FIELD_SEPARATOR = "\x1f"
CLOZE_KIND = 1
IMAGE_LINK = re.compile(r"!\[[^\]]*\]\((?:<[^>]*>|[^)\s]*)\)")
DELETED_CARD = ImportedHistory(suspended=True)
MAX_ID_LENGTH = 100
QUOTED = {code: quote(chr(code), safe="") for code in range(128)}
"""As `quote` has it, in a fifth of its time."""


class AnkiNote(NamedTuple):
    """A note's row, with its cards' histories."""

    number: int
    guid: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    histories: Mapping[int, ImportedHistory]  # each card's history, by template or gap number
    deck: str = ""
    origin: AnkiOrigin | None = None  # what Anki needs to recognise it


class CardSides(NamedTuple):
    """Both sides of one card."""

    front: str
    back: str
    is_typed: bool
    hint: str = ""


class ParsedNoteType:
    """A note type of old collections or CrowdAnki, with parsed templates. Raises KeyError."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        fields, templates = (sorted(model[name], key=_place) for name in ("flds", "tmpls"))
        self.name = str(model["name"])
        self.fields = [str(field["name"]) for field in fields]
        self.is_cloze = model.get("type") == CLOZE_KIND
        self.hidden = hidden_names(str(model.get("css", "")))  # classes and ids hidden by its style sheet
        self.template_names = [str(template["name"]) for template in templates]
        self.templates = [
            (parse_template(str(one["qfmt"])), parse_template(remove_question(str(one["afmt"]))))
            for one in templates
        ]
        self.plain_fields = [self._find_plain_fields(*sides) for sides in self.templates]
        """The two field indexes, where question and answer are one field each."""

    def _find_plain_fields(
        self, question: list[TemplatePart], answer: list[TemplatePart]
    ) -> tuple[int, int] | None:
        one, other = (_single_field_name(parts) for parts in (question, answer))
        names = self.fields
        return (names.index(one), names.index(other)) if one in names and other in names else None


def _place(part: Mapping[str, Any]) -> int:
    """Return the place of a field or template in its note type."""
    return int(part.get("ord", 0))


def _single_field_name(parts: Sequence[TemplatePart]) -> str:
    found = [part for part in parts if not isinstance(part, str) or part.strip()]
    if len(found) == 1 and not isinstance(found[0], str) and hasattr(found[0], "filters"):
        return found[0].name if not found[0].filters else ""
    return ""


def note_id_from_guid(guid: str, template: int = 0) -> str:
    """Return our id of an Anki note, from which its guid can be restored."""
    if guid.startswith(ID_PREFIX):
        own = guid.removeprefix(ID_PREFIX)
    else:
        own = ANKI_ID_PREFIX + (guid.translate(QUOTED) if guid.isascii() else quote(guid, safe=""))
    own += f"@{template}" if template else ""
    return own if len(own) <= MAX_ID_LENGTH else ""


def convert_note(note_type: ParsedNoteType, note: AnkiNote) -> Sequence[ImportedNote | SkippedItem]:
    """Return the notes made from an Anki note, and what is skipped."""
    location = f"note {note.number}"
    made: list[ImportedNote | SkippedItem] = []
    try:
        if any("image-occlusion" in value and IMAGE_OCCLUSION.search(value) for value in note.fields):
            made += _occlusion_notes(note_type, note)
        elif note_type.is_cloze:
            made.append(_cloze_note(note_type, note, location))
        else:
            made += _template_notes(note_type, note, location)
    except TooMuchTextError:
        made.append(SkippedItem(location, TOO_MUCH_TEXT))
    return made


def _template_notes(
    note_type: ParsedNoteType, note: AnkiNote, location: str
) -> Iterator[ImportedNote | SkippedItem]:
    """Yield the notes made by templates, and what is skipped."""
    sides: dict[int, CardSides] = {}
    for number in sorted(note.histories):
        if number >= len(note_type.templates):
            yield SkippedItem(location, f"its note type has no template {number + 1}")
        elif not (side := _render_sides(note_type, note, number)).front:
            yield SkippedItem(location, f"empty front ({note_type.template_names[number]})")
        else:
            sides[number] = side
    yield from _notes_from_sides(note, sides)


def _notes_from_sides(note: AnkiNote, sides: dict[int, CardSides]) -> Iterator[ImportedNote]:
    """Yield a note for each card; two reverse ones become one note."""
    done = set[int]()
    for number, side in sides.items():
        if number in done:
            continue
        other = next((n for n, s in sides.items() if n > number and _is_reverse_of(s, side)), None)
        histories = {"": note.histories[number]}
        if other is not None and other not in done:
            done.add(other)
            histories[SIBLING_SEPARATOR + "r"] = note.histories[other]
        ours = Note(
            front=side.front,
            back=side.back,
            id=note_id_from_guid(note.guid, number),
            tags=note.tags,
            reverse=True if len(histories) > 1 else None,
            typed=True if side.is_typed else None,
            hint=side.hint,
        )
        numbers = _card_number(number)
        if len(histories) > 1:
            numbers = {"": number, SIBLING_SEPARATOR + "r": other or 0}
        yield ImportedNote(ours, histories, note.origin, numbers)


@cache
def _card_number(number: int) -> Mapping[str, int]:
    """Return the numbers of a note's only card, once for all notes."""
    return {"": number}


def _occlusion_notes(note_type: ParsedNoteType, note: AnkiNote) -> Iterator[ImportedNote]:
    """Yield a suspended card for each mask of an image, as masks cannot be drawn."""
    named = dict(zip(note_type.fields, note.fields, strict=False))
    pictures = IMAGE_LINK.search(html_to_markdown(" ".join(v for v in note.fields if "<img" in v)))
    image = pictures[0] if pictures else ""
    header, extra = (
        html_to_markdown(next((v for name, v in named.items() if name.casefold() == part), ""))
        for part in ("header", "back extra")
    )
    masks = {int(n) - 1 for value in note.fields for n in IMAGE_OCCLUSION.findall(value)}
    for number in sorted(masks & note.histories.keys()):
        history = note.histories[number]
        title = f"{header}\n\n{image}\n\nmask {number + 1} of {len(masks)}".strip()
        ours = Note(title, extra, id=note_id_from_guid(note.guid, number), tags=note.tags)
        asleep = history._replace(suspended=True)
        yield ImportedNote(ours, {"": asleep}, note.origin, {"": number}, was_awake=not history.suspended)


def _is_reverse_of(one: CardSides, other: CardSides) -> bool:
    return (one.front, one.back) == (other.back, other.front) and bool(one.front and one.back)


def _render_sides(note_type: ParsedNoteType, note: AnkiNote, number: int) -> CardSides:
    if plain := note_type.plain_fields[number]:
        front, back = (html_to_markdown(note.fields[i]) if i < len(note.fields) else "" for i in plain)
        return CardSides(front, back, is_typed=False)
    question_parts, answer_parts = note_type.templates[number]
    named = _field_values(note_type, note, note_type.template_names[number])
    question = render_side(question_parts, named, is_answer=False)
    answer = render_side(answer_parts, named, is_answer=True)
    front, back = (html_to_markdown(side.html, note_type.hidden) for side in (question, answer))
    if len(front) < len(back) and back.startswith(front + "\n"):
        back = back[len(front) :].strip("\n")
    hint = _join_shown(question.hints)
    more = _join_shown([one for one in answer.hints if one not in question.hints])
    back += f"\n\n{more}" if more and more not in back else ""
    return CardSides(front, back, is_typed=question.is_typed, hint=hint)


def _join_shown(pieces: Iterable[str], hidden: Collection[str] = ()) -> str:
    """Join pieces of HTML as paragraphs, without empty ones."""
    return join_paragraphs(*(html_to_markdown(piece, hidden) for piece in pieces))


def _cloze_note(note_type: ParsedNoteType, note: AnkiNote, location: str) -> ImportedNote | SkippedItem:
    """Return the note of a cloze text; other fields of the answer become its back."""
    if not note_type.templates:
        return SkippedItem(location, "its note type has no template")
    named = _field_values(note_type, note, note_type.template_names[0])
    question = render_side(note_type.templates[0][0], named, is_answer=False)
    without = {name: "" if CLOZE_START.search(value) else value for name, value in named.items()}
    answer = render_side(note_type.templates[0][1], without, is_answer=True)
    text = html_to_markdown(question.html, note_type.hidden)
    if not cloze_keys(text):
        return SkippedItem(location, "no gap in its text")
    ours = Note(
        front=separate_unnumbered_gaps(text),
        back=_join_shown((answer.html, *answer.hints), note_type.hidden),
        id=note_id_from_guid(note.guid),
        tags=note.tags,
        cloze=True,
        typed=True if question.is_typed else None,
        hint=_join_shown(question.hints),
    )
    # Anki keeps cards of removed gaps without asking them; a gap whose card was deleted there
    # is suspended here.
    numbers = {SIBLING_SEPARATOR + key: int(key[1:]) - 1 for key in cloze_keys(text)}
    histories = {key: note.histories.get(number, DELETED_CARD) for key, number in numbers.items()}
    return ImportedNote(ours, histories, note.origin, numbers)


def _field_values(note_type: ParsedNoteType, note: AnkiNote, card_name: str) -> dict[str, str]:
    values = {
        "Tags": " ".join(note.tags),
        "Type": note_type.name,
        "Deck": note.deck,
        "Subdeck": note.deck.rpartition("::")[2],
        "Card": card_name,
    }
    values.update(zip(note_type.fields, note.fields, strict=False))
    if note_type.is_cloze:
        gaps = {
            f"c{n}": "1"
            for value in note.fields
            for found in CLOZE_START.findall(value)
            for n in found.split(",")
        }
        values = {**gaps, **values}
    return values
