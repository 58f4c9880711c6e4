"""Export everything as JSON, with all events."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from flashcards.core.card_ids import card_sides
from flashcards.core.cards import NOTE_FIELDS, CardId, Note
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
        for place, (own_id, note) in enumerate(zip(deck.note_ids, deck.notes, strict=True)):
            card = _note_fields(adapt_note_to_deck(deck, bare, note))
            histories = {key: job.events_of_card(CardId(own_id + key)) for key, *_ in card_sides(deck, note)}
            card["history"] = {key: list(map(_event_fields, own)) for key, own in histories.items() if own}
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


def _event_fields(event: CardEvent) -> dict[str, object]:
    """Return an event's fields, without the card and defaults."""
    values: dict[str, object] = {"kind": event_kind(event)}
    names, defaults = event._fields, event._field_defaults
    for name in (*names[:3], names[-1], *names[3:-1]):  # the batch before what the event says
        value = getattr(event, name)
        if name != "card" and (name not in defaults or value != defaults[name]):
            values[name] = value.isoformat() if isinstance(value, date | datetime) else value
    return values
