"""Changing deck files as text: comments and order stay, and only the cards meant to change do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck, Note
from flashcards.core.deck_yaml import render, render_note, settled
from flashcards.core.note_matching import pair
from flashcards.errors import DeckError, Problem
from flashcards.storage.decks.reader import read_deck

SAID = attrgetter(*(field.name for field in fields(Note) if field.name != "line"))
"""All that a note says, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A deck file's new text, and how many notes came, changed and stayed."""

    text: str
    added: tuple[Note, ...]
    updated: tuple[Note, ...]
    unchanged: int
    names: tuple[str, ...] = ()
    """The id that each incoming note goes by in the file."""


def merge(text: str, path: str, incoming: Deck) -> Merge:
    """Bring the notes of another deck into a deck file's text; raises DeckError.

    Notes match as `pair` says. Those that only the file has are kept, new ones go to the end.
    """
    deck = _sound(text, path)
    places = pair(deck.name, deck.notes, incoming.notes)
    added, updated, names = [], [], []
    for i, note in enumerate(incoming.notes):
        wanted = settled(incoming, deck, note)
        if i not in places:
            added.append(wanted)
        else:
            before = deck.notes[places[i]]
            wanted = replace(wanted, id=before.id, line=before.line)
            if wanted != settled(deck, deck, before):
                updated.append(wanted)
        names.append(note_id(deck.name, wanted))
    if not added and not updated:
        return Merge(text, (), (), len(incoming.notes), tuple(names))
    changed = {note.line: note for note in updated}
    expected = [changed.get(note.line, note) for note in deck.notes] + added
    new_text = _edited(text, path, deck, changed, added)
    _prove(new_text, path, expected)
    unchanged = len(incoming.notes) - len(added) - len(updated)
    return Merge(new_text, tuple(added), tuple(updated), unchanged, tuple(names))


def append(text: str, path: str, notes: Sequence[Note]) -> str:
    """Return a deck file's text with notes at its end, all else as it was; raises DeckError."""
    deck = _sound(text, path)
    new_text = _edited(text, path, deck, {}, notes)
    _prove(new_text, path, [*deck.notes, *notes])
    return new_text


def _sound(text: str, path: str) -> Deck:
    deck, problems = read_deck(text.encode(), path)
    if deck is None:
        raise DeckError(problems)
    return deck


def _prove(text: str, path: str, expected: Sequence[Note]) -> None:
    """Make sure that the new text says what it should, and nothing else has changed."""
    deck, problems = read_deck(text.encode(), path)
    found = list(map(SAID, deck.notes)) if deck else []
    if found != list(map(SAID, expected)):
        what = "this file cannot be changed without touching other cards"
        remedy = 'Write its cards one below the other, each beginning with "- ", and try again.'
        raise DeckError(problems or [Problem(path, 1, 1, what, remedy)])


def _edited(
    text: str, path: str, deck: Deck, changed: Mapping[int, Note], added: Sequence[Note]
) -> str:
    lines = text.split("\n")
    starts = [note.line - 1 for note in deck.notes]
    if not starts:
        return render(replace(deck, notes=tuple(added)))
    indent = _indent(lines[starts[0]], path, deck.notes[0].line)
    ends = [
        _end(lines, start, stop, indent)
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    tail = [line for note in added for line in ("", *render_note(note, indent))]
    lines[ends[-1] : ends[-1]] = tail
    for start, end in reversed(list(zip(starts, ends, strict=True))):
        if note := changed.get(start + 1):
            lines[start:end] = render_note(note, indent)
    return "\n".join(lines)


def _indent(line: str, path: str, number: int) -> int:
    """Return the columns before a list's dashes. Raises DeckError for cards written in brackets."""
    dash = re.match(r" *- ", line)
    if not dash:
        what = "the cards of this file are not written one below the other"
        remedy = 'Begin each card on a line of its own with "- ", and try again.'
        raise DeckError([Problem(path, number, 1, what, remedy, line)])
    return len(dash[0]) - 2


def _end(lines: Sequence[str], start: int, stop: int, indent: int) -> int:
    """Return the line behind a note's last one: blank lines and comments after it stay out."""
    end = start + 1
    for i in range(start + 1, stop):
        line = lines[i].rstrip("\r")
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= indent:
            break
        if line.strip():
            end = i + 1
    return end


def written(deck: Deck, path: str) -> str:
    """Return a deck as the text of a deck file that was read back and says just that.

    Raises DeckError.
    """
    text = render(deck)
    _prove(text, path, deck.notes)
    return text
