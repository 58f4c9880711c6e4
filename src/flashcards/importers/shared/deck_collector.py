"""Collect the notes of a source into decks."""

from collections.abc import Callable, Mapping

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers.base import (
    NO_HISTORIES,
    ImportedDeck,
    ImportedHistory,
    ImportedNote,
    ImportResult,
    ImportSource,
    SkippedItem,
)
from flashcards.importers.shared.source_text import decode_text, display_name

MAX_NOTES = 3_000_000
DEFAULT_DECK_NAME = "Imported"


class DeckCollector:
    """Reads the text of a source, and collects notes into decks, converting their texts."""

    def __init__(self, source: ImportSource, convert_text: Callable[[str], str] | None = None) -> None:
        self.source, self._convert_text = source, convert_text
        self.default_deck = source.stem or DEFAULT_DECK_NAME
        self.description, self.tags = "", tuple[str, ...]()  # of the default deck
        self.remarks: list[str] = []
        self._skipped: list[SkippedItem] = []
        self._notes: dict[str, list[ImportedNote]] = {}
        self._remaining_notes = MAX_NOTES

    def read_text(self, *, newlines: bool = True) -> str:
        """Return the text of the source, as `decode_text` does; remark on its decoding."""
        text, remarks = decode_text(self.source, newlines=newlines)
        self.remarks += remarks
        return text

    def read_lines(self) -> list[str]:
        """Return the lines of the source's text."""
        return self.read_text().split("\n")

    def add_note(
        self, note: Note, histories: Mapping[str, ImportedHistory] = NO_HISTORIES, *, deck: str = ""
    ) -> None:
        """Add a note to a deck. Raises FlashcardsError if there are too many."""
        self._remaining_notes -= 1
        if self._remaining_notes < 0:
            raise FlashcardsError(f"This has more than {MAX_NOTES:,} cards. Split the file.")
        if convert := self._convert_text:
            note = note._replace(front=convert(note.front), back=convert(note.back))
        self._notes.setdefault(deck or self.default_deck, []).append(ImportedNote(note, histories))

    def __len__(self) -> int:
        return sum(map(len, self._notes.values()))

    def add_complete(
        self, note: Note, histories: Mapping[str, ImportedHistory] = NO_HISTORIES, *, deck: str = ""
    ) -> None:
        """Add a note with both sides; skip any other."""
        if note.front and (note.back or note.cloze):
            self.add_note(note, histories, deck=deck)
        else:
            self.skip(note.line, f"its {'answer' if note.front else 'question'} is empty")

    def add_or_skip(self, line: int, made: Note | str, *, deck: str = "") -> None:
        """Add a note, or record why a line of the source makes none."""
        if isinstance(made, str):
            self.skip(line, made)
        else:
            self.add_note(made, deck=deck)

    def skip(self, line: int, why: str) -> None:
        """Record what was left out, at a line of the source."""
        self._skipped.append(SkippedItem(f"{display_name(self.source)}:{line}", why))

    def result(self) -> ImportResult:
        """Return all that was collected, decks in order of their first notes."""
        about = {self.default_deck: (self.description, self.tags)}
        decks = (
            ImportedDeck(name, tuple(notes), *about.get(name, ())) for name, notes in self._notes.items()
        )
        return ImportResult(tuple(decks), tuple(self._skipped), tuple(self.remarks))
