"""The importer protocol and the imported values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, Self

from flashcards.core.anki_origin import AnkiOrigin
from flashcards.core.cards import REVERSE_KEY, SIBLING_SEPARATOR, CardId, Note
from flashcards.core.cloze import cloze_keys
from flashcards.core.events import CardEvent
from flashcards.importers.obsidian_settings import USUAL_SIGNS, CardSigns


class TableOptions(NamedTuple):
    """What the user said of a table."""

    has_header: bool | None = None  # whether the first row has column names; None to detect it
    separator: str = ""  # separates a front from its back
    row_separator: str = ""  # separates a card from the next
    encoding: str = ""  # "" to detect it


NO_OPTIONS = TableOptions()


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A source to import: a file or standard input."""

    name: str  # as the user named it; "-" for standard input
    data: bytes
    options: TableOptions = NO_OPTIONS
    read_beside: Callable[[str], bytes] = field(default=lambda _: b"", compare=False)
    """Returns the content of a file below the source's folder, or b""."""
    signs: CardSigns = field(default=USUAL_SIGNS, compare=False)
    """What makes a card in the notes of its vault."""

    @property
    def stem(self) -> str:
        """The file's name without folder and ending; "" for stdin."""
        last = self.name.replace("\\", "/").rpartition("/")[2]
        return "" if self.name == "-" else last.rpartition(".")[0] or last

    @property
    def extension(self) -> str:
        """The file's ending, such as ".csv"; "" for stdin."""
        stem, dot, ending = self.name.replace("\\", "/").rpartition("/")[2].rpartition(".")
        return dot + ending.casefold() if stem else ""


class ImportedReview(NamedTuple):  # quick to create, as the next ones: a source may have a million
    """An answer given in another program."""

    unique_key: str  # identifies the answer in its program, so that it is imported once
    answered_at: datetime  # with the UTC offset of its place, if known
    rating: int  # 1 to 5
    ms: int = 0
    interval_before: int | None = None  # the interval in days before the answer, 0 while learning
    cram: bool = False  # whether it was practice without effect on the schedule


class ImportedSchedule(NamedTuple):
    """A card's schedule in another program."""

    due: date
    interval: int  # in days, at least 1
    ease: int = 250  # in hundredths, at least 130
    repetitions: int = 2
    lapses: int = 0

    @classmethod
    def rounded(
        cls, due: date, days: float, ease: float = 2.5, repetitions: int = 2, lapses: int = 0
    ) -> Self:
        """Return the schedule of an interval in days and an ease such as 2.5."""
        return cls(due, max(1, round(days)), max(130, round(ease * 100)), repetitions, lapses)


class ImportedHistory(NamedTuple):
    """What another program knows of one card."""

    reviews: Collection[ImportedReview] = ()
    schedule: ImportedSchedule | None = None
    suspended: bool = False
    starts_as_new: bool = False  # whether it was reset to new there, in spite of its answers
    events: tuple[CardEvent, ...] = ()  # events of another flashcards library, imported unchanged
    is_lost: bool = False  # whether the card is in no deck any more


NO_HISTORIES: Mapping[str, ImportedHistory] = MappingProxyType({})
NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


class ImportedNote(NamedTuple):
    """A note, and the history of each card by its id suffix."""

    note: Note
    histories: Mapping[str, ImportedHistory] = NO_HISTORIES
    origin: AnkiOrigin | None = None  # the Anki note it comes from
    card_numbers: Mapping[str, int] = NO_NUMBERS
    """Each card's template or gap in Anki, by id suffix."""
    was_awake: bool = False  # whether it is suspended only because it cannot be asked here


def card_suffixes(note: Note) -> list[str]:
    """Return the id suffixes of an imported note's cards."""
    if note.cloze:
        return [SIBLING_SEPARATOR + key for key in cloze_keys(note.front)]
    return ["", REVERSE_KEY] if note.reverse else [""]


@dataclass(frozen=True, slots=True)
class ImportedDeck:
    """A deck of a source; `tags` are those not yet in its notes."""

    name: str
    notes: tuple[ImportedNote, ...]
    description: str = ""
    tags: tuple[str, ...] = ()


MAX_NOTE_CHARACTERS = 1_000_000  # a larger note is a template's mistake, or not a note
TOO_MUCH_TEXT = f"it has more than {MAX_NOTE_CHARACTERS:,} characters of text"


class SkippedItem(NamedTuple):
    """Something that was not imported: where it is, and why."""

    location: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All that was read from one source."""

    decks: tuple[ImportedDeck, ...]
    skipped: tuple[SkippedItem, ...] = ()
    remarks: tuple[str, ...] = ()  # messages on what could not be imported
    media: Mapping[str, bytes] = field(default_factory=dict)  # files for the media folder, by plain name
    note_types: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """The Anki note types of notes with an origin, as in a collection."""
    lost_histories: Mapping[CardId, ImportedHistory] = field(default_factory=dict)
    """Histories of cards that are in no deck any more."""
    has_new_links: bool = False  # whether links in its notes differ from the source's text


class Importer(Protocol):
    """A format: a module of this shape, listed in IMPORT_FORMATS."""

    TITLE: str  # the format's name for users
    EXTENSIONS: tuple[str, ...]
    """File name endings, such as ".csv", that decide if the content fits several formats."""

    def recognises(self, source: ImportSource) -> bool:
        """Tell whether a source has this format, by content, then name."""

    def read_source(self, source: ImportSource) -> ImportResult:
        """Read a source. Raises FlashcardsError if it is broken as a whole."""
