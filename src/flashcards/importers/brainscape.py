"""Import the copied text of a Brainscape page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.core.cards import Note
from flashcards.core.format_count import format_count
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.html.escaping import plain_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

TITLE = "Brainscape page"
EXTENSIONS: tuple[str, ...] = ()

CARD_COUNT = re.compile(r"\(?(\d{1,6}) cards?\)?", re.IGNORECASE)
RATING_QUESTION = "how well did you know this?"
RATING_SCALE = ("1", "not at all", "2", "3", "4", "5", "perfectly")
NUMBERED_QA = re.compile(r"^\d{1,6}\n+Q\n(?:.*\n){1,60}?A$", re.MULTILINE)
NUMBERED_PAIR = re.compile(r"^\d{1,6}\n(?!Q\n)[^\n]+\n[^\n]+\n+\d{1,6}$", re.MULTILINE)
MAX_LIST_ITEM_LENGTH = 300  # characters of a paragraph that may become a list item


def recognises(source: ImportSource) -> bool:
    """Recognise a page by its numbered Q and A, or its rating scale."""
    if source.extension not in PLAIN_TEXT_EXTENSIONS:
        return False
    lines = "\n".join(line.strip() for line in read_head(source).split("\n"))
    if NUMBERED_QA.search(lines):
        return True
    has_signs = CARD_COUNT.search(lines[:2000]) or RATING_QUESTION in lines.casefold()
    return bool(has_signs and NUMBERED_PAIR.search(lines))


def read_source(source: ImportSource) -> ImportResult:
    """Return the page's cards; answers of several paragraphs become lists."""
    decks = DeckCollector(source)
    page = _PageReader(decks, [line.strip() for line in decks.read_lines()])
    for note in page.read_notes():
        decks.add_note(note, deck=page.title)
    if page.stated_count not in {0, len(decks)}:
        stated = format_count(page.stated_count, "card")
        decks.remarks.append(f"The page says that it has {stated}; {len(decks)} found.")
    return decks.result()


@dataclass(slots=True)
class _PageReader:
    """Reads a page from top to bottom; `position` is the next line's index."""

    decks: DeckCollector
    lines: list[str]
    position: int = 0
    title: str = ""
    stated_count: int = 0

    def read_notes(self) -> Iterator[Note]:
        """Yield the cards of the page, after its title."""
        number = self._read_heading()
        while self.position < len(self.lines):
            if not self._is_card_start(self.position, number):
                self._skip_stray_line()
                continue
            start, first = self.position, self._skip_blank_lines(self.position + 1)
            self.position = first + 1
            is_asked = self.lines[first] == "Q"
            front = self._read_question(number + 1) if is_asked else [self.lines[first]]
            back = self._read_answer(number + 1)
            number += 1
            if front and back:
                yield Note("\n\n".join(_split_paragraphs(front)), _format_answer(back), line=start + 1)
            else:
                why = f"card {number - 1} has no {'answer' if front else 'question'}"
                self.decks.skip(start + 1, why)

    def _read_heading(self) -> int:
        """Read what precedes the first card; return its number."""
        while self.position < len(self.lines):
            line = self.lines[self.position]
            if line.isdecimal() and len(line) < 7 and self._is_card_start(self.position, int(line)):
                return int(line)
            if found := CARD_COUNT.fullmatch(line):
                self.stated_count = int(found[1])
            elif line and not self.title:
                self.title = line
            self.position += 1
        return 1

    def _skip_blank_lines(self, from_line: int) -> int:
        while from_line < len(self.lines) and not self.lines[from_line]:
            from_line += 1
        return from_line

    def _is_card_start(self, place: int, number: int) -> bool:
        """Tell whether this card begins here, with Q or two lines."""
        if self.lines[place] != str(number):
            return False
        texts = self._texts_after(place)
        first, second = next(texts, ""), next(texts, "")
        return first == "Q" or (second != "" and first.casefold() not in RATING_SCALE)

    def _texts_after(self, place: int) -> Iterator[str]:
        """Yield the lines after a place, without blank ones."""
        return (self.lines[i] for i in range(place + 1, len(self.lines)) if self.lines[i])

    def _read_question(self, number: int) -> list[str]:
        """Read up to the A, or up to the next card if there is none."""
        start = self.position
        while self.position < len(self.lines) and self.lines[self.position] != "A":
            if self._is_card_start(self.position, number):
                return self.lines[start : self.position]
            self.position += 1
        self.position += 1
        return self.lines[start : self.position - 1]

    def _read_answer(self, number: int) -> list[str]:
        """Read an answer, and skip the rating scale below it."""
        start = self.position = self._skip_blank_lines(self.position)
        while self.position < len(self.lines):
            line = self.lines[self.position]
            if line.casefold() == RATING_QUESTION:
                answer = self.lines[start : self.position]
                self._skip_rating_scale()
                return answer
            follows = self.position > start or next(self._texts_after(start), "") == "Q"
            if follows and self._is_card_start(self.position, number):
                break
            self.position += 1
        return self.lines[start : self.position]

    def _skip_rating_scale(self) -> None:
        self.position += 1
        for step in RATING_SCALE:
            place = self._skip_blank_lines(self.position)
            if place < len(self.lines) and self.lines[place].casefold() == step:
                self.position = place + 1

    def _skip_stray_line(self) -> None:
        line, self.position = self.lines[self.position], self.position + 1
        if line:
            self.decks.skip(self.position, f"not part of a card: {line[:60]}")


def _split_paragraphs(lines: Sequence[str]) -> list[str]:
    text = plain_to_markdown("\n".join(lines))
    return [" ".join(part.split("\n")) for part in re.split(r"\n\n+", text.strip("\n")) if part]


def _format_answer(lines: Sequence[str]) -> str:
    """Join paragraphs; several short ones become a list."""
    found = _split_paragraphs(lines)
    if len(found) > 1 and all(len(part) <= MAX_LIST_ITEM_LENGTH for part in found):
        return "\n".join(f"- {part}" for part in found)
    return "\n\n".join(found)
