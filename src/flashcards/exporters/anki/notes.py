"""How a note of ours is one of Anki's: its note type, its gaps numbered, its guid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1
from urllib.parse import unquote

from flashcards.core.cards import SIBLING, Deck, Note, asked_both_ways, own_or
from flashcards.core.cloze import GAP, gaps
from flashcards.core.export_metadata import OWN
from flashcards.core.markdown_lists import is_list
from flashcards.exporters.anki.schema import BASIC, BOTH, CLOZE, TYPED, TYPED_BOTH, Model

FROM_ANKI = "anki-"


def settled(deck: Deck, note: Note) -> Note:
    """Return a note that says itself what its deck says for all."""
    return replace(
        note,
        tags=tuple(dict.fromkeys((*deck.tags, *note.tags))),
        reverse=asked_both_ways(deck, note) or None,
        typed=(own_or(note.typed, deck.typed) and not note.choices) or None,
        listed=(own_or(note.listed, deck.listed) and is_list(note.back)) or None,
        lenient=own_or(note.lenient, deck.lenient),
        line=0,
    )


def model_of(note: Note) -> Model:
    """Return the note type that asks a settled note."""
    if note.cloze:
        return CLOZE
    if note.typed:
        return TYPED_BOTH if note.reverse else TYPED
    return BOTH if note.reverse else BASIC


def numbered(sentence: str) -> tuple[str, dict[str, int]]:
    """Return a sentence whose gaps all have numbers, and the number of each gap's key."""
    taken = {int(found["number"]) for found in GAP.finditer(sentence) if found["number"]}
    free = (number for number in range(1, 1000) if number not in taken)
    numbers: dict[str, int] = {}

    def spelled(found: re.Match[str]) -> str:
        key = next(gaps(found[0])).key
        if key not in numbers:
            numbers[key] = int(found["number"]) if found["number"] else next(free)
        if found["number"]:
            return found[0]
        return f"{{{{c{numbers[key]}::{found['body']}}}}}"

    return GAP.sub(spelled, sentence), numbers


def cards_by_number(note: Note) -> Iterator[tuple[int, str]]:
    """Yield (template or gap from 0, what the card's id adds to the note's) of each card."""
    if note.cloze:
        for key, number in numbered(note.front)[1].items():
            yield number - 1, SIBLING + key
        return
    yield 0, ""
    if note.reverse:
        yield 1, SIBLING + "r"


def guid_of(own: str) -> str:
    """Return what Anki knows a note by: its own guid if it came from there."""
    if own.startswith(FROM_ANKI) and "@" not in own:
        return unquote(own.removeprefix(FROM_ANKI))
    return OWN + own


def checksum(html: str) -> int:
    """Return what Anki finds duplicates by."""
    plain = re.sub(r"<[^>]*>", "", html).strip()
    return int(sha1(plain.encode(), usedforsecurity=False).hexdigest()[:8], 16)
