"""Import Markdown cards of Obsidian's spaced repetition plug-in.

`front::back`, `front:::back` (both ways), `?` and `??` between lines, ==gaps== in a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource, card_suffixes
from flashcards.importers.markdown_notations import (
    MARKDOWN_EXTENSIONS,
    SCHEDULE_COMMENT,
    notation_test,
    parse_inline_pair,
)
from flashcards.importers.obsidian.cloze import convert_gaps, gap_signs_in
from flashcards.importers.obsidian.schedule import card_histories
from flashcards.importers.obsidian_settings import USUAL_TAGS, CardSigns
from flashcards.importers.shared.code_fences import FenceTracker, lines_outside_code
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.front_matter import read_front_matter

TITLE = "Markdown with :: or ? (Obsidian spaced repetition)"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("inline")

LIST_MARKER = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s+(?:\[.\]\s+)?")
BLOCK_ID = re.compile(r"[ \t]\^[A-Za-z0-9-]+$", re.MULTILINE)
EMBEDDED_FILE = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]\n]+)\]\]")
TAG_PATTERN = re.compile(r"(?<![\w&/])#[^\s#]*[^\W\d][^\s#]*")
HTML_COMMENT = re.compile(r"<!--(?!SR:).*?(?:-->|\Z)")
UNREAD_SIGN = re.compile(r"^:::?(?=\s*\S)|(?<=\S):::?\s*$|(?<!\S)==(?=\w)|(?<=\w)==(?!\S)")
FOREIGN_BLOCK = re.compile(r"START$|STARTI ")
NUMBERED_SUFFIX = re.compile(r"/c\d{1,3}")
CALLOUT = "> [!sr|card-metadata]"  # the line before a schedule that the plug-in folds away


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards among the notes; other text is ignored."""
    decks, signs = DeckCollector(source, from_commonmark), source.signs
    lines = decks.read_lines()
    about = read_front_matter(lines)
    blocks = list(_split_paragraphs(lines, about.line_count, signs))
    reader = _ParagraphReader(decks, decks.default_deck, signs, _gap_signs(blocks, signs))
    for tag in about.word_list("tags"):
        reader.switch_deck(f"#{tag.removeprefix('#')}")
    for number, block in blocks:
        reader.read_paragraph(number, block)
    decks.remarks += [f"Gaps marked as {pattern} make no cards here" for pattern in signs.unread_gaps]
    return decks.result()


def _split_paragraphs(lines: list[str], start: int, signs: CardSigns) -> Iterator[tuple[int, list[str]]]:
    """Yield the paragraphs with their first line's number; code stays whole."""
    block, first_line, fences, hidden = list[str](), 0, FenceTracker(), False
    for place in range(start, len(lines)):
        line = lines[place].rstrip()
        if line.startswith(CALLOUT) and place + 1 < len(lines):
            line = lines[place + 1].removeprefix("> ").rstrip()
        elif line.startswith("> <!--SR:"):
            line = ""
        if not fences.open_fence and (hidden or "<!--" in line):
            line, hidden = _remove_comments(line, in_comment=hidden)
            if not line:
                continue
        code = fences.is_in_fence(line)
        is_end = bool(signs.end_line) and not fences.open_fence and line.strip() == signs.end_line
        goes_on = bool(signs.end_line) and not line and _is_open_card(block, signs)
        if not is_end and (line or code or goes_on):
            first_line = first_line if block else place + 1
            block.append(line)
        ends = is_end or not (line or goes_on) or SCHEDULE_COMMENT.search(line)
        if block and not fences.open_fence and ends:
            yield first_line, block
            block = []
    if block:
        yield first_line, block


def _is_open_card(block: list[str], signs: CardSigns) -> bool:
    """Tell whether a card goes on until its own end line."""
    if any(line.strip() in signs.between_lines for line in block[1:]):
        return True
    return signs.has_gap("\n".join(lines_outside_code(block))) and not _is_plain_card(block, signs)


def _remove_comments(line: str, *, in_comment: bool) -> tuple[str, bool]:
    """Return a line without comments, and whether one goes on."""
    if in_comment:
        _, ended, line = line.partition("-->")
        if not ended:
            return "", True
    opened = line.rfind("<!--")
    return HTML_COMMENT.sub("", line).rstrip(), opened >= 0 and "-->" not in line[opened:]


def _gap_signs(blocks: Sequence[tuple[int, list[str]]], signs: CardSigns) -> frozenset[str]:
    """Return the marks of gaps: the usual ones, and those of scheduled paragraphs."""
    found = set(signs.gaps)
    for _, lines in () if signs.are_gaps_set else blocks:
        text = "\n".join(lines)
        if SCHEDULE_COMMENT.search(text) and not _is_plain_card(lines, signs):
            found |= set(gap_signs_in(text)[:1])
    return frozenset(found)


def _is_plain_card(lines: list[str], signs: CardSigns) -> bool:
    """Recognise a card without gaps."""
    return any(line.strip() in signs.between_lines or parse_inline_pair(line, signs) for line in lines)


