"""The exporter protocol and the export job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from flashcards.core.anki_origin import AnkiReturn
from flashcards.core.card_ids import note_id
from flashcards.core.cards import CardId, Deck
from flashcards.core.days import DEFAULT_ROLLOVER
from flashcards.core.events import CardEvent
from flashcards.core.fsrs import Model
from flashcards.core.progress import DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class ExportJob:
    """All that goes out: decks as their files say them, and what was done to each card."""

    decks: tuple[Deck, ...]
    events_of_card: Callable[[CardId], Sequence[CardEvent]]
    """The effective events of a card, in order; core.progress.live folds them."""
    exported_at: datetime
    """Now, aware."""
    rollover: timedelta = DEFAULT_ROLLOVER
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Files of the media folder that the decks mention, by name; read when asked for."""
    model: Model = DEFAULT_MODEL
    """What FSRS knows a card's memory by."""
    fsrs_retention: float | None = None
    """The retention that FSRS schedules for; None while SM-2 schedules."""
    returns: Mapping[str, AnkiReturn] = field(default_factory=dict)
    """Notes that came from Anki, by our ids: they go back as what they were there."""
    for_spreadsheet: bool = False
    """Whether what a spreadsheet would take for a formula is made plain text."""


def join_files(decks: Iterable[Deck]) -> Iterator[Deck]:
    """Yield decks whole where they lie in several files of the same head; copies of a file stay apart."""
    files: dict[Deck, list[Deck]] = {}
    for deck in decks:
        files.setdefault(replace(deck, path="", notes=()), []).append(deck)
    for parts in files.values():
        notes = tuple(note for part in parts for note in part.notes)
        if len(parts) == 1 or len({note_id(parts[0].name, note) for note in notes}) < len(notes):
            yield from parts
        else:
            yield replace(parts[0], notes=notes)


def name_deck_files(decks: Iterable[Deck]) -> Iterator[tuple[str, Deck]]:
    """Yield decks with a name for a file of each: a second one of a name has a number."""
    taken = set[str]()
    for deck in decks:
        name, number = deck.name, 2
        while name in taken:
            name, number = f"{deck.name}-{number}", number + 1
        taken.add(name)
        yield name, deck


class Exporter(Protocol):
    """A format: a module of this shape, named in the table of the package's `__init__`."""

    TITLE: str
    """As a user calls it."""
    EXTENSIONS: tuple[str, ...]
    """The endings of a name that ask for this format, as ".csv"; the first is given to files."""
    ALLOWS_STDOUT: bool
    """Whether it may go to standard output."""
    INCLUDES_HISTORY: bool
    """Whether it takes the answers along."""

    def render_files(self, job: ExportJob) -> Mapping[str, bytes | Iterable[bytes]]:
        """Return the files, whole or in pieces, by name, without folders or ending: one, or one a deck."""
