"""The last sieve before a deck file: whatever an importer gives, only sound notes come out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flashcards.core.card_ids import fingerprint, normal, note_id
from flashcards.core.cards import LENIENCE, Deck, Note
from flashcards.core.cloze import GAP, MOST, is_crowded, keys
from flashcards.core.deck_yaml import settled
from flashcards.importers.base import BroughtDeck, BroughtNote, Skipped
from flashcards.storage.decks.yaml_values import GOOD_ID

BARE = Deck("", ())
PLAIN = (None, None, None, None, (), ())
"""The manner of a note that says nothing about it."""
HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sieved:
    """The sound notes of a deck, what fell through, and how many notes stood there twice."""

    deck: BroughtDeck
    skipped: list[Skipped]
    twice: int


def sieve(deck: BroughtDeck, source: str = "") -> Sieved:
    """Keep the notes that can be asked; of two that are the same, one; all get ids of their own.

    `source` is the name of the file that the lines of the notes are lines of.
    """
    name = one_line(deck.name) or "Imported"
    kept: dict[str, BroughtNote] = {}
    skipped: list[Skipped] = []
    twice = 0
    tags = _tags(deck.tags)
    for number, brought in enumerate(deck.notes, 1):
        note = _sound(brought.note, tags)
        if why := _fault(note):
            line = brought.note.line if source else 0
            where = f"{source}:{line}" if line else f"{name}, note {number}"
            skipped.append(Skipped(where, why))
            continue
        own = note_id(name, note)
        if own in kept:
            if _same(kept[own].note, note):
                twice += 1
                continue
            own = fingerprint(name, f"{note.front}\x1f{note.back}")
            note = replace(note, id=own)
            twice += own in kept
        kept.setdefault(own, brought if note is brought.note else replace(brought, note=note))
    description = _text(deck.description)
    notes = tuple(kept.values())
    return Sieved(BroughtDeck(name, notes, description, tags), skipped, twice)


def joined(decks: Iterable[BroughtDeck]) -> list[BroughtDeck]:
    """Return decks, those of one name made one; their tags go to their notes."""
    found: dict[str, BroughtDeck] = {}
    for deck in decks:
        name = one_line(deck.name)
        if name in found:
            one, other = _with_own_tags(found[name]), _with_own_tags(deck)
            description = one.description or other.description
            found[name] = BroughtDeck(name, one.notes + other.notes, description)
        else:
            found[name] = replace(deck, name=name)
    return list(found.values())


def _with_own_tags(deck: BroughtDeck) -> BroughtDeck:
    if not deck.tags:
        return deck
    notes = (replace(n, note=replace(n.note, tags=(*deck.tags, *n.note.tags))) for n in deck.notes)
    return replace(deck, notes=tuple(notes), tags=())


def size(note: Note) -> int:
    """Return how many cards a note makes."""
    if note.cloze:
        return len(keys(note.front))
    return 2 if note.reverse else 1


def one_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return HALF_PAIR.sub("\ufffd", text).strip("\n")


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in map(one_line, tags) if tag))


def _sound(note: Note, deck_tags: tuple[str, ...]) -> Note:
    """Return a note whose texts, id and manner a deck file can hold."""
    front, back = _text(note.front), _text(note.back)
    tags = tuple(tag for tag in _tags(note.tags) if tag not in deck_tags)
    own = note.id if not note.id or GOOD_ID.fullmatch(note.id) else ""
    if (front, back, own, tags) != (note.front, note.back, note.id, note.tags):
        note = replace(note, front=front, back=back, id=own, tags=tags)
    return note if _manner(note) == PLAIN else settled(BARE, BARE, _with_sound_lists(note))


def _manner(note: Note) -> tuple[object, ...]:
    said = note.reverse, note.typed, note.listed, note.lenient
    return *said, note.accept, note.choices


def _with_sound_lists(note: Note) -> Note:
    """Return a note without answers that say nothing, or not which of several gaps they are for."""
    single = not note.cloze or len(keys(note.front)) == 1
    accept, choices = (
        tuple(dict.fromkeys(text for text in map(_text, texts) if text.strip() and single))
        for texts in (note.accept, note.choices)
    )
    said = note.lenient
    lenient = None if said is None else tuple(kind for kind in LENIENCE if kind in said)
    return replace(note, accept=accept, choices=choices, lenient=lenient)


def _fault(note: Note) -> str:
    if not note.front.strip():
        return "its front is empty"
    if note.cloze and not GAP.search(note.front):
        return "its text has no gap"
    if note.cloze and is_crowded(note.front):
        return f"its text has more than {MOST} gaps: make several cards of it"
    return ""


def _same(one: Note, other: Note) -> bool:
    return (normal(one.front), normal(one.back)) == (normal(other.front), normal(other.back))
