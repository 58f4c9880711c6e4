"""Match imported notes to the existing notes of a deck."""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from operator import attrgetter

from flashcards.core.card_ids import note_id
from flashcards.core.card_matching import unique_pairs
from flashcards.core.cards import Note
from flashcards.core.cloze import all_gaps, find_gaps
from flashcards.core.note_ids import normalize_text

MIN_SIMILARITY = 0.5  # of fronts with the same gaps, 0 to 1
MatchedNotes = dict[int, int]


def match_notes(deck_name: str, known: Sequence[Note], incoming: Sequence[Note]) -> MatchedNotes:
    """Return {index in `incoming`: index in `known`}, one to one.

    By id or fingerprint; by front if at most one has an id; sentences by their gaps; by back if at
    least half of the deck was matched, so that it is clearly an update.
    """
    place_by_id = {note_id(deck_name, note): i for i, note in enumerate(known)}
    matched: MatchedNotes = {}
    taken = set[int]()
    for i, note in enumerate(incoming):
        place = place_by_id.get(note_id(deck_name, note))
        if place is not None and place not in taken:
            matched[i] = place
            taken.add(place)
    if len(taken) < len(known):
        _match_by_key(attrgetter("front"), known, incoming, matched)
        _match_by_key(_gap_texts, known, incoming, matched, _is_reworded)
    if len(known) > len(matched) >= max(1, len(known) / 2):
        _match_by_key(attrgetter("back"), known, incoming, matched)
    return matched


def _match_by_key(
    key: Callable[[Note], str],
    known: Sequence[Note],
    incoming: Sequence[Note],
    matched: MatchedNotes,
    fits: Callable[[Note, Note], bool] = lambda *_: True,
) -> None:
    """Add the pairs of unmatched notes with a unique key that is not empty, unless both have ids."""
    taken = set(matched.values())
    old = [(place, note) for place, note in enumerate(known) if place not in taken]
    new = [(i, note) for i, note in enumerate(incoming) if i not in matched]
    for (place, one), (i, other) in unique_pairs(old, new, lambda pair: _comparable(key(pair[1]))):
        if _comparable(key(one)) and not (one.id and other.id) and fits(one, other):
            matched[i] = place


def _gap_texts(note: Note) -> str:
    gaps = all_gaps(find_gaps(note.front)) if note.cloze else ()
    return "\x1f".join(normalize_text(gap.text) for gap in gaps)


def _is_reworded(old: Note, new: Note) -> bool:
    return SequenceMatcher(None, old.front, new.front, autojunk=False).ratio() >= MIN_SIMILARITY


def _comparable(text: str) -> str:
    """Return a text as it was before importers escaped Markdown."""
    return normalize_text(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))
