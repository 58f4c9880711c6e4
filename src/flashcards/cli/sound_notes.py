"""The last sieve before a deck file: whatever an importer gives, only sound notes come out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flashcards.core.card import Note
from flashcards.core.cloze import GAP, gaps
from flashcards.core.identity import fingerprint, normal, note_id
from flashcards.importers.base import BroughtDeck, BroughtNote, Skipped
from flashcards.storage.deck_values import GOOD_ID

HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sieved:
    """The sound notes of a deck, what fell through, and how many notes stood there twice."""

    deck: BroughtDeck
    skipped: list[Skipped]
    twice: int


def sieve(deck: BroughtDeck) -> Sieved:
    """Keep the notes that can be asked; of two that are the same, one; all get ids of their own."""
    name = one_line(deck.name) or "Imported"
    kept: dict[str, BroughtNote] = {}
    skipped: list[Skipped] = []
    twice = 0
    for number, brought in enumerate(deck.notes, 1):
        note = _sound(brought.note)
        if why := _fault(note):
            skipped.append(Skipped(f"{name}, note {number}", why))
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
    tags = _tags(deck.tags)
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
        return sum(1 for _ in gaps(note.front))
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


def _sound(note: Note) -> Note:
    """Return a note whose texts, id and manner a deck file can hold."""
    front, back, tags = _text(note.front), _text(note.back), _tags(note.tags)
    own = note.id if not note.id or GOOD_ID.fullmatch(note.id) else ""
    if note.cloze:
        alone = sum(1 for _ in gaps(front)) == 1
        accept, choices = (note.accept, note.choices) if alone else ((), ())
        note = replace(note, reverse=None, accept=accept, choices=choices)
    if (front, back, own, tags, note.line) == (note.front, note.back, note.id, note.tags, 0):
        return note
    return replace(note, front=front, back=back, id=own, tags=tags, line=0)


def _fault(note: Note) -> str:
    if not note.front.strip():
        return "its front is empty"
    if note.cloze and not GAP.search(note.front):
        return "its text has no gap"
    return ""


def _same(one: Note, other: Note) -> bool:
    return (normal(one.front), normal(one.back)) == (normal(other.front), normal(other.back))
