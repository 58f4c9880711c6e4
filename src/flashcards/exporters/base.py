"""The exporter protocol and the export job."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from flashcards.core.anki_origin import AnkiReturn
from flashcards.core.cards import CardId
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL
from flashcards.core.study_days import DEFAULT_ROLLOVER


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What to export: decks, histories, media and options."""

    decks: tuple[Deck, ...]
    events_of_card: Callable[[CardId], Sequence[CardEvent]]
    """Returns the effective events of a card, in order."""
    exported_at: datetime  # now, with an offset
    rollover: timedelta = DEFAULT_ROLLOVER
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Media files mentioned by the decks, by name; read when accessed."""
    model: Model = DEFAULT_MODEL
    fsrs_retention: float | None = None  # FSRS's desired retention; None if SM-2 schedules
    returns: Mapping[str, AnkiReturn] = field(default_factory=dict)
    """Notes that came from Anki, by our ids; they are exported as the same notes."""
    for_spreadsheet: bool = False  # whether to escape what a spreadsheet would run as a formula


def join_files(decks: Iterable[Deck]) -> Iterator[Deck]:
    """Join the files of one deck, unless they share notes."""
    files: dict[Deck, list[Deck]] = {}
    for deck in decks:
        files.setdefault(replace(deck, path="", notes=()), []).append(deck)
    for parts in files.values():
        names = [name for part in parts for name in part.note_ids]
        if len(parts) == 1 or len(set(names)) < len(names):
            yield from parts
        else:
            yield replace(parts[0], notes=tuple(note for part in parts for note in part.notes))


def name_deck_files(decks: Iterable[Deck]) -> Iterator[tuple[str, Deck]]:
    """Yield decks with unique file names."""
    taken = set[str]()
    for deck in decks:
        name, number = deck.name, 2
        while name in taken:
            name, number = f"{deck.name}-{number}", number + 1
        taken.add(name)
        yield name, deck


class Exporter(Protocol):
    """A format: a module of this shape, listed in EXPORT_FORMATS."""

    TITLE: str  # the format's name for users
    EXTENSIONS: tuple[str, ...]
    """File name endings of this format, such as ".csv"; the first is used for new files."""
    ALLOWS_STDOUT: bool  # whether it may be written to standard output
    INCLUDES_HISTORY: bool  # whether answers are exported too

    def render_files(self, job: ExportJob) -> Mapping[str, bytes | Iterable[bytes]]:
        """Return the contents by file name, without folder or ending."""
