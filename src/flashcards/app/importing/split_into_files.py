"""Split the notes of a large deck into files."""

from collections.abc import Iterator, Sequence

from flashcards.importers.base import ImportedNote

MAX_NOTES = 2_000  # notes of a deck file at most, because editing one of them rewrites the file
MAX_CHARACTERS = 1 << 24  # a deck file may have 256 MiB, and an escaped character takes up to ten bytes


def split_by_size(notes: Sequence[ImportedNote], known: int = 0) -> Iterator[list[ImportedNote]]:
    """Yield the notes of each file; the first has `known` ones already."""
    start, characters = 0, 0
    for index, imported in enumerate(notes):
        size, count = imported.note.text_length, known + index - start
        if count and (count >= MAX_NOTES or characters + size > MAX_CHARACTERS):
            yield list(notes[start:index])
            start, characters, known = index, 0, 0
        characters += size
    yield list(notes[start:])
