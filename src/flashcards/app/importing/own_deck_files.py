"""Our own deck files among the formats that can be imported: read by the library's own reader."""

from __future__ import annotations

import re

from flashcards.core.cards import Deck
from flashcards.core.deck_yaml import settled
from flashcards.errors import DeckError, FlashcardsError
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Source
from flashcards.storage.decks.reader import LARGEST, read_deck
from flashcards.storage.index.sources import DECK_ENDINGS

YAML = "yaml"
LOOKED_AT = 65_536
"""Bytes from the start that tell a deck file."""
FIRST = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*+(?:---[ \t]*\r?\n)?"
    rb"(?:deck|description|tags|cards|reverse|type|list|lenient)\s*:"
)
UNNAMED = "Imported"


class OwnDecks:
    """The importer of deck files. Raises DeckError with every fault of a file."""

    TITLE = "flashcards deck"
    ENDINGS: tuple[str, ...] = DECK_ENDINGS

    def fits(self, source: Source) -> bool:
        """Tell a deck file by the ending of its own, or by its names: one of them stands first."""
        head = source.data[:LOOKED_AT]
        named = FIRST.match(head) and re.search(rb"^(?:\xef\xbb\xbf)?cards\s*:", head, re.MULTILINE)
        return bool(named) or source.ending in self.ENDINGS

    def read(self, source: Source) -> Brought:
        """Return the deck; each note says itself what its deck said for all."""
        path = source.name if source.stem else "standard input"
        if len(source.data) > LARGEST:
            raise FlashcardsError(f"{path}: it is larger than {LARGEST >> 20} MiB. Split it.")
        deck, problems = read_deck(source.data, path)
        if deck is None:
            raise DeckError(problems)
        name = UNNAMED if deck.name == "standard input" else deck.name
        bare = Deck(name, (), tags=deck.tags)
        notes = tuple(BroughtNote(settled(deck, bare, note)) for note in deck.notes)
        return Brought((BroughtDeck(name, notes, deck.description, deck.tags),))
