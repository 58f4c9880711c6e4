"""Import CrowdAnki decks: a deck.json with subdecks, and a media folder."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flashcards.errors import FlashcardsError
from flashcards.importers.anki.notes import AnkiNote, ParsedNoteType, convert_note
from flashcards.importers.base import (
    ImportedDeck,
    ImportedHistory,
    ImportedNote,
    ImportResult,
    ImportSource,
    SkippedItem,
)
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.source_text import decode_text, display_name, read_head

TITLE = "CrowdAnki deck"
EXTENSIONS: tuple[str, ...] = (".json",)
MAX_DEPTH = 50
DECK_SIGN = re.compile(r'\s*\{.*"__type__"\s*:\s*"(?:Deck|NoteModel|Note)"', re.DOTALL)
MAX_GAPS = 500
NO_HISTORY = ImportedHistory()


def recognises(source: ImportSource) -> bool:
    """Recognise a deck by its type field."""
    text = read_head(source) if source.extension in {".json", ""} else ""
    return bool(DECK_SIGN.match(text))


def read_source(source: ImportSource) -> ImportResult:
    """Return the decks of a file. Raises FlashcardsError if it is damaged."""
    text, remarks = decode_text(source)
    reader = _DeckReader()
    try:
        value = json.loads(text)
        reader.read_deck(value, "", 0)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FlashcardsError(
            f"{display_name(source)}: this CrowdAnki deck is damaged ({error!r}). Export it again from Anki."
        ) from None
    return ImportResult(tuple(reader.decks), tuple(reader.skipped), tuple(remarks))


@dataclass(slots=True)
class _DeckReader:
    """Converts a deck and its subdecks."""

    kinds: dict[str, ParsedNoteType] = field(default_factory=dict)
    decks: list[ImportedDeck] = field(default_factory=list)
    skipped: list[SkippedItem] = field(default_factory=list)

    def read_deck(self, deck: Mapping[str, Any], parent: str, depth: int) -> None:
        """Read a deck and its subdecks."""
        last = str(deck["name"])
        name = last if not parent or last.startswith(f"{parent}::") else f"{parent}::{last}"
        for model in deck.get("note_models", ()):
            self.kinds[str(model["crowdanki_uuid"])] = ParsedNoteType(model)
        notes = [note for made in deck.get("notes", ()) for note in self._read_note(made, name)]
        if notes:
            self.decks.append(ImportedDeck(name, tuple(notes), html_to_markdown(str(deck.get("desc") or ""))))
        for child in deck.get("children", ()) if depth < MAX_DEPTH else ():
            self.read_deck(child, name, depth + 1)

    def _read_note(self, note: Mapping[str, Any], deck: str) -> Iterator[ImportedNote]:
        kind = self.kinds.get(str(note["note_model_uuid"]))
        fields = tuple(map(str, note["fields"]))
        where = f"{deck}, note {str(note.get('guid', ''))[:40]!r}"
        if kind is None:
            self.skipped.append(SkippedItem(where, "its note type is missing"))
            return
        many = MAX_GAPS if kind.is_cloze else len(kind.templates)
        cards = dict.fromkeys(range(many), NO_HISTORY)
        tags = tuple(map(str, note.get("tags", ())))
        made = list(convert_note(kind, AnkiNote(0, str(note.get("guid", "")), fields, tags, cards, deck)))
        good = [one for one in made if isinstance(one, ImportedNote)]
        yield from good
        if not good:  # a template without a front makes no card in Anki either
            reasons = [one.reason for one in made if isinstance(one, SkippedItem)]
            self.skipped.append(SkippedItem(where, reasons[0] if reasons else "it makes no card"))
