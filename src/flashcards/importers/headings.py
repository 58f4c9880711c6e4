"""Import Markdown with questions as headings."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.markdown_notations import QUESTION_MARKS, heading_text, notation_test
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.front_matter import read_front_matter

TITLE = "Markdown with questions as headings"
EXTENSIONS: tuple[str, ...] = ()
recognises = notation_test("headings")


def read_source(source: ImportSource) -> ImportResult:
    """Return a card per heading with text; a first empty one is the title."""
    decks = DeckCollector(source, from_commonmark)
    lines = decks.read_lines()
    about = read_front_matter(lines)
    deck = about.first_text("name", "deck", "title")
    for number, heading, back in _split_sections(lines, about.line_count):
        if back:
            decks.add_note(Note(heading, back, line=number), deck=deck)
        elif not deck and not len(decks):
            deck = heading
        elif heading.endswith(QUESTION_MARKS):
            decks.skip(number, "no answer below it")
    return decks.result()


def _split_sections(lines: Sequence[str], start: int) -> Iterator[tuple[int, str, str]]:
    """Yield the headings outside code, with line and text up to the next."""
    fences = FenceTracker()
    titles = ("" if fences.is_in_fence(line) else heading_text(line) for line in lines[start:])
    starts = [(place, title) for place, title in enumerate(titles, start) if title]
    for (place, title), (end, _) in pairwise([*starts, (len(lines), "")]):
        yield place + 1, title, "\n".join(lines[place + 1 : end]).strip()
