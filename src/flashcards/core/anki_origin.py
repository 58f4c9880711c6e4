"""What is kept of a note that came from Anki, so that it finds its way back there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from flashcards.core.cards import CardId, Note

OWN_NOTE_TYPES = range(1_764_000_000_001, 1_764_000_001_000)
"""Numbers of the note types that we give to Anki: their notes need nothing kept."""


@dataclass(frozen=True, slots=True)
class AnkiOrigin:
    """A note as Anki has it; with its sides here, once they are known."""

    guid: str
    id: int
    type: int
    """The number of its note type."""
    modified: int
    """When it was changed there, in seconds."""
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    card_ids: Mapping[int, int] = field(default_factory=dict)
    """Anki's number of each card, by its template or gap from 0."""
    cards: Mapping[CardId, int] = field(default_factory=dict)
    """Our cards, and which of its templates or gaps each is."""
    texts: Mapping[str, int] = field(default_factory=dict)
    """What each of our notes said when it came, as a checksum, by its id."""
    awake: tuple[CardId, ...] = ()
    """Cards that were suspended only here, because they cannot be asked."""


@dataclass(frozen=True, slots=True)
class AnkiReturn:
    """A note on its way back: what was kept, with the fields as they are now."""

    origin: AnkiOrigin
    note_type: Mapping[str, Any]
    is_changed: bool = False
    """Whether its text or tags were changed here, so that Anki should take them."""


def text_checksum(note: Note) -> int:
    """Return a checksum of what Anki could take of a note: its sides and its tags."""
    return crc32("\x1f".join((note.front, note.back, *sorted(note.tags))).encode("utf-8", "replace"))
