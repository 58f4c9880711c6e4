"""Importer for flashcards' own deck files."""

import re

from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.errors import DeckError, FlashcardsError
from flashcards.importers.base import ImportedDeck, ImportedNote, ImportResult, ImportSource
from flashcards.importers.shared.deck_collector import DEFAULT_DECK_NAME
from flashcards.storage.decks.deck_warnings import parse_with_warnings
from flashcards.storage.decks.reader import MAX_DECK_BYTES
from flashcards.storage.index.library_files import DECK_SUFFIXES

YAML = "yaml"
HEAD_BYTES = 65_536  # bytes examined to recognise a deck file
DECK_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*+(?:---[ \t]*\r?\n)?"
    rb"(?:deck|description|tags|cards|reverse|type|list|lenient)\s*:"
)


class DeckFileImporter:
    """Imports deck files. Raises DeckError with all faults of a file."""

    TITLE = "flashcards deck"
    EXTENSIONS: tuple[str, ...] = DECK_SUFFIXES

    def recognises(self, source: ImportSource) -> bool:
        """Recognise a deck file by its extension, or its first key."""
        head = source.data[:HEAD_BYTES]
        named = DECK_START.match(head) and re.search(rb"^(?:\xef\xbb\xbf)?cards\s*:", head, re.MULTILINE)
        return bool(named) or source.extension in self.EXTENSIONS

    def read_source(self, source: ImportSource) -> ImportResult:
        """Return the deck, with the deck's options written into each note."""
        path = source.name if source.stem else "standard input"
        if len(source.data) > MAX_DECK_BYTES:
            raise FlashcardsError(f"{path}: larger than {MAX_DECK_BYTES >> 20} MiB. Split the file.")
        deck, problems, warnings = parse_with_warnings(source.data, path)
        problems += [warning for warning in warnings if not warning.is_warning]
        if deck is None or problems:
            raise DeckError(problems)
        name = DEFAULT_DECK_NAME if deck.name == "standard input" else deck.name
        bare = Deck(name, (), tags=deck.tags)
        notes = tuple(ImportedNote(adapt_note_to_deck(deck, bare, note)) for note in deck.notes)
        remarks = tuple(f"{path}:{warning.line}: {warning.message}" for warning in warnings)
        return ImportResult((ImportedDeck(name, notes, deck.description, deck.tags),), remarks=remarks)
