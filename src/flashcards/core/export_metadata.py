"""Metadata stored with exported notes for loss-free re-import."""

from __future__ import annotations

from dataclasses import dataclass, field

from flashcards.core.cards import Note


@dataclass(frozen=True, slots=True)
class ExportMetadata:
    """Travels with a note through a format that cannot hold all of it."""

    flashcards: int
    """The version of the label."""
    id: str
    sum: int
    """CRC-32 of the text as the format has it; when it differs, that text counts."""
    note: Note
    keys: dict[int, str] = field(default_factory=dict)
    """What the id of each card adds to the note's, by its number in the format."""
    repetitions: dict[int, int] = field(default_factory=dict)
    """How often in a row each was recalled, by the same number."""
    twos: tuple[int, ...] = ()
    """Numbers of the answers that were rated 2, where the format has no such rating."""


ANKI_ID_PREFIX = "anki-"
"""Before the number of a note of Anki in our id of it."""
METADATA_VERSION = 1
"""The version of labels."""
ID_PREFIX = "flashcards:"
"""Stands before an id of ours where a format wants one that is unique in the world."""
