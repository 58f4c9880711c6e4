"""Export everything as JSON, with all events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from flashcards.core.card_ids import deck_cards, note_id
from flashcards.core.cards import NOTE_FIELDS, Note
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent, event_kind
from flashcards.exporters.base import ExportJob

TITLE = "JSON (cards and history)"
EXTENSIONS = (".json",)
ALLOWS_STDOUT = True
INCLUDES_HISTORY = True

FORMAT_VERSION = 1


def render_files(job: ExportJob) -> Mapping[str, Iterable[bytes]]:
    """Return one ASCII file with a line for each card."""
    return {"flashcards": (piece.encode("ascii") for piece in _json_pieces(job))}


def _json_pieces(job: ExportJob) -> Iterator[str]:
    at = job.exported_at.isoformat(timespec="seconds")
    yield f'{{"flashcards": {FORMAT_VERSION}, "exported": {json.dumps(at)}, "decks": ['
    for number, deck in enumerate(job.decks):
        about = {"deck": deck.name, "description": deck.description, "tags": deck.tags}
        yield f'{"," if number else ""}\n{json.dumps(about)[:-1]}, "cards": ['
        bare = Deck(deck.name, (), tags=deck.tags)
        for place, note in enumerate(deck.notes):
            card = _note_fields(adapt_note_to_deck(deck, bare, note))
            card["history"] = _note_history(job, deck, note)
            yield f"{',' if place else ''}\n  {json.dumps(card)}"
        yield "]}"
    yield "]}\n"


def _note_fields(note: Note) -> dict[str, object]:
    values = {name: note.field(name) for name in NOTE_FIELDS}
    return {
        "cloze" if name == "front" and note.cloze else name: value
        for name, value in values.items()
        if value not in (None, "", ()) or (name == "lenient" and value is not None)
    }


def _note_history(job: ExportJob, deck: Deck, note: Note) -> dict[str, list[dict[str, object]]]:
    """Return the events of each card, by its id's suffix."""
    own_id = note_id(deck.name, note)
    history = {}
    for card in deck_cards(replace(deck, notes=(note,))):
        if events := [_event_fields(event) for event in job.events_of_card(card.id)]:
            history[card.id.removeprefix(own_id)] = events
    return history


def _event_fields(event: CardEvent) -> dict[str, object]:
    """Return an event's fields, without the card and defaults."""
    values: dict[str, object] = {"kind": event_kind(event)}
    defaults = event._field_defaults
    for name, value in event._asdict().items():
        if name != "card" and (name not in defaults or value != defaults[name]):
            values[name] = value.isoformat() if isinstance(value, date | datetime) else value
    return values
