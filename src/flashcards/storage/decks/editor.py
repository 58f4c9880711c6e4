"""Edit deck files as text, keeping comments and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck, Note
from flashcards.core.deck_sections import Section, split_deck
from flashcards.core.deck_yaml import adapt_note_to_deck, render_deck, render_note
from flashcards.core.note_matching import match_notes
from flashcards.errors import DeckError, Problem
from flashcards.storage.decks.reader import parse_deck

NOTE_CONTENT = attrgetter(*(field.name for field in fields(Note) if field.name != "line"))
"""All that a note says, wherever it stands."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """A deck file's new text, and how many notes came, changed and stayed."""

    text: str
    added: tuple[Note, ...]
    updated: tuple[Note, ...]
    unchanged_count: int
    note_ids: tuple[str, ...] = ()
    """The id that each incoming note goes by in the file."""
    former_ids: frozenset[str] = frozenset()
    """The ids that those which are known had until now."""


def merge_deck(text: str, path: str, incoming_deck: Deck) -> MergeResult:
    """Bring the notes of another deck into a deck file's text; raises DeckError.

    Notes match as `pair` says. Those that only the file has are kept, new ones go to the end.
    """
    deck = _parse_or_raise(text, path)
    places = match_notes(deck.name, deck.notes, incoming_deck.notes)
    added, updated, note_ids = [], [], []
    for i, note in enumerate(incoming_deck.notes):
        wanted = adapt_note_to_deck(incoming_deck, deck, note)
        if i not in places:
            added.append(wanted)
        else:
            before = deck.notes[places[i]]
            wanted = replace(wanted, id=before.id, line=before.line)
            if wanted != adapt_note_to_deck(deck, deck, before):
                updated.append(wanted)
        note_ids.append(note_id(deck.name, wanted))
    if not added and not updated:
        return MergeResult(text, (), (), len(incoming_deck.notes), tuple(note_ids))
    former_ids = frozenset(note_id(deck.name, deck.notes[place]) for place in places.values())
    changed = {note.line: note for note in updated}
    expected = [changed.get(note.line, note) for note in deck.notes] + added
    new_text = _edit_text(text, path, deck, changed, added)
    _verify_notes(new_text, path, expected)
    unchanged = len(incoming_deck.notes) - len(added) - len(updated)
    return MergeResult(new_text, tuple(added), tuple(updated), unchanged, tuple(note_ids), former_ids)


def append_notes(text: str, path: str, notes: Sequence[Note]) -> str:
    """Return a deck file's text with notes at its end, all else as it was; raises DeckError."""
    deck = _parse_or_raise(text, path)
    new_text = _edit_text(text, path, deck, {}, notes)
    _verify_notes(new_text, path, [*deck.notes, *notes])
    return new_text


def _parse_or_raise(text: str, path: str) -> Deck:
    deck, problems = parse_deck(text.encode(), path)
    if deck is None:
        raise DeckError(problems)
    return deck


def _verify_notes(text: str, path: str, expected: Sequence[Note]) -> None:
    """Make sure that the new text says what it should, and nothing else has changed."""
    deck, problems = parse_deck(text.encode(), path)
    found = list(map(NOTE_CONTENT, deck.notes)) if deck else []
    if found != list(map(NOTE_CONTENT, expected)):
        what = "this file cannot be changed without changing other cards"
        remedy = 'Write its cards one below the other, each beginning with "- ", and try again.'
        raise DeckError(problems or [Problem(path, 1, 1, what, remedy)])


def _edit_text(text: str, path: str, deck: Deck, changed: Mapping[int, Note], added: Sequence[Note]) -> str:
    if not deck.notes:
        return render_deck(replace(deck, notes=tuple(added)))
    parts = split_deck(text, deck)
    if parts is None:
        what = "the cards of this file are not a block list"
        remedy = 'Begin each card on a line of its own with "- ", and try again.'
        line = deck.notes[0].line
        raise DeckError([Problem(path, line, 1, what, remedy, text.split("\n")[line - 1])])
    indent = parts.notes[0].indent
    notes = [
        replace(part, lines=tuple(render_note(changed[note.line], indent))) if note.line in changed else part
        for part, note in zip(parts.notes, deck.notes, strict=True)
    ]
    notes += [Section(("",), tuple(render_note(note, indent)), note) for note in added]
    return replace(parts, notes=tuple(notes)).text()


def render_verified(deck: Deck, path: str) -> str:
    """Return a deck as the text of a deck file that was read back and says just that.

    Raises DeckError.
    """
    text = render_deck(deck)
    _verify_notes(text, path, deck.notes)
    return text
