"""Validate imported notes, dropping what a deck file cannot store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flashcards.core.card_ids import note_id
from flashcards.core.cards import LENIENCY_KINDS, VALID_NOTE_ID, Note
from flashcards.core.clean_text import clean_text, to_one_line
from flashcards.core.cloze import MAX_CARDS_PER_SENTENCE, cloze_keys, find_gaps, has_too_many_gaps
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.format_count import format_count
from flashcards.core.note_ids import normalize_text, note_fingerprint
from flashcards.core.quote_cards import quote_front
from flashcards.importers.base import (
    MAX_NOTE_CHARACTERS,
    TOO_MUCH_TEXT,
    ImportedDeck,
    ImportedNote,
    SkippedItem,
)

EMPTY_DECK = Deck("", ())


@dataclass(frozen=True, slots=True)
class ValidNotes:
    """The valid notes of a deck by their ids, the skipped ones, and the number of duplicates."""

    deck: ImportedDeck  # without its notes
    notes: dict[str, ImportedNote]
    skipped: list[SkippedItem]
    duplicates: int


def drop_invalid(deck: ImportedDeck, source: str = "") -> ValidNotes:
    """Drop invalid and duplicate notes, and give all others unique ids.

    `source` is the file that the notes' line numbers refer to.
    """
    name = to_one_line(deck.name) or "Imported"
    kept: dict[str, ImportedNote] = {}
    skipped: list[SkippedItem] = []
    twice = 0
    tags = _clean_tags(deck.tags)
    for number, imported in enumerate(deck.notes, 1):
        note = _clean_note(imported.note, tags)
        if fault := _find_fault(note):
            line = imported.note.line if source else 0
            where = f"{source}:{line}" if line else f"{name}, note {number}"
            skipped.append(SkippedItem(where, fault))
            continue
        own = note_id(name, note)
        if own in kept:
            if _is_same_note(kept[own].note, note):
                twice += 1
                continue
            own = note_fingerprint(name, f"{note.front}\x1f{note.back}")
            note = note._replace(id=own)
            twice += own in kept
        kept.setdefault(own, imported if note is imported.note else imported._replace(note=note))
    return ValidNotes(ImportedDeck(name, (), clean_text(deck.description), tags), kept, skipped, twice)


def merge_decks(decks: Iterable[ImportedDeck]) -> list[ImportedDeck]:
    """Merge decks of one name; their tags move to their notes."""
    merged: dict[str, ImportedDeck] = {}
    for deck in decks:
        name = to_one_line(deck.name)
        if name in merged:
            first, second = _move_tags_to_notes(merged[name]), _move_tags_to_notes(deck)
            description = first.description or second.description
            merged[name] = ImportedDeck(name, first.notes + second.notes, description)
        else:
            merged[name] = replace(deck, name=name)
    return list(merged.values())


def _move_tags_to_notes(deck: ImportedDeck) -> ImportedDeck:
    if not deck.tags:
        return deck
    notes = (n._replace(note=n.note._replace(tags=(*deck.tags, *n.note.tags))) for n in deck.notes)
    return replace(deck, notes=tuple(notes), tags=())


def count_cards(note: Note) -> int:
    """Return the number of cards a note makes."""
    if note.cloze:
        return len(cloze_keys(note.front))
    return 2 if note.reverse else 1


def _clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in map(to_one_line, tags) if tag)) if tags else ()


def _clean_note(note: Note, deck_tags: tuple[str, ...]) -> Note:
    texts = "".join(note.texts)
    if not (texts.isascii() and texts.isprintable()):  # most need no cleaning
        note = note.map_texts(clean_text)
    tags = note.tags and tuple([tag for tag in _clean_tags(note.tags) if tag not in deck_tags])
    own = note.id if not note.id or VALID_NOTE_ID.fullmatch(note.id) else ""
    if (own, tags) != (note.id, note.tags):
        note = note._replace(id=own, tags=tags)
    if not note.has_own_mode:
        return note
    return adapt_note_to_deck(EMPTY_DECK, EMPTY_DECK, _clean_answer_lists(note))


def _clean_answer_lists(note: Note) -> Note:
    """Drop empty answers, and those of several gaps, which are ambiguous."""
    single = not note.cloze or len(cloze_keys(note.front)) == 1
    accept, choices = (
        tuple(dict.fromkeys(text for text in map(clean_text, texts) if text.strip() and single))
        for texts in (note.accept, note.choices)
    )
    leniency = note.lenient
    lenient = None if leniency is None else tuple(kind for kind in LENIENCY_KINDS if kind in leniency)
    return note._replace(accept=accept, choices=choices, lenient=lenient)


def _find_fault(note: Note) -> str:
    if not note.front.strip():
        return "empty front"
    if note.text_length > MAX_NOTE_CHARACTERS:
        return TOO_MUCH_TEXT
    if note.cloze and not find_gaps(note.front):
        return "no {{gap}} in the text"
    if note.cloze and has_too_many_gaps(note.front):
        return f"more than {MAX_CARDS_PER_SENTENCE} gaps: split it into several cards"
    return ""


def describe_empty_backs(notes: Iterable[ImportedNote], source: str) -> Iterator[str]:
    """Describe the cards with an empty back, which are imported all the same."""
    empty = [imported.note for imported in notes if not (imported.note.back.strip() or imported.note.cloze)]
    if empty:
        places = [f"{source}:{note.line}" if note.line else quote_front(note.front) for note in empty[:5]]
        more = ", …" if len(empty) > len(places) else ""
        yield f"{format_count(len(empty), 'card')} with an empty back: {', '.join(places)}{more}"


def _is_same_note(first: Note, second: Note) -> bool:
    pairs = ((first.front, second.front), (first.back, second.back))
    return all(normalize_text(one) == normalize_text(other) for one, other in pairs)
