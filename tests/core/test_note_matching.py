"""Which note is which when a source comes again."""

from __future__ import annotations

import pytest

from flashcards.core.cards import Note
from flashcards.core.note_ids import note_fingerprint
from flashcards.core.note_matching import match_notes

KNOWN = (Note("a", "1", id="x"), Note("b", "2"), Note("c", "3"))


@pytest.mark.parametrize(
    ("incoming", "expected"),
    [
        ((Note("A", "9", id="x"),), {0: 0}),
        ((Note("b", "9"), Note("a", "9")), {0: 1, 1: 0}),
        ((Note("b ", "9", id="y"),), {0: 1}),
        ((Note("a", "9", id="y"),), {}),
        ((Note("z", "2", id=note_fingerprint("D", "b")),), {0: 1}),
        ((Note("a", "1", id="x"), Note("b", "2"), Note("z", "3")), {0: 0, 1: 1, 2: 2}),
        ((Note("z", "3"),), {}),
        ((Note("b", "7"), Note("b", "8", id="y")), {0: 1}),
    ],
    ids=[
        "by id", "by front", "by front where one has an id", "two ids differ",
        "by what stands for an id", "by back when most is known", "by back alone never",
        "each once",
    ],
)  # fmt: skip
def test_notes_are_paired(incoming: tuple[Note, ...], expected: dict[int, int]) -> None:
    """By id, by front, then by back, and never one note for two."""
    assert match_notes("D", KNOWN, incoming) == expected
