"""Split the notes of a large deck into files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashcards.importers.base import ImportedNote

MAX_NOTES = 2_000
"""Notes of a deck file: a change of one of them reads and writes the file."""
MAX_CHARACTERS = 1 << 24
"""A deck file may have 256 MiB; a letter takes up to ten bytes there."""


def split_by_size(notes: Sequence[ImportedNote], known: int = 0) -> Iterator[list[ImportedNote]]:
    """Yield the notes of a deck file by file, in their order; the first file has some already."""
    start, characters = 0, 0
    for index, brought in enumerate(notes):
        size, count = brought.note.text_length, known + index - start
        if count and (count >= MAX_NOTES or characters + size > MAX_CHARACTERS):
            yield list(notes[start:index])
            start, characters, known = index, 0, 0
        characters += size
    yield list(notes[start:])