@dataclass(slots=True)
class _ParagraphReader:
    """Finds the cards of paragraphs."""

    decks: DeckCollector
    deck: str
    signs: CardSigns
    gap_signs: frozenset[str]
    _is_in_foreign_block: bool = False

    def switch_deck(self, line: str) -> None:
        """Switch to the deck that a line's tag names, if any."""
        if found := self.signs.tags.search(line):
            self.deck = self._deck_from_tag(found[0])

    def read_paragraph(self, number: int, lines: list[str]) -> None:
        """Read a paragraph: one card of several lines, or one per line."""
        number, lines = self._without_foreign_blocks(number, lines)
        while lines and TAG_PATTERN.sub("", lines[0]).strip() == "" and not lines[0].startswith("```"):
            self.switch_deck(lines[0])
            number, lines = number + 1, lines[1:]
        if not lines:
            return
        turn = next((i for i, line in enumerate(lines) if line.strip() in self.signs.between_lines), -1)
        paired = [i for i, line in enumerate(lines) if parse_inline_pair(line, self.signs)]
        if turn >= 0 and not any(i < turn for i in paired):
            self._read_multiline_card(number, lines, turn)
        elif paired and not lines[0].startswith(("```", "~~~")):
            self._read_inline_cards(number, lines)
        elif lines[0].startswith(("```", "~~~")):
            return
        elif not self.gap_signs.isdisjoint(gap_signs_in("\n".join(lines_outside_code(lines)))):
            self._read_cloze_card(number, lines)
        elif SCHEDULE_COMMENT.search("\n".join(lines)):
            self.decks.skip(number, "a schedule without a card")
        else:
            for place, line in enumerate(lines, number):
                self._read_other_line(place, line)

    def _read_other_line(self, number: int, line: str) -> None:
        """Take a line that is no card: its tag names the deck of the cards below it."""
        self.switch_deck(line)
        found = UNREAD_SIGN.search(line)
        if found and found[0].strip() in (*self.signs.inline, *self.gap_signs):
            self.decks.skip(
                number, f"{found[0].strip()} is the sign of a card, and one side of it is missing"
            )

    def _without_foreign_blocks(self, number: int, lines: list[str]) -> tuple[int, list[str]]:
        """Return a paragraph and its line without other plug-ins' blocks, which are reported."""
        kept = list[tuple[int, str]]()
        for place, line in enumerate(lines, number):
            if FOREIGN_BLOCK.match(line):
                why = "a START/END block of Obsidian_to_Anki makes no card here"
                self.decks.skip(place, why)
                self._is_in_foreign_block = not line.endswith("ENDI")
            elif self._is_in_foreign_block:
                self._is_in_foreign_block = line != "END"
            else:
                kept.append((place, line))
        return (kept[0][0] if kept else number), [line for _, line in kept]

    def _read_multiline_card(self, number: int, lines: list[str], turn: int) -> None:
        body, schedule = _split_schedule("\n".join(lines[turn + 1 :]))
        front, deck = self._split_deck_tag("\n".join(lines[:turn]))
        both = self.signs.between_lines[lines[turn].strip()]
        self._add_note(number, deck, Note(clean_markup(front), clean_markup(body), reverse=both), schedule)

    def _read_inline_cards(self, number: int, lines: list[str]) -> None:
        for place, line in enumerate(lines):
            found = parse_inline_pair(line, self.signs)
            if not found:
                self._read_other_line(number + place, line)
                continue
            front, back, both_ways = found
            back, schedule = _split_schedule(back)
            if not schedule and place + 1 < len(lines):
                schedule = _split_schedule(lines[place + 1])[1]
            front, deck = self._split_deck_tag(LIST_MARKER.sub("", front, count=1))
            note = Note(clean_markup(front), clean_markup(back), reverse=both_ways)
            self._add_note(number + place, deck, note, schedule)

    def _read_cloze_card(self, number: int, lines: list[str]) -> None:
        body, schedule = _split_schedule("\n".join(lines))
        text, deck = self._split_deck_tag(body)
        self._add_note(
            number, deck, Note(convert_gaps(clean_markup(text), self.gap_signs), cloze=True), schedule
        )

    def _split_deck_tag(self, text: str) -> tuple[str, str]:
        """Split a deck tag off a text; return the text and the deck."""
        found = self.signs.tags.match(text.strip())
        if not found:
            return text, self.deck
        return text.strip()[found.end() :], self._deck_from_tag(found[0])

    def _deck_from_tag(self, tag: str) -> str:
        """Return the deck of a tag: #flashcards/a/b is a::b, #maths/a is maths::a."""
        parts = [part for part in tag.removeprefix("#").split("/") if part]
        if self.signs.decks_by_folder:
            return self.deck
        return "::".join(parts[f"#{parts[0]}" in USUAL_TAGS :]) or self.deck

    def _add_note(self, line: int, deck: str, note: Note, schedule: str) -> None:
        note = note._replace(line=line)
        self.decks.add_complete(note, card_histories(_card_suffixes(note), schedule), deck=deck)


def _card_suffixes(note: Note) -> list[str]:
    """Return the id suffixes of a note's cards, in the schedule's order."""
    suffixes = card_suffixes(note)
    numbered = all(map(NUMBERED_SUFFIX.fullmatch, suffixes))
    return sorted(suffixes, key=lambda suffix: int(suffix[2:])) if numbered else suffixes


def _split_schedule(text: str) -> tuple[str, str]:
    found = SCHEDULE_COMMENT.search(text)
    return (SCHEDULE_COMMENT.sub("", text), found["all"]) if found else (text, "")


def clean_markup(text: str) -> str:
    """Remove Obsidian's own markup: block ids and links between notes."""
    text = BLOCK_ID.sub("", text)
    text = EMBEDDED_FILE.sub(lambda found: f"![](<{found[1].strip()}>)", text)
    return WIKI_LINK.sub(r"\1", text).strip()
