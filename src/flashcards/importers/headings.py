"""Import Markdown with questions as headings."""

from __future__ import annotations

from dataclasses import dataclass, field

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportedNote, ImportResult, ImportSource
from flashcards.importers.markdown_notations import QUESTION_MARKS, detect_notation, heading_text
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.front_matter import read_front_matter
from flashcards.importers.shared.source_text import DeckCollector, decode_text, default_deck_name

TITLE = "Markdown with questions as headings"
EXTENSIONS: tuple[str, ...] = ()


def recognises(source: ImportSource) -> bool:
    """Recognise a text if half of its headings are questions."""
    return detect_notation(source) == "headings"


def read_source(source: ImportSource) -> ImportResult:
    """Return a card per heading with text; a first empty one is the title."""
    text = decode_text(source)
    lines = text.text.split("\n")
    head_values = read_front_matter(lines)
    reader = _HeadingReader(
        DeckCollector(source, from_commonmark), head_values.first_text("name", "deck", "title")
    )
    for number, line in enumerate(lines[head_values.line_count :], head_values.line_count + 1):
        reader.read_line(number, line)
    reader.finish_card()
    return reader.decks.result(text.remarks)


@dataclass(slots=True)
class _HeadingReader:
    """Reads lines; a heading outside code ends the last card."""

    decks: DeckCollector
    deck: str
    _heading: str = ""
    _start_line: int = 0
    _body: list[str] = field(default_factory=list)
    _fences: FenceTracker = field(default_factory=FenceTracker)

    def read_line(self, number: int, line: str) -> None:
        """Read a line."""
        heading = "" if self._fences.is_in_fence(line) else heading_text(line)
        if heading:
            self.finish_card()
            self._heading, self._start_line, self._body = heading, number, []
        elif self._heading:
            self._body.append(line)

    def finish_card(self) -> None:
        """End the open card."""
        back = "\n".join(self._body).strip()
        if self._heading and back:
            note = Note(self._heading, back, line=self._start_line)
            self.decks.add_note(self.deck or default_deck_name(self.decks.source), ImportedNote(note))
        elif self._heading and not self.deck and not len(self.decks):
            self.deck = self._heading
        elif self._heading.endswith(QUESTION_MARKS):
            self.decks.skip(self._start_line, "no answer below it")
        self._heading = ""
