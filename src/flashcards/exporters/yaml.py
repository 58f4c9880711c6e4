"""Export deck files."""

from collections.abc import Mapping
from dataclasses import replace

from flashcards.core.clean_text import drop_control_characters
from flashcards.core.deck_yaml import render_deck
from flashcards.exporters.base import ExportJob, name_deck_files

TITLE = "deck files (YAML)"
EXTENSIONS = (".yaml", ".yml")
ALLOWS_STDOUT = True
INCLUDES_HISTORY = False


def render_files(job: ExportJob) -> Mapping[str, bytes]:
    """Return a file for each deck, without control characters, which import refuses."""
    decks = (
        replace(deck, notes=tuple(note.map_texts(drop_control_characters) for note in deck.notes))
        for deck in job.decks
    )
    return {name: render_deck(deck).encode("utf-8", "replace") for name, deck in name_deck_files(decks)}
