"""How much one deck file may have: a larger deck lies in several files, each quickly read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashcards.core.card import Note
from flashcards.importers.base import BroughtNote

MOST_NOTES = 100_000
MOST_LETTERS = 1 << 24
"""A deck file may have 256 MiB; a letter takes up to ten bytes there."""


def portions(notes: Sequence[BroughtNote]) -> Iterator[list[BroughtNote]]:
    """Yield the notes of a deck file by file, in their order; at least one list, if empty."""
    start, letters = 0, 0
    for place, brought in enumerate(notes):
        size = _letters(brought.note)
        if place > start and (place - start >= MOST_NOTES or letters + size > MOST_LETTERS):
            yield list(notes[start:place])
            start, letters = place, 0
        letters += size
    yield list(notes[start:])


def _letters(note: Note) -> int:
    return len(note.front) + len(note.back) + sum(map(len, (*note.accept, *note.choices)))
