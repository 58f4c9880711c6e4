"""Import Decks for Obsidian: headings with text, two-column tables, ==gaps==."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.markdown_notations import MARKDOWN_EXTENSIONS, notation_test
from flashcards.importers.obsidian.cloze import convert_gaps
from flashcards.importers.obsidian.vault_notes import clean_markup
from flashcards.importers.obsidian_settings import HIGHLIGHT_PATTERN, HIGHLIGHT_SIGN
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.front_matter import read_front_matter

TITLE = "notes of Decks for Obsidian (#decks)"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("decksmd")

CARD_ID = re.compile(r"[ \t]*%%dk:(\w+):([\w-]+)%%")
NO_SCHEDULES = (  # said where a card has an id: it gets one with its first answer
    "Dates and answers stay in the plug-in's own database, which is not read: these cards begin as new"
)
HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
HEADING_TAG = re.compile(r"(?<!\S)#([^\s#]+)")
CELL_END = re.compile(r"(?<!\\)\|")
TABLE_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")


def read_source(source: ImportSource) -> ImportResult:
    """Return a card per heading of the asking level, or per table row below it."""
    decks = DeckCollector(source, from_commonmark)
    lines = decks.read_lines()
    about = read_front_matter(lines)
    is_both_ways = True if about.first_text("reverse").casefold() == "true" else None
    for number, heading, body in _split_sections(lines, about.line_count):
        rows = [line.strip() for line in body if line.strip()]
        is_table = len(rows) > 2 and TABLE_RULE.fullmatch(rows[1]) and all("|" in row for row in rows)
        tags = tuple(HEADING_TAG.findall(heading))
        title = HEADING_TAG.sub("", heading).strip()
        for sides in map(_split_row, rows[2:]) if is_table else [(title, "\n".join(body), "")]:
            note = _make_note(*sides)._replace(tags=tags, line=number)
            note = note if note.cloze else note._replace(reverse=is_both_ways)
            decks.add_complete(note)
    if any("%%dk:" in line for line in lines):
        decks.remarks.append(NO_SCHEDULES)
    return decks.result()


def _split_sections(lines: Sequence[str], start: int) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the headings that ask, with line and text up to the next."""
    fences, found = FenceTracker(), list[tuple[int, int, str]]()
    for number, line in enumerate(lines[start:], start):
        if not fences.is_in_fence(line) and (begun := HEADING.fullmatch(line.rstrip())):
            found.append((number, len(begun[1]), begun[2]))
    levels = Counter(level for _, level, _ in found)
    asked = 2 if levels[2] else max(levels, key=levels.__getitem__, default=0)
    for number, level, heading in found:
        end = next((n for n, other, _ in found if n > number and other <= asked), len(lines))
        body = list(lines[number + 1 : end])
        if level == asked and any(map(str.strip, body)):
            yield number + 1, heading, body


def _split_row(row: str) -> tuple[str, str, str]:
    """Return question, answer and note of a table row."""
    front, back, more, *_ = (*CELL_END.split(row.removeprefix("|").removesuffix("|")), "", "", "")
    return front, back, more


def _make_note(front: str, back: str, more: str) -> Note:
    """Return a note with the plug-in's id; gaps in its answer make it a cloze."""
    ids = CARD_ID.findall(front + back)
    own = f"dk-{ids[0][0]}-{ids[0][1]}" if ids else ""
    front, back, more = (clean_markup(CARD_ID.sub("", text)) for text in (front, back, more))
    if HIGHLIGHT_PATTERN.search(back):
        sentence = convert_gaps(f"{front}\n\n{back}", {HIGHLIGHT_SIGN})
        return Note(sentence, id=own, cloze=True, remark=more)
    return Note(front, back, id=own, remark=more)
