"""CrowdAnki's decks: notes by their note types, decks below decks."""

from __future__ import annotations

import json

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers import crowdanki
from flashcards.importers.import_formats import load_all_importers, recognise_format
from sources import left_out, notes, sides, text

BASIC = {
    "__type__": "NoteModel", "crowdanki_uuid": "m1", "name": "Basic (both)", "type": 0, "css": "",
    "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}, {"name": "Reverse", "ord": 2}],
    "tmpls": [
        {"name": "Card 2", "ord": 1, "qfmt": "{{#Reverse}}{{Back}}{{/Reverse}}", "afmt": "{{Front}}"},
        {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
    ],
}  # fmt: skip
DECK = {
    "__type__": "Deck", "name": "Capitals", "desc": "Of <b>countries</b>", "note_models": [BASIC],
    "notes": [
        {"__type__": "Note", "fields": ["Peru", "<b>Lima</b>", ""], "guid": "g1", "note_model_uuid": "m1",
         "tags": ["south"]},
        {"__type__": "Note", "fields": ["Chile", "Santiago", "y"], "guid": "g2", "note_model_uuid": "m1"},
        {"__type__": "Note", "fields": ["", "nowhere", ""], "guid": "g3", "note_model_uuid": "m1"},
        {"__type__": "Note", "fields": ["x", "y", ""], "guid": "g4", "note_model_uuid": "gone"},
    ],
    "children": [
        {"__type__": "Deck", "name": "Asia", "children": [], "notes": [
            {"__type__": "Note", "fields": ["Japan", "Tokyo", ""], "guid": "g5", "note_model_uuid": "m1"}]},
    ],
}  # fmt: skip


def test_decks_with_what_is_below_them() -> None:
    """A template makes a card where its front says something, as in Anki; what makes none is told."""
    source = text(json.dumps(DECK), "crowd/deck.json")
    assert recognise_format(source, load_all_importers()) == "crowdanki"
    imported = crowdanki.read_source(source)
    assert [deck.name for deck in imported.decks] == ["Capitals", "Capitals::Asia"]
    assert imported.decks[0].description == "Of **countries**"
    assert sides(imported) == [("Peru", "**Lima**"), ("Chile", "Santiago"), ("Japan", "Tokyo")]
    assert [note.reverse for note in notes(imported)] == [None, True, None]
    assert notes(imported)[0].id == "anki-g1"
    assert notes(imported)[0].tags == ("south",)
    assert [where for where, _ in left_out(imported)] == ["Capitals, note 'g3'", "Capitals, note 'g4'"]


@pytest.mark.parametrize(
    "content", ['{"__type__": "Deck", "note_models": [', '{"__type__": "Deck", "notes": [1]}']
)
def test_a_torn_deck_is_named(content: str) -> None:
    """It says that the deck is damaged, and how to get another."""
    with pytest.raises(FlashcardsError, match="Export it again"):
        crowdanki.read_source(text(content, "deck.json"))
