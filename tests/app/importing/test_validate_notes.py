"""Whatever an importer gives, what comes out of the sieve can be written as a deck file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.app.importing.validate_notes import count_cards, drop_invalid, merge_decks
from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import LENIENCY_KINDS, Note
from flashcards.core.decks import Deck
from flashcards.importers.base import ImportedDeck, ImportedNote
from flashcards.storage.decks.edit_deck_files import merge_deck, render_verified
from flashcards.storage.decks.reader import parse_deck

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
    st.none() | st.lists(st.sampled_from(LENIENCY_KINDS), max_size=2, unique=True).map(tuple),
)  # fmt: skip
DECKS = st.builds(ImportedDeck, TEXTS, st.lists(NOTES.map(ImportedNote), max_size=4).map(tuple), TEXTS, LISTS)


@settings(max_examples=100, deadline=None)
@given(st.lists(DECKS, min_size=1, max_size=3))
def test_what_is_sieved_can_be_written(decks: list[ImportedDeck]) -> None:
    """No note keeps the others of its deck from coming in, and none is lost unsaid."""
    for imported in merge_decks(decks):
        sieved = drop_invalid(imported)
        notes = tuple(n.note for n in sieved.notes.values())
        deck = Deck(sieved.deck.name, notes, description=sieved.deck.description, tags=sieved.deck.tags)
        text, _ = render_verified(deck, "d.yaml")
        again = merge_deck(text, "d.yaml", deck)
        assert (again.added, again.updated) == ((), ())
        assert len(imported.notes) == len(notes) + len(sieved.skipped) + sieved.duplicates
        assert sum(map(count_cards, notes)) == len(list(deck_cards(deck)))


def test_a_sentence_of_too_many_gaps_falls_through() -> None:
    """It would make as many cards, each as long as all of it; and a deck file cannot have it."""
    sentence = "".join(f"{{{{word {n}}}}} " for n in range(501))
    sieved = drop_invalid(ImportedDeck("d", (ImportedNote(Note(sentence, cloze=True)),)))
    assert not sieved.notes
    assert "more than 500 gaps" in sieved.skipped[0].reason
    deck, (problem,) = parse_deck(f"cards:\n- cloze: '{sentence}'\n".encode(), "d.yaml")
    assert deck is None
    assert "more than 500 gaps" in problem.message


def test_a_note_beyond_all_measure_is_skipped() -> None:
    """A million characters are a fault of whatever wrote the file, not a card."""
    deck = ImportedDeck("D", (ImportedNote(Note("a", "b" * 1_000_000)), ImportedNote(Note("c", "d"))))
    found = drop_invalid(deck)
    assert [item.note.front for item in found.notes.values()] == ["c"]
    assert [item.reason for item in found.skipped] == ["it has more than 1,000,000 characters of text"]
