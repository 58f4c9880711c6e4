"""Our own JSON: decks, cards, and every event of theirs, the same as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flashcards.core.cards import CardId, Note
from flashcards.core.events import KINDS, AboutCard
from flashcards.errors import FlashcardsError
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Life, Skipped, Source
from flashcards.importers.hashcards_metadata import Meta
from flashcards.importers.shared.source_text import decoded, head, named

TITLE = "flashcards JSON"
ENDINGS = (".json",)

VERSION = 1
MOST_OBJECTS = 5_000_000
"""Decks, cards and events together: a million reviews have a million of them."""
FIRST = re.compile(r"\s*\{\s*\"flashcards\"\s*:")
KIND = {name: kind for kind, name in KINDS.items()}
DATES = frozenset({"until", "due"})
SIBLING = re.compile(r"(?:/[^\s/]{1,40})?")


def fits(source: Source) -> bool:
    """Tell our JSON by its first name."""
    return bool(FIRST.match(head(source)))


def read(source: Source) -> Brought:
    """Return decks with all of their history. Raises FlashcardsError when it is not ours."""
    value = _value(source)
    reader = _Reader(source)
    decks = tuple(reader.deck(deck, place) for place, deck in enumerate(_list(value, "decks"), 1))
    return Brought(decks, tuple(reader.skipped))


def _value(source: Source) -> dict[str, Any]:
    text = decoded(source, newlines=False).text
    if text.count("{") > MOST_OBJECTS:
        raise FlashcardsError(
            f"{named(source)}: it has more than {MOST_OBJECTS:,} parts. Split it."
        )
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{named(source)}:{error.lineno}:{error.colno}"
        raise FlashcardsError(f"{where}: this is broken JSON: {error.msg}.") from None
    except (RecursionError, ValueError) as error:
        raise FlashcardsError(f"{named(source)}: this JSON is not read: {error}.") from None
    if not isinstance(value, dict) or "flashcards" not in value:
        raise FlashcardsError(f"{named(source)}: this JSON was not written by flashcards export.")
    if value["flashcards"] != VERSION:
        raise FlashcardsError(
            f"{named(source)}: it was written in format {value['flashcards']}; this version knows "
            f"{VERSION}. Update flashcards."
        )
    return value


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


@dataclass(slots=True)
class _Reader:
    """Makes decks of what JSON says, and tells what of it is unsound."""

    source: Source
    skipped: list[Skipped] = field(default_factory=list)

    def deck(self, value: object, place: int) -> BroughtDeck:
        """Return a deck."""
        about = Meta(value if isinstance(value, dict) else {})
        name = about.deck or f"Deck {place}"
        cards = _list(about.values, "cards")
        notes = tuple(self._notes(name, cards))
        description = about.values.get("description")
        tags = tuple(str(tag) for tag in _list(about.values, "tags"))
        return BroughtDeck(name, notes, description if isinstance(description, str) else "", tags)

    def _notes(self, deck: str, cards: list[Any]) -> Iterator[BroughtNote]:
        for place, value in enumerate(cards, 1):
            where = f"{named(self.source)}, {deck}, card {place}"
            note = _note(value)
            if note is None:
                self.skipped.append(Skipped(where, "it has no front"))
                continue
            yield BroughtNote(note, self._lives(value, where))

    def _lives(self, value: Mapping[str, Any], where: str) -> dict[str, Life]:
        history = value.get("history")
        lives = {}
        for sibling, events in history.items() if isinstance(history, dict) else ():
            if not SIBLING.fullmatch(sibling) or not isinstance(events, list):
                self.skipped.append(Skipped(where, f"its history {sibling!r} is of no card"))
                continue
            found = [_event(event) for event in events]
            lost = found.count(None)
            if lost:
                self.skipped.append(Skipped(where, f"{lost} events of its history are unsound"))
            lives[sibling] = Life(events=tuple(event for event in found if event))
        return lives


def _note(value: object) -> Note | None:
    if not isinstance(value, dict):
        return None
    said = Meta(value)
    front, back = value.get("front"), value.get("back", "")
    if isinstance(value.get("cloze"), str) and value["cloze"].strip():
        return said.cloze("", 0)
    if not isinstance(front, str) or not front.strip() or not isinstance(back, str):
        return None
    return said.note(front, back, 0)


def _event(value: object) -> AboutCard | None:
    """Return an event, its card left open; None for what is none."""
    if not isinstance(value, dict) or value.get("kind") not in KIND:
        return None
    kind = KIND[value["kind"]]
    said = {name: of for name, of in value.items() if name not in {"kind", "card"}}
    try:
        for name in said.keys() & DATES:
            said[name] = date.fromisoformat(said[name])
        said["at"] = datetime.fromisoformat(said["at"])
        event: AboutCard = kind(card=CardId(""), **said)
    except (TypeError, ValueError, KeyError):
        return None
    return event if _sound(event) else None


def _sound(event: AboutCard) -> bool:
    """Tell whether the values of an event are of their kinds."""
    if not isinstance(event.id, str) or not re.fullmatch(r"[\w.:-]{1,80}", event.id):
        return False
    if not _is_number(event.hlc, 1 << 53) or event.at.tzinfo is None:
        return False
    numbers = {"rating": 5, "ms": 1 << 40, "interval": 40_000, "ease": 100_000}
    numbers |= {"repetitions": 1 << 20, "lapses": 1 << 20}
    return (
        all(_is_number(getattr(event, name, 0) or 0, most) for name, most in numbers.items())
        and getattr(event, "rating", 1) >= 1
        and all(isinstance(getattr(event, name, ""), str) for name in ("source", "why"))
        and all(isinstance(getattr(event, name, False), bool) for name in ("cram", "on"))
    )


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
