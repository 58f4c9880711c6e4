"""Decks, and what their settings mean for a note."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from flashcards.core.cards import DEFAULT_LENIENCY, REVEAL, AnswerMode, Note
from flashcards.core.markdown_lists import is_list
from flashcards.core.note_ids import note_fingerprint

T = TypeVar("T")


@dataclass(frozen=True)
class Deck:
    """The notes of one file, and defaults for them."""

    name: str
    notes: tuple[Note, ...]
    path: str = ""  # relative to the library
    description: str = ""
    tags: tuple[str, ...] = ()
    reverse: bool = False
    typed: bool = False
    listed: bool = False
    lenient: tuple[str, ...] | None = None  # None uses DEFAULT_LENIENCY

    @cached_property
    def note_ids(self) -> tuple[str, ...]:
        """The id of each note: its own, or else its fingerprint."""
        return tuple([note.id or note_fingerprint(self.name, note.front) for note in self.notes])


def value_or_default(value: T | None, default: T) -> T:
    """Return a value, or its default if it is None."""
    return default if value is None else value


def has_reverse_card(deck: Deck, note: Note) -> bool:
    """Tell whether a note makes a second card from back to front."""
    return not note.cloze and value_or_default(note.reverse, deck.reverse)


def answer_mode(deck: Deck, note: Note, *, answer: str = "", reversed_: bool = False) -> AnswerMode:
    """Return how a card is answered; reversed ones have no options or list."""
    own = note.typed or note.listed or note.accept or note.choices or answer
    if not (own or deck.typed or deck.listed) and note.lenient is deck.lenient is None:
        return REVEAL  # as most cards of a large deck
    lenient = value_or_default(note.lenient, value_or_default(deck.lenient, DEFAULT_LENIENCY))
    typed = value_or_default(note.typed, deck.typed) and not note.choices
    if reversed_:
        return AnswerMode(typed=typed, lenient=lenient)
    return AnswerMode(
        typed=typed,
        accept=note.accept,
        choices=note.choices,
        listed=value_or_default(note.listed, deck.listed) and is_list(note.back),
        lenient=lenient,
        answer=answer,
    )
