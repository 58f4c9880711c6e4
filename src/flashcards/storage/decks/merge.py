"""A deck file that two changed at once: what each of them changed comes together, card by card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Note
from flashcards.errors import DeckError, FlashcardsError
from flashcards.storage.decks.editor import NOTE_CONTENT
from flashcards.storage.decks.reader import parse_deck

HEAD = ""
"""What the lines above the first card go by."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of a card, with what follows up to the next, or those above all cards."""

    lines: list[str]
    note: Note | None = None

    def __eq__(self, other: object) -> bool:
        """Tell whether two say the same; blank lines behind them do not count."""
        return isinstance(other, _Part) and self._stripped() == other._stripped()

    def __hash__(self) -> int:
        return hash(self._stripped())

    def _stripped(self) -> str:
        return "\n".join(self.lines).rstrip()


def merge_changes(name: str, before: bytes, theirs: bytes, mine: bytes) -> bytes:
    """Return a deck file with what two made of it, each of the text that it had before.

    Raises FlashcardsError where both changed one card, or the two cannot be told apart.
    """
    if theirs in (before, mine):
        return mine
    if mine == before:
        return theirs
    old, other, own = (_parts(name, data) for data in (before, theirs, mine))
    behind: dict[str, list[str]] = {}
    last = HEAD
    for key in other:
        if key in own:
            last = key
        else:
            behind.setdefault(last, []).append(key)
    order = [key for first in own for key in (first, *behind.get(first, ()))]
    order += [key for key in old if key not in own and key not in other]
    parts = [part for key in order if (part := _chosen(name, key, old, other, own))]
    text = "\n".join(line for part in parts for line in part.lines).encode()
    deck, _ = parse_deck(text, name)
    expected = [NOTE_CONTENT(part.note) for part in parts if part.note]
    if deck is None or list(map(NOTE_CONTENT, deck.notes)) != expected:
        raise FlashcardsError(
            f"{name}: another program has changed it while your editor was open, and the two "
            "changes do not fit together."
        )
    return text


def _parts(name: str, data: bytes) -> dict[str, _Part]:
    deck, problems = parse_deck(data, name)
    if deck is None:
        after = "Another program has changed this deck while your editor was open."
        raise DeckError(problems, after)
    lines = data.decode("utf-8-sig").split("\n")
    starts = [note.line - 1 for note in deck.notes]
    ends = [*starts[1:], len(lines)]
    parts = {HEAD: _Part(lines[: starts[0]] if starts else lines)}
    for note, start, end in zip(deck.notes, starts, ends, strict=True):
        parts[note_id(deck.name, note)] = _Part(lines[start:end], note)
    return parts


def _chosen(
    name: str, key: str, old: Mapping[str, _Part], other: Mapping[str, _Part], own: Mapping[str, _Part]
) -> _Part | None:
    """Return the part as the one has it who changed it; None: it is taken out."""
    before, theirs, mine = old.get(key), other.get(key), own.get(key)
    if mine == before:
        return theirs
    if theirs in (before, mine):
        return mine
    note = next((part.note for part in (theirs, mine, before) if part and part.note), None)
    front = " ".join(note.front.split())[:60] if note else ""
    what = f"the card {front!r}" if note else "what stands above the cards"
    raise FlashcardsError(
        f"{name}: another program has changed {what} while your editor was open, and so have you."
    )
