"""The importer protocol and the imported values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol

from flashcards.core.anki_origin import AnkiOrigin
from flashcards.core.cards import CardId, Note
from flashcards.core.events import CardEvent
from flashcards.importers.card_signs import USUAL_SIGNS, CardSigns


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a user said of a text whose own signs may not tell."""

    has_header: bool | None = None
    """Whether its first row is the names of its columns; None leaves it to the row."""
    separator: str = ""
    """What parts a front from its back."""
    row_separator: str = ""
    """What parts a card from the next."""
    encoding: str = ""
    """What its bytes are; "" leaves it to them."""


NO_OPTIONS = TableOptions()


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A source to import: a file or standard input."""

    name: str
    """As the user named it; "-" for standard input."""
    data: bytes
    options: TableOptions = NO_OPTIONS
    read_beside: Callable[[str], bytes] = field(default=lambda _: b"", compare=False)
    """Gives the content of a file below its folder, by the path from there; b"" for none."""
    signs: CardSigns = field(default=USUAL_SIGNS, compare=False)
    """What makes a card in the notes of its vault."""

    @property
    def stem(self) -> str:
        """The file's name without folders and ending; "" for standard input."""
        last = self.name.replace("\\", "/").rpartition("/")[2]
        return "" if self.name == "-" else last.rpartition(".")[0] or last

    @property
    def extension(self) -> str:
        """What the file's name ends with, as ".csv"; "" for standard input."""
        stem, dot, ending = self.name.replace("\\", "/").rpartition("/")[2].rpartition(".")
        return dot + ending.casefold() if stem else ""


@dataclass(frozen=True, slots=True)
class ImportedReview:
    """An answer given elsewhere."""

    unique_key: str
    """Identifies the answer in its program: imported twice, it counts once."""
    answered_at: datetime
    """Aware, with the offset of where it was given, if that is known."""
    rating: int
    """1 to 5."""
    ms: int = 0
    interval_before: int | None = None
    """Days that the card was to be remembered before it, 0 while it was learned or practised."""
    cram: bool = False
    """Whether it was practice that changed no date."""


@dataclass(frozen=True, slots=True)
class ImportedSchedule:
    """Where a card stood in another program's schedule."""

    due: date
    interval: int
    """In days, at least 1."""
    ease: int = 250
    """In hundredths, at least 130."""
    repetitions: int = 2
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class ImportedHistory:
    """What another program knows of one card."""

    reviews: Sequence[ImportedReview] = ()
    schedule: ImportedSchedule | None = None
    suspended: bool = False
    starts_as_new: bool = False
    """Whether it starts again as new there, whatever answers it has."""
    events: tuple[CardEvent, ...] = ()
    """From another library of ours: they come in just as they are, for whichever card it is."""
    is_lost: bool = False
    """Whether its card is in no deck any more."""


NO_HISTORIES: Mapping[str, ImportedHistory] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note, and the life of each of its cards by what their ids add to the note's id."""

    note: Note
    histories: Mapping[str, ImportedHistory] = field(default_factory=lambda: NO_HISTORIES)
    origin: AnkiOrigin | None = None
    """The note of Anki's that it was, or is a part of."""
    card_numbers: Mapping[str, int] = field(default_factory=dict)
    """The template or gap that each card is there, by what its id adds."""
    was_awake: bool = False
    """Whether it is suspended only because it cannot be asked here."""


@dataclass(frozen=True, slots=True)
class ImportedDeck:
    """A deck of a source; `notes` have its tags already, unless `tags` has them."""

    name: str
    notes: tuple[ImportedNote, ...]
    description: str = ""
    tags: tuple[str, ...] = ()


MAX_NOTE_CHARACTERS = 1_000_000
"""What one note may have; more is a fault of its template, or no note."""
TOO_MUCH_TEXT = f"it has more than {MAX_NOTE_CHARACTERS:,} characters of text"


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """A piece of a source that did not come in: where it is, and why."""

    location: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All that one source held."""

    decks: tuple[ImportedDeck, ...]
    skipped: tuple[SkippedItem, ...] = ()
    remarks: tuple[str, ...] = ()
    """What could not be carried over, said once each."""
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Files to put into the media folder, by name: one plain component each."""
    note_types: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Anki's note types of notes with an origin, as its collections spell them."""
    lost_histories: Mapping[CardId, ImportedHistory] = field(default_factory=dict)
    """The past of cards that are in no deck any more."""
    has_new_links: bool = False
    """Whether its notes name files by other names than its text does."""


class Importer(Protocol):
    """A format: a module of this shape, named in the table of the package's `__init__`."""

    TITLE: str
    """As a user calls it."""
    EXTENSIONS: tuple[str, ...]
    """Which endings of a name, as ".csv", decide for this format where the content fits several."""

    def recognises(self, source: ImportSource) -> bool:
        """Tell whether the source is of this format: by its content first, then by its name."""

    def read_source(self, source: ImportSource) -> ImportResult:
        """Read a source. Raises FlashcardsError when it is broken as a whole."""
