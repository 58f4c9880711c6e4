"""A note is what a deck file says; a card is one question it asks (a note can make several)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

CardId = NewType("CardId", str)

SIBLING = "/"
"""Stands between a note's id and what tells its cards apart; no note's own id may hold it."""


LENIENCE = ("case", "accents", "punctuation", "articles", "numbers")
"""What a typed answer may get wrong and still be right, if its deck says so; spaces always."""
LENIENT = ("case", "punctuation")
"""What is overlooked where a deck says nothing."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a card wants to be answered, when not just by being revealed and rated."""

    typed: bool = False
    """Whether the answer is typed."""
    accept: tuple[str, ...] = ()
    """Answers that are as right as the back."""
    choices: tuple[str, ...] = ()
    """Wrong options to choose among, beside the right one."""
    listed: bool = False
    """Whether the back's items are revealed one by one."""
    lenient: tuple[str, ...] = LENIENT
    """Some of LENIENCE."""
    answer: str = ""
    """What to type or choose where the back says more than that; "" where it is the back."""


PLAINLY = Asking()
"""Reveal and rate."""


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a deck, both sides Markdown, exactly as the deck says them.

    A cloze note has its sentence, gaps marked, in `front`, and an optional remark in `back`.
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


@dataclass(frozen=True, slots=True)
class Card:
    """One question and its answer, both Markdown."""

    id: CardId
    deck: str
    front: str
    back: str
    tags: tuple[str, ...] = ()
    note: str = ""
    """The id that siblings share (both ways of a reversed note, the gaps of one cloze)."""
    path: str = ""
    """The deck file, relative to the library's folder."""
    line: int = 0
    """The line, from 1, on which the card's note begins in its file."""
    identified: bool = False
    """Whether the note's id was given by hand."""
    asking: Asking = PLAINLY
