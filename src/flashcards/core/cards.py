"""Notes, cards and decks, and how a card is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, NewType, TypeVar

from flashcards.core.cloze import ANSWERED_GAP, ASKED_GAP, Spans, mark_gaps
from flashcards.core.markdown_lists import is_list

T = TypeVar("T")


def value_or_default(value: T | None, default: T) -> T:
    """Return what a note says, or what is usual where it says nothing."""
    return default if value is None else value


def has_reverse_card(deck: Deck, note: Note) -> bool:
    """Tell whether a note makes a second card, its back asking for its front."""
    return not note.cloze and value_or_default(note.reverse, deck.reverse)


def answer_mode(deck: Deck, note: Note, *, answer: str = "", reversed_: bool = False) -> AnswerMode:
    """Return how a card of a note is asked; one `turned` round has no list and no options."""
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


CardId = NewType("CardId", str)

ATTRIBUTES = {"type": "typed", "list": "listed", "note": "remark", "deck": "name"}
"""Fields of a deck file whose values have another name in a Note or a Deck."""
NOTE_FIELDS = (
    "id", "front", "back", "tags", "reverse", "type", "list", "accept", "choices", "hint", "note", "lenient",
)  # fmt: skip
"""All that a deck file may say of a note; a cloze has its sentence in `front`."""

SIBLING_SEPARATOR = "/"
"""Stands between a note's id and what tells its cards apart; no note's own id may hold it."""
REVERSE_KEY = SIBLING_SEPARATOR + "r"
"""What the id of the card that asks a note's back adds to the note's."""
VALID_NOTE_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f" + SIBLING_SEPARATOR + r"]{1,100}")
"""What the id of a note may be."""


LENIENCY_KINDS = ("case", "accents", "punctuation", "articles", "numbers")
"""What a typed answer may get wrong and still be right, if its deck says so; spaces always."""
DEFAULT_LENIENCY = ("case", "punctuation")
"""What is overlooked where a deck says nothing."""


class AnswerMode(NamedTuple):
    """How a card wants to be answered, when not just by being revealed and rated."""

    typed: bool = False
    """Whether the answer is typed."""
    accept: tuple[str, ...] = ()
    """Answers that are as right as the back."""
    choices: tuple[str, ...] = ()
    """Wrong options to choose among, beside the right one."""
    listed: bool = False
    """Whether the back's items are revealed one by one."""
    lenient: tuple[str, ...] = DEFAULT_LENIENCY
    """Some of LENIENCE."""
    answer: str = ""
    """What to type or choose where the back says more than that; "" where it is the back."""


REVEAL = AnswerMode()
"""Reveal and rate."""


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a deck, both sides Markdown, exactly as the deck says them.

    A cloze note has its sentence, gaps marked, in `front`, and what its answers add in `back`.
    """

    front: str
    back: str = ""
    id: str = ""
    """Given by hand; "" lets a fingerprint of deck and front stand for it."""
    tags: tuple[str, ...] = ()
    """The note's own tags; the deck's are added when cards are made."""
    reverse: bool | None = None
    """Whether it asks both ways; None leaves it to the deck, here and below."""
    cloze: bool = False
    line: int = 0
    """The line, from 1, on which the note begins in its file; 0 when it comes from no file."""
    typed: bool | None = None
    """`type` in a deck file."""
    listed: bool | None = None
    """`list` in a deck file."""
    accept: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    lenient: tuple[str, ...] | None = None
    hint: str = ""
    """Shown before the answer to those who ask for it."""
    remark: str = ""
    """`note` in a deck file: shown after the answer."""

    def field(self, name: str) -> object:
        """Return what it says in a field of a deck file."""
        value: object = getattr(self, ATTRIBUTES.get(name, name))
        return value

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Front, back, hint and remark."""
        return self.front, self.back, self.hint, self.remark

    def map_texts(self, change: Callable[[str], str]) -> Note:
        """Return the note with a function applied to these four."""
        front, back, hint, remark = changed = tuple(map(change, self.texts))
        if changed == self.texts:
            return self
        return replace(self, front=front, back=back, hint=hint, remark=remark)

    @property
    def text_length(self) -> int:
        """The letters of all that is shown or accepted."""
        return sum(map(len, (*self.texts, *self.accept, *self.choices)))


@dataclass(frozen=True, slots=True)
class Deck:
    """The notes of one file, in its order."""

    name: str
    notes: tuple[Note, ...]
    path: str = ""
    """The deck file, relative to the library's folder."""
    description: str = ""
    tags: tuple[str, ...] = ()
    reverse: bool = False
    """What notes do that do not say otherwise, here and below."""
    typed: bool = False
    listed: bool = False
    lenient: tuple[str, ...] | None = None
    """None leaves it at LENIENT."""


class Card(NamedTuple):
    """One question and its answer, both Markdown."""

    id: CardId
    deck: str
    front: str
    back: str
    tags: tuple[str, ...] = ()
    note_id: str = ""
    """The id that siblings share (both ways of a reversed note, the gaps of one cloze)."""
    path: str = ""
    """The deck file, relative to the library's folder."""
    line: int = 0
    """The line, from 1, on which the card's note begins in its file."""
    has_own_id: bool = False
    """Whether the note's id was given by hand."""
    answer_mode: AnswerMode = REVEAL
    front_gaps: Spans = ()
    """Where gaps are in a cloze card's front, which has […] or a hint there."""
    back_gaps: Spans = ()
    hint: str = ""
    remark: str = ""

    @property
    def marked_front(self) -> str:
        """The front with marks around its gaps, to be shown."""
        return mark_gaps(self.front, self.front_gaps, ASKED_GAP)

    @property
    def marked_back(self) -> str:
        """The back with marks around what fills its gaps."""
        return mark_gaps(self.back, self.back_gaps, ANSWERED_GAP)
