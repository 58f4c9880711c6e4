"""A note is what a deck file says; a card is one question it asks (a note can make several)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

CardId = NewType("CardId", str)

SIBLING = "/"
"""Stands between a note's id and what tells its cards apart; no note's own id may hold it."""


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
    reverse: bool = False
    cloze: bool = False
    line: int = 0
    """The line, from 1, on which the note begins in its file; 0 when it comes from no file."""


@dataclass(frozen=True, slots=True)
class Deck:
    """The notes of one file, in its order."""

    name: str
    notes: tuple[Note, ...]
    path: str = ""
    """The deck file, relative to the library's folder."""
    description: str = ""
    tags: tuple[str, ...] = ()


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
