"""What is kept of an Anki note so that it can be exported back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

from flashcards.core.cards import CardId, Note

OWN_NOTE_TYPES = range(1_764_000_000_001, 1_764_000_001_000)  # ids of the note types that we create in Anki


@dataclass(slots=True)
class AnkiOrigin:
    """A note as Anki has it, and the cards made from it here."""

    guid: str
    id: int
    type: int  # id of its note type
    modified: int  # when it was last changed in Anki, in seconds
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    card_ids: dict[int, int] = field(default_factory=dict)  # Anki's card id by template or gap, from 0
    cards: dict[CardId, int] = field(default_factory=dict)  # template or gap of each of our cards
    texts: dict[str, int] = field(default_factory=dict)
    """Checksum of each of our notes as imported, by its id."""
    awake: tuple[CardId, ...] = ()  # cards suspended only here, because they cannot be asked

    def record_note(self, name: str, note: Note, card_numbers: Mapping[str, int], *, was_awake: bool) -> None:
        """Record our note of this id, its text, and the Anki card of each of its cards."""
        cards = {CardId(name + key): number for key, number in card_numbers.items()}
        self.cards.update(cards)
        self.texts[name] = text_checksum(note)
        if was_awake:
            self.awake = tuple(dict.fromkeys((*self.awake, *cards)))


class AnkiReturn(NamedTuple):
    """A note to export back to Anki, with its current fields."""

    origin: AnkiOrigin
    note_type: Mapping[str, Any]
    is_changed: bool = False  # whether its text or tags were changed here


def text_checksum(note: Note) -> int:
    """Return a checksum of the sides and tags of a note."""
    return crc32("\x1f".join((note.front, note.back, *sorted(note.tags))).encode("utf-8", "replace"))
