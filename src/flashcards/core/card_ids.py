"""Ids of notes and cards, and the cards that a note makes."""

from collections.abc import Iterator

from flashcards.core.cards import REVERSE_KEY, SIBLING_SEPARATOR, AnswerMode, Card, CardId, Note
from flashcards.core.cloze import Spans, cloze_cards
from flashcards.core.decks import Deck, answer_mode, has_reverse_card
from flashcards.core.note_ids import note_fingerprint


def note_id(deck: str, note: Note) -> str:
    """Return the note's own id, or else its fingerprint."""
    return note.id or note_fingerprint(deck, note.front)


def deck_cards(deck: Deck) -> Iterator[Card]:
    """Yield the cards of a deck's notes, in file order."""
    for own_id, note in zip(deck.note_ids, deck.notes, strict=True):
        tags = tuple(dict.fromkeys((*deck.tags, *note.tags))) if deck.tags or note.tags else ()
        for key, front, back, mode, front_gaps, back_gaps in card_sides(deck, note):
            hint = "" if key == REVERSE_KEY else note.hint  # it hints at the back
            yield Card(
                CardId(own_id + key), deck.name, front, back, tags, own_id, deck.path, note.line,
                bool(note.id), mode, front_gaps, back_gaps, hint, note.remark,
            )  # fmt: skip


def card_sides(deck: Deck, note: Note) -> Iterator[tuple[str, str, str, AnswerMode, Spans, Spans]]:
    """Yield (id suffix, front, back, answer mode, gaps of both) of each card."""
    if note.cloze:
        for card in cloze_cards(note.front):
            back = f"{card.back}\n\n{note.back}" if note.back else card.back
            mode = answer_mode(deck, note, answer=card.answer)
            yield SIBLING_SEPARATOR + card.key, card.front, back, mode, card.front_gaps, card.back_gaps
        return
    yield "", note.front, note.back, answer_mode(deck, note), (), ()
    if has_reverse_card(deck, note):
        mode = answer_mode(deck, note, reversed_=True)
        yield REVERSE_KEY, note.back, note.front, mode, (), ()
