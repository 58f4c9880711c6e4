"""Everything in one JSON file: decks, cards, and what was done to each, event by event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime

from flashcards.core.card_ids import cards_of, note_id
from flashcards.core.cards import Deck, Note
from flashcards.core.deck_yaml import settled
from flashcards.core.events import KINDS, AboutCard
from flashcards.exporters.base import Leaving

TITLE = "everything (JSON)"
ENDINGS = (".json",)
TEXT = True
HISTORY = True

VERSION = 1


def write(leaving: Leaving) -> Mapping[str, bytes]:
    """Return one file, in ASCII, an object a line for each card."""
    return {"flashcards": "".join(_pieces(leaving)).encode("ascii")}


def _pieces(leaving: Leaving) -> Iterator[str]:
    at = leaving.at.isoformat(timespec="seconds")
    yield f'{{"flashcards": {VERSION}, "exported": {json.dumps(at)}, "decks": ['
    for number, deck in enumerate(leaving.decks):
        about = {"deck": deck.name, "description": deck.description, "tags": deck.tags}
        yield f'{"," if number else ""}\n{json.dumps(about)[:-1]}, "cards": ['
        bare = Deck(deck.name, (), tags=deck.tags)
        for place, note in enumerate(deck.notes):
            card = _card(settled(deck, bare, note))
            card["history"] = _history(leaving, deck, note)
            yield f"{',' if place else ''}\n  {json.dumps(card)}"
        yield "]}"
    yield "]}\n"


def _card(note: Note) -> dict[str, object]:
    """Return a card's entry, with the names that a deck file has for its parts."""
    said = {
        "id": note.id,
        "cloze" if note.cloze else "front": note.front,
        "back": note.back,
        "tags": note.tags,
        "reverse": note.reverse,
        "type": note.typed,
        "list": note.listed,
        "accept": note.accept,
        "choices": note.choices,
    }
    kept: dict[str, object] = {
        name: value for name, value in said.items() if value not in (None, "", ())
    }
    if note.lenient is not None:
        kept["lenient"] = note.lenient
    return kept


def _history(leaving: Leaving, deck: Deck, note: Note) -> dict[str, list[dict[str, object]]]:
    """Return the events of each card of a note, by what its id adds to the note's."""
    own = note_id(deck.name, note)
    found = {}
    for card in cards_of(replace(deck, notes=(note,))):
        if events := [_event(event) for event in leaving.events(card.id)]:
            found[card.id.removeprefix(own)] = events
    return found


def _event(event: AboutCard) -> dict[str, object]:
    """Return an event by the names of its fields; the card is known from where it stands."""
    said: dict[str, object] = {"kind": KINDS[type(event)]}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name != "card" and (value != field.default):
            said[field.name] = value.isoformat() if isinstance(value, date | datetime) else value
    return said
