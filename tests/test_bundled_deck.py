"""The 55 cards that come with the program, word for word as they were found."""

from __future__ import annotations

import re
from pathlib import Path

from flashcards.storage.decks.reader import load_deck

ROOT = Path(__file__).parents[1]
SEED = ROOT / "tests" / "data" / "seed.txt"
SCALE = re.compile(r"How well did you know this\?\n1\nNot at all\n2\n3\n4\n5\nPerfectly\n")
MENDS = {
    54: ("ou want", "You want"),
    55: ("Why is masking needed", "Why is masking needed?"),
}
"""What was cut off when the page was copied: the only words that differ."""
GLUED = re.compile(r"(?<=[a-z])\.(?=The (?:Problem|Solution):)")
"""Where a line break was lost between two sentences."""


def seed_cards() -> list[tuple[str, list[str]]]:
    """Return (question, words of the answer) of each card on the page."""
    text = SCALE.sub("", SEED.read_text(encoding="utf-8")).split("(55 cards)", 1)[1]
    pieces = re.split(r"^(\d+)\n(?=Q\n|[A-Z]|ou want)", text, flags=re.MULTILINE)
    numbered = {int(n): body for n, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    cards = []
    for number in range(1, 56):
        body = numbered[number]
        if body.startswith("Q\n"):
            question, answer = body.removeprefix("Q\n").split("\nA\n", 1)
        else:
            question, answer = body.split("\n", 1)
        found, mended = MENDS.get(number, ("", ""))
        question = question.strip().replace(found, mended, 1) if found else question.strip()
        cards.append((question, GLUED.sub(". ", answer).split()))
    return cards


def test_every_word_of_the_55_cards() -> None:
    """Questions are the same, answers have the same words in the same order, bullets aside."""
    deck, problems = load_deck(ROOT / "decks" / "transformers-rag-lora.yaml", "bundled")
    assert not problems
    assert deck
    ours = [(note.front, re.sub(r"^- ", "", note.back, flags=re.MULTILINE).split()) for note in deck.notes]
    assert len(ours) == 55
    for mine, found in zip(ours, seed_cards(), strict=True):
        assert mine == found


def test_every_card_has_an_id_and_tags() -> None:
    """Each card can be named, found by topic, and edited without losing its history."""
    deck, _ = load_deck(ROOT / "decks" / "transformers-rag-lora.yaml", "bundled")
    assert deck
    assert len({note.id for note in deck.notes if note.id}) == 55
    assert all(note.tags for note in deck.notes)
