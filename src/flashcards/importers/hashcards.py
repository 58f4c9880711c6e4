r"""Import Markdown cards written Q: and A:, or C: with [gaps]: hashcards, repeater, our own.

A card ends at `---`, at the next Q: or C:, or with the file. A leading space escapes these markers, and
`\[` escapes a bracket. Fields of our own are in a comment before the card.
"""

import re
from dataclasses import dataclass, field

from flashcards.core.cards import Note
from flashcards.core.cloze_brackets import cloze_from_brackets
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.hashcards_metadata import COMMENT_PATTERN, NoteMetadata, parse_comment
from flashcards.importers.markdown_notations import MARKDOWN_EXTENSIONS, notation_test, parse_inline_pair
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.front_matter import read_front_matter

TITLE = "Markdown with Q: and A:"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("questions")

INLINE_PAIRS_REMARK = (
    "{} lines between its cards have :: in them, and were skipped; use --format obsidian to import them."
)
ESCAPED_MARKER = re.compile(r"^ ( *(?:[QAC]:|---[ \t]*$|<!-- flashcards: ))")


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards of a text; anything between them is ignored."""
    decks = DeckCollector(source)
    lines = decks.read_lines()
    about = read_front_matter(lines)
    decks.default_deck = about.first_text("name", "deck", "title") or decks.default_deck
    said = about.values.get("description")
    decks.description, decks.tags = said if isinstance(said, str) else "", about.word_list("tags")
    reader = _QuestionReader(decks)
    for number, line in enumerate(lines[about.line_count :], about.line_count + 1):
        reader.read_line(number, line)
    reader.finish_card()
    reader.finish_rest()
    if reader.pair_count:
        decks.remarks.append(INLINE_PAIRS_REMARK.format(reader.pair_count))
    return decks.result()


@dataclass(slots=True)
class _QuestionReader:
    """Reads a text line by line; `_sides` are those of the open card."""

    decks: DeckCollector
    pair_count: int = 0  # lines with :: that were skipped
    _sides: dict[str, list[str]] = field(default_factory=dict)
    _start_line: int = 0
    _metadata: NoteMetadata = field(default_factory=NoteMetadata)
    _next_metadata: NoteMetadata = field(default_factory=NoteMetadata)
    _open_side: str = ""
    _is_after_rule: bool = False
    _unread_text: tuple[int, str] | None = None

    def read_line(self, number: int, line: str) -> None:
        """Read a line."""
        start = line[:2]
        if line.strip() == "---" and line[0] == "-":
            self.finish_card()
            self.finish_rest()
            self._is_after_rule = True
        elif found := COMMENT_PATTERN.fullmatch(line.rstrip()):
            self.finish_card()
            self._next_metadata = parse_comment(found[1])
        elif start in {"Q:", "C:"}:
            self.finish_card()
            self._begin_card(start, number, line)
        elif start == "A:":
            self._begin_answer(number, line)
        elif self._open_side:
            self._sides[self._open_side].append(ESCAPED_MARKER.sub(r"\1", line))
        elif "::" in line and parse_inline_pair(line):
            self.pair_count += 1
        elif self._is_after_rule and line.strip() and not line.startswith("#"):
            self._unread_text = self._unread_text or (number, line.strip()[:40])

    def _begin_card(self, start: str, number: int, line: str) -> None:
        self._sides = {start: [line[2:].strip()]}
        self._start_line, self._open_side = number, start
        self._is_after_rule, self._unread_text = False, None
        self._metadata, self._next_metadata = self._next_metadata, NoteMetadata()

    def _begin_answer(self, number: int, line: str) -> None:
        if self._open_side == "Q:":
            self._sides["A:"] = [line[2:].strip()]
            self._open_side = "A:"
            return
        why = "an A: without its Q:" if not self._open_side else f"an A: inside of {self._open_side}"
        self.finish_card()
        self.decks.skip(number, f"{why} {line[2:].strip()[:60]}".rstrip())

    def finish_rest(self) -> None:
        """Report text that stands alone between rules."""
        if self._unread_text:
            number, line = self._unread_text
            why = f"text between the rules that makes no card, for it has no Q: or C: ({line})"
            self.decks.skip(number, why)
        self._unread_text = None

    def finish_card(self) -> None:
        """End the open card."""
        if self._open_side:
            deck = self._metadata.text_value("deck")
            self.decks.add_or_skip(self._start_line, self._make_note(), deck=deck)
        self._open_side, self._sides = "", {}

    def _make_note(self) -> Note | str:
        """Return the open card's note, or why there is none."""
        side = {name: from_commonmark("\n".join(lines).strip()) for name, lines in self._sides.items()}
        said, line = self._metadata, self._start_line
        if "C:" in side:
            sentence, why = said.text_value("cloze"), ""
            if not sentence:
                sentence, why = cloze_from_brackets(side["C:"])
            if not sentence:
                return why
            return said.make_note(sentence, said.text_value("back"), line, cloze=True)
        if not side["Q:"]:
            return "its question is empty"
        if not side.get("A:"):
            return "this question has no answer" if "A:" not in side else "its answer is empty"
        front, back = said.text_value("front", side["Q:"]), said.text_value("back", side["A:"])
        return said.make_note(front, back, line)
