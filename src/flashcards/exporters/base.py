"""What every exporter takes and gives: plain values, so that a format is one file and one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from flashcards.core.cards import CardId, Deck
from flashcards.core.days import ROLLOVER
from flashcards.core.events import AboutCard


@dataclass(frozen=True, slots=True)
class Leaving:
    """All that goes out: decks as their files say them, and what was done to each card."""

    decks: tuple[Deck, ...]
    events: Callable[[CardId], Sequence[AboutCard]]
    """The effective events of a card, in order; core.progress.live folds them."""
    at: datetime
    """Now, aware."""
    rollover: timedelta = ROLLOVER
    media: Mapping[str, bytes] = field(default_factory=dict)
    """Files of the media folder that the decks mention, by name; read when asked for."""
    for_spreadsheet: bool = False
    """Whether what a spreadsheet would take for a formula is made plain text."""


def named(decks: Iterable[Deck]) -> Iterator[tuple[str, Deck]]:
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
    """As a person calls it."""
    ENDINGS: tuple[str, ...]
    """The endings of a name that ask for this format, as ".csv"; the first is given to files."""
    TEXT: bool
    """Whether it may go to standard output."""
    HISTORY: bool
    """Whether it takes the answers along."""

    def write(self, leaving: Leaving) -> Mapping[str, bytes]:
        """Return the files by name, without folders or ending: one in all, or one a deck."""
