"""Files that other programs write, as sources; and what came of them, short enough to compare."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from flashcards.core.cards import Note
from flashcards.importers.base import ImportedHistory, ImportResult, ImportSource

SAMPLES = Path(__file__).parent / "data" / "imports"


def sample(name: str) -> ImportSource:
    """Return a sample file as a source that goes by its bare name."""
    return ImportSource(name, (SAMPLES / name).read_bytes())


def text(content: str, name: str = "notes.txt") -> ImportSource:
    """Return text as a source."""
    return ImportSource(name, content.encode())


def notes(imported: ImportResult) -> list[Note]:
    """Return all notes of all decks, in their order."""
    return [one.note for deck in imported.decks for one in deck.notes]


def sides(imported: ImportResult) -> list[tuple[str, str]]:
    """Return the front and the back of every note."""
    return [(note.front, note.back) for note in notes(imported)]


def imported_histories(imported: ImportResult) -> list[dict[str, ImportedHistory]]:
    """Return the lives of every note."""
    return [dict(one.histories) for deck in imported.decks for one in deck.notes]


def left_out(imported: ImportResult) -> list[tuple[str, str]]:
    """Return where and why something did not come in."""
    return [(piece.location, piece.reason) for piece in imported.skipped]


def read(importer: ModuleType, content: str, name: str = "notes.txt") -> ImportResult:
    """Read text with an importer."""
    imported: ImportResult = importer.read_source(text(content, name))
    return imported
