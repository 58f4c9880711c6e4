"""Convert notes to Anki notes: type, gap numbers, guid."""

import re
from collections.abc import Iterator
from hashlib import sha1
from urllib.parse import unquote

from flashcards.core.cards import REVERSE_KEY, SIBLING_SEPARATOR, Note
from flashcards.core.cloze import Gap, all_gaps, find_gaps, replace_gaps
from flashcards.core.cloze_brackets import separate_double_braces
from flashcards.core.decks import Deck, has_reverse_card, value_or_default
from flashcards.core.export_metadata import ANKI_ID_PREFIX, ID_PREFIX
from flashcards.core.markdown_lists import is_list
from flashcards.exporters.anki.note_types import (
    BASIC_TYPE,
    BOTH_WAYS_TYPE,
    CLOZE_TYPE,
    TYPED_BOTH_WAYS_TYPE,
    TYPED_TYPE,
    AnkiNoteType,
)


def resolve_deck_settings(deck: Deck, note: Note) -> Note:
    """Return a note with the deck's settings written into it."""
    return note._replace(
        tags=tuple(dict.fromkeys((*deck.tags, *note.tags))),
        reverse=has_reverse_card(deck, note) or None,
        typed=(value_or_default(note.typed, deck.typed) and not note.choices) or None,
        listed=(value_or_default(note.listed, deck.listed) and is_list(note.back)) or None,
        lenient=value_or_default(note.lenient, deck.lenient),
        line=0,
    )


def choose_note_type(note: Note) -> AnkiNoteType:
    """Return the note type for a resolved note."""
    if note.cloze:
        return CLOZE_TYPE
    if note.typed:
        return TYPED_BOTH_WAYS_TYPE if note.reverse else TYPED_TYPE
    return BOTH_WAYS_TYPE if note.reverse else BASIC_TYPE


def number_gaps(sentence: str) -> tuple[str, dict[str, int]]:
    """Return a sentence with all gaps numbered, and the numbers by key."""
    gaps = list(all_gaps(find_gaps(sentence)))
    taken = {number for gap in gaps for number in gap.numbers}
    free = (number for number in range(1, 1000) if number not in taken)
    numbers: dict[str, int] = {}
    for gap in gaps:
        for place, key in enumerate(gap.keys):
            if key not in numbers:
                numbers[key] = gap.numbers[place] if gap.numbers else next(free)
    return replace_gaps(sentence, lambda gap: _spell_gap(gap, numbers)), numbers


def _spell_gap(gap: Gap, numbers: dict[str, int]) -> str:
    """Return a gap for Anki, which ends it at the first double brace."""
    text = "".join(
        separate_double_braces(part) if isinstance(part, str) else _spell_gap(part, numbers)
        for part in gap.parts
    )
    text += f"::{gap.hint}" if gap.hint else ""
    closing = " }}" if text.endswith("}") and not text.endswith("}}") else "}}"
    return f"{{{{c{','.join(str(numbers[key]) for key in gap.keys)}::{text}{closing}"


def card_suffixes(deck: Deck, note: Note) -> Iterator[tuple[int, str]]:
    """Yield each card's template or gap index, and its id suffix."""
    if note.cloze:
        for key, number in number_gaps(note.front)[1].items():
            yield number - 1, SIBLING_SEPARATOR + key
        return
    yield 0, ""
    if has_reverse_card(deck, note):
        yield 1, REVERSE_KEY


def anki_guid(note_id: str) -> str:
    """Return the note's guid, its original one if it came from Anki."""
    if note_id.startswith(ANKI_ID_PREFIX) and "@" not in note_id:
        return unquote(note_id.removeprefix(ANKI_ID_PREFIX))
    return ID_PREFIX + note_id


def field_checksum(html: str) -> int:
    """Return the checksum by which Anki finds duplicates."""
    plain = re.sub(r"<[^>]*>", "", html).strip() if "<" in html else html.strip()
    return int(sha1(plain.encode(), usedforsecurity=False).hexdigest()[:8], 16)
