"""Match notes with the Anki notes they came from, and write edits into their fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flashcards.core.anki_origin import AnkiOrigin, AnkiReturn, text_checksum
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.core.format_count import format_count
from flashcards.core.quote_cards import quote_front
from flashcards.exporters.anki.markdown_to_html import markdown_to_html
from flashcards.exporters.anki.notes import number_gaps
from flashcards.importers.anki.notes import AnkiNote, ParsedNoteType, convert_note
from flashcards.importers.base import ImportedHistory, ImportedNote
from flashcards.importers.html.tags import html_to_markdown
from flashcards.storage.anki_origin_files import FOLDER, KeptNotes, parse_kept
from flashcards.storage.files import read_regular_file

NO_HISTORY = ImportedHistory()


@dataclass(slots=True)
class AnkiReturns:
    """Exported notes that came from Anki, and edits that fit no field."""

    by_note_id: dict[str, AnkiReturn] = field(default_factory=dict)
    unsent: list[str] = field(default_factory=list)  # fronts of the notes whose edits are not exported

    def describe_unsent(self) -> str:
        """Describe the edits that are not exported."""
        cards = ", ".join(map(quote_front, self.unsent[:5])) + (", …" if len(self.unsent) > 5 else "")
        edits = format_count(len(self.unsent), "edit")
        return f"{edits} left out, for the text is in no single field of the Anki note: {cards}"


def find_returns(data_dir: Path, decks: Iterable[Deck]) -> AnkiReturns:
    """Return the kept Anki notes of these decks, with their edits."""
    returns = AnkiReturns()
    notes = {name: note for deck in decks for name, note in zip(deck.note_ids, deck.notes, strict=True)}
    for path in sorted((data_dir / FOLDER).glob("*.jsonl")):
        kept = parse_kept(read_regular_file(path))
        for origin in kept.origins.values():
            mine = {name: notes[name] for name in origin.texts if name in notes}
            if mine and kept.note_type:
                returned = _return_note(kept, origin, mine, returns.unsent)
                returns.by_note_id.update(dict.fromkeys(mine, returned))
    return returns


def _return_note(
    kept: KeptNotes, origin: AnkiOrigin, mine: Mapping[str, Note], unsent: list[str]
) -> AnkiReturn:
    """Return an Anki note with its fields, and the edits made here."""
    changed = {name: note for name, note in mine.items() if text_checksum(note) != origin.texts[name]}
    if not changed:
        return AnkiReturn(origin, kept.note_type)
    before = _notes_as_imported(kept, origin)
    edits: dict[int, str] = {}
    for name, note in changed.items():
        old = before.get(name)
        sides = ((old.front, note.front), (old.back, note.back)) if old else ()
        fitted = [_take_edit(origin.fields, edits, *side, is_cloze=note.cloze) for side in sides]
        if not old or not all(fitted):
            unsent.append(note.front)
    tags = next(iter(changed.values())).tags
    is_changed = bool(edits) or set(tags) != set(origin.tags)
    fields = tuple(edits.get(place, value) for place, value in enumerate(origin.fields))
    return AnkiReturn(replace(origin, fields=fields, tags=tags), kept.note_type, is_changed)


def _notes_as_imported(kept: KeptNotes, origin: AnkiOrigin) -> dict[str, Note]:
    """Convert an Anki note again, as when it was imported."""
    kind = ParsedNoteType(kept.note_type)
    histories = dict.fromkeys(origin.card_ids, NO_HISTORY)
    made = convert_note(kind, AnkiNote(origin.id, origin.guid, origin.fields, origin.tags, histories))
    return {one.note.id: one.note for one in made if isinstance(one, ImportedNote)}


def _take_edit(
    fields: Sequence[str], new_fields: dict[int, str], old: str, new: str, *, is_cloze: bool
) -> bool:
    """Apply a changed side to the one field that contains it.

    Tells whether there is exactly one such field, or no change.
    """
    if old == new:
        return True
    start, end, text = _changed_span(old, new)
    matches = [
        (place, markdown, at)
        for place, value in enumerate(fields)
        if (markdown := html_to_markdown(value))
        for at in (match.start() for match in re.finditer(f"(?={re.escape(markdown)})", old))
        if at <= start and end <= at + len(markdown)
    ]
    if len(matches) != 1:
        return False
    ((place, markdown, at),) = matches
    edited = markdown[: start - at] + text + markdown[end - at :]
    html = markdown_to_html(number_gaps(edited)[0] if is_cloze else edited)
    return new_fields.setdefault(place, html) == html


def _changed_span(old: str, new: str) -> tuple[int, int, str]:
    """Return start and end of a change, and its new text."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - start) if old[-1 - i] != new[-1 - i]), shortest - start)
    return start, len(old) - tail, new[start : len(new) - tail]
