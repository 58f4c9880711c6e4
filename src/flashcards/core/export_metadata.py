"""Metadata stored with exported notes for loss-free re-import."""

from dataclasses import dataclass, field

from flashcards.core.cards import Note


@dataclass(frozen=True, slots=True)
class ExportMetadata:
    """What a format cannot hold of a note, stored beside it."""

    flashcards: int  # version of this metadata
    id: str
    sum: int  # CRC-32 of the exported text; if it differs, the text was edited
    note: Note
    keys: dict[int, str] = field(default_factory=dict)  # card id suffix by card number in the format
    repetitions: dict[int, int] = field(default_factory=dict)  # SM-2 repetitions by card number
    twos: tuple[int, ...] = ()  # indexes of answers rated 2, if the format has no such rating


ANKI_ID_PREFIX = "anki-"  # our note ids of Anki notes
METADATA_VERSION = 1
ID_PREFIX = "flashcards:"  # makes our ids globally unique
