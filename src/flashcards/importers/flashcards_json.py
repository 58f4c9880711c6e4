"""Import our own JSON with all history."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args

from flashcards.core.cards import CardId, Note
from flashcards.core.events import EVENT_KINDS, CardEvent
from flashcards.core.format_count import format_count
from flashcards.core.sm2 import MAX_INTERVAL
from flashcards.errors import FlashcardsError
from flashcards.importers.base import (
    ImportedDeck,
    ImportedHistory,
    ImportedNote,
    ImportResult,
    ImportSource,
    SkippedItem,
)
from flashcards.importers.hashcards_metadata import NoteMetadata
from flashcards.importers.shared.source_text import decode_text, display_name, read_head

TITLE = "flashcards JSON"
EXTENSIONS = (".json",)

FORMAT_VERSION = 1
MAX_OBJECTS = 5_000_000  # limit of decks, cards and events together
FIRST_FIELD = re.compile(r"\s*\{\s*\"flashcards\"\s*:")
EVENT_TYPES = {EVENT_KINDS[kind]: kind for kind in get_args(CardEvent)}
DATE_FIELDS = frozenset({"until", "due"})
CARD_SUFFIX = re.compile(r"(?:/[^\s/]{1,40})?")


def recognises(source: ImportSource) -> bool:
    """Recognise our JSON by its first field."""
    return bool(FIRST_FIELD.match(read_head(source)))


def read_source(source: ImportSource) -> ImportResult:
    """Return decks with all of their history. Raises FlashcardsError if it is not our JSON."""
    value = _load_json(source)
    reader = _JsonReader(source)
    decks = tuple(reader.read_deck(deck, place) for place, deck in enumerate(_list_field(value, "decks"), 1))
    return ImportResult(decks, tuple(reader.skipped))


def _load_json(source: ImportSource) -> dict[str, Any]:
    text, _ = decode_text(source, newlines=False)
    if text.count("{") > MAX_OBJECTS:
        raise FlashcardsError(f"{display_name(source)}: more than {MAX_OBJECTS:,} values. Split the file.")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{display_name(source)}:{error.lineno}:{error.colno}"
        raise FlashcardsError(f"{where}: invalid JSON: {error.msg}.") from None
    except (RecursionError, ValueError) as error:
        raise FlashcardsError(f"{display_name(source)}: cannot read this JSON: {error}.") from None
    if not isinstance(value, dict) or "flashcards" not in value:
        raise FlashcardsError(f"{display_name(source)}: not a JSON file from flashcards export.")
    if value["flashcards"] != FORMAT_VERSION:
        raise FlashcardsError(
            f"{display_name(source)}: it was written in format {value['flashcards']}; this "
            f"version knows {FORMAT_VERSION}. Update flashcards."
        )
    return value


def _list_field(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


@dataclass(slots=True)
class _JsonReader:
    """Converts JSON to decks, and collects what is invalid."""

    source: ImportSource
    skipped: list[SkippedItem] = field(default_factory=list)

    def read_deck(self, value: object, number: int) -> ImportedDeck:
        """Convert a deck."""
        metadata = NoteMetadata(value if isinstance(value, dict) else {})
        name = metadata.text_value("deck") or f"Deck {number}"
        cards = _list_field(metadata.values, "cards")
        notes = tuple(self._read_notes(name, cards))
        description = metadata.values.get("description")
        tags = tuple(str(tag) for tag in _list_field(metadata.values, "tags"))
        return ImportedDeck(name, notes, description if isinstance(description, str) else "", tags)

    def _read_notes(self, deck: str, cards: list[Any]) -> Iterator[ImportedNote]:
        for place, value in enumerate(cards, 1):
            where = f"{display_name(self.source)}, {deck}, card {place}"
            note = _read_note(value)
            if note is None:
                self.skipped.append(SkippedItem(where, "it has no front"))
                continue
            yield ImportedNote(note, self._read_histories(value, where))

    def _read_histories(self, value: Mapping[str, Any], location: str) -> dict[str, ImportedHistory]:
        history = value.get("history")
        histories = {}
        for sibling, events in history.items() if isinstance(history, dict) else ():
            if not CARD_SUFFIX.fullmatch(sibling) or not isinstance(events, list):
                self.skipped.append(SkippedItem(location, f"its history {sibling!r} belongs to no card"))
                continue
            valid = tuple(event for value in events if (event := _read_event(value)))
            if invalid := len(events) - len(valid):
                why = f"{format_count(invalid, 'invalid event')} in its history"
                self.skipped.append(SkippedItem(location, why))
            histories[sibling] = ImportedHistory(events=valid)
        return histories


def _read_note(value: object) -> Note | None:
    if not isinstance(value, dict):
        return None
    metadata = NoteMetadata(value)
    front, back, cloze = map(metadata.text_value, ("front", "back", "cloze"))
    if cloze.strip():
        return metadata.make_note(cloze, back, 0, cloze=True)
    has_sides = front.strip() and isinstance(value.get("back", ""), str)
    return metadata.make_note(front, back, 0) if has_sides else None


def _read_event(value: object) -> CardEvent | None:
    """Return an event without its card; None if it is invalid."""
    if not isinstance(value, dict) or value.get("kind") not in EVENT_TYPES:
        return None
    kind = EVENT_TYPES[value["kind"]]
    values = {name: of for name, of in value.items() if name not in {"kind", "card"}}
    try:
        for name in values.keys() & DATE_FIELDS:
            values[name] = date.fromisoformat(values[name])
        values["at"] = datetime.fromisoformat(values["at"])
        event: CardEvent = kind(card=CardId(""), **values)
    except (TypeError, ValueError, KeyError):
        return None
    return event if _is_valid_event(event) else None


def _is_valid_event(event: CardEvent) -> bool:
    if not isinstance(event.id, str) or not re.fullmatch(r"[\w.:-]{1,80}", event.id):
        return False
    if not _is_number(event.hlc, 1 << 53) or event.at.tzinfo is None:
        return False
    numbers = {"rating": 5, "ms": 1 << 40, "interval": 40_000, "ease": 100_000}
    numbers |= {"repetitions": 1 << 20, "lapses": 1 << 20, "next_interval": MAX_INTERVAL}
    return (
        all(_is_number(getattr(event, name, 0) or 0, most) for name, most in numbers.items())
        and getattr(event, "rating", 1) >= 1
        and all(isinstance(getattr(event, name, ""), str) for name in ("source", "why", "scheduler"))
        and all(isinstance(getattr(event, name, False), bool) for name in ("cram", "on", "hinted"))
    )


def _is_number(value: object, max_value: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= max_value
