"""Whatever an importer gives, what comes out of the sieve can be written as a deck file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.app.importing.validate_notes import joined, sieve, size
from flashcards.core.card_ids import cards_of
from flashcards.core.cards import LENIENCE, Deck, Note
from flashcards.importers.base import BroughtDeck, BroughtNote
from flashcards.storage.decks.editor import merge, written
from flashcards.storage.decks.reader import read_deck

PIECES = st.sampled_from(
    ["a", "b c", " ", "\n", "  ", ": ", " #", "#", ":", "- ", '"', "\\", "'", "|", "{{g}}",
     "{{c1::g::h}}", "{{c2::x}}", "{{", "}}", "[", "]", ",", "é", "漢", "\t", "\x85", "\u2028",
     "\ufeff", "\x1b", "\x00", "\r", "\ud800", "- one\n- two", "---", "%", "&", "*", "!", "?", "1"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=5).map("".join)
LISTS = st.lists(TEXTS, max_size=2).map(tuple)
SWITCHES = st.sampled_from([None, True, False])
NOTES = st.builds(
    Note, TEXTS, TEXTS, st.sampled_from(["", "x", "a b", "/", "x" * 101, "é"]), LISTS, SWITCHES,
    st.booleans(), st.integers(0, 9), SWITCHES, SWITCHES, LISTS, LISTS,
    st.none() | st.lists(st.sampled_from(LENIENCE), max_size=2, unique=True).map(tuple),
)  # fmt: skip
DECKS = st.builds(
    BroughtDeck, TEXTS, st.lists(NOTES.map(BroughtNote), max_size=4).map(tuple), TEXTS, LISTS
)


@settings(max_examples=100, deadline=None)
@given(st.lists(DECKS, min_size=1, max_size=3))
def test_what_is_sieved_can_be_written(decks: list[BroughtDeck]) -> None:
    """No note keeps the others of its deck from coming in, and none is lost unsaid."""
    for brought in joined(decks):
        sieved = sieve(brought)
        notes = tuple(n.note for n in sieved.deck.notes)
        deck = Deck(
            sieved.deck.name, notes, description=sieved.deck.description, tags=sieved.deck.tags
        )
        text = written(deck, "d.yaml")
        assert merge(text, "d.yaml", deck).unchanged == len(notes)
        assert len(brought.notes) == len(notes) + len(sieved.skipped) + sieved.twice
        assert sum(map(size, notes)) == len(list(cards_of(deck)))


def test_a_sentence_of_too_many_gaps_falls_through() -> None:
    """It would make as many cards, each as long as all of it; and a deck file cannot have it."""
    sentence = "".join(f"{{{{word {n}}}}} " for n in range(501))
    sieved = sieve(BroughtDeck("d", (BroughtNote(Note(sentence, cloze=True)),)))
    assert not sieved.deck.notes
    assert "more than 500 gaps" in sieved.skipped[0].why
    deck, (problem,) = read_deck(f"cards:\n- cloze: '{sentence}'\n".encode(), "d.yaml")
    assert deck is None
    assert "more than 500 gaps" in problem.what
