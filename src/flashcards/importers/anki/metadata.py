"""Notes that we exported ourselves: their label says exactly what they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import msgspec

from flashcards.core.export_metadata import LABEL, Label
from flashcards.importers.anki.notes import AnkiNote
from flashcards.importers.base import BroughtNote, Life

OPENING = '{"flashcards":'


def label_of(data: object, text: str) -> Label | None:
    """Return the label of a note; None when it has none, or its text was changed since."""
    if not isinstance(data, str) or not data.startswith(OPENING):
        return None
    try:
        label = msgspec.json.decode(data, type=Label)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    whole = label.flashcards == LABEL and label.sum == crc32(text.encode("utf-8", "replace"))
    return label if whole else None


def labelled(label: Label, note: AnkiNote) -> BroughtNote:
    """Return the note that a label describes, with what Anki knows of its cards."""
    lives = {
        label.keys[number]: _exact(life, label.repetitions.get(number), label.twos)
        for number, life in note.cards.items()
        if number in label.keys
    }
    return BroughtNote(label.note, lives)


def _exact(life: Life, repetitions: int | None, twos: Sequence[int]) -> Life:
    """Return a life with what Anki has no place for."""
    if life.standing and repetitions is not None:
        life = replace(life, standing=replace(life.standing, repetitions=repetitions))
    if not twos:
        return life
    given = frozenset(twos)
    reviews = tuple(
        replace(past, rating=2) if int(past.key.rpartition("-")[2]) in given else past
        for past in life.reviews
    )
    return replace(life, reviews=reviews)
