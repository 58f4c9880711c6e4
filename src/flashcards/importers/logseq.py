"""Import Logseq pages with their schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from flashcards.core.cards import Note
from flashcards.core.cloze_brackets import separate_double_braces
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import (
    ImportedHistory,
    ImportedReview,
    ImportedSchedule,
    ImportResult,
    ImportSource,
    card_suffixes,
)
from flashcards.importers.markdown_notations import LOGSEQ_CARD_TAG, MARKDOWN_EXTENSIONS, notation_test
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import convert_parts, parse_date, parse_number, valid_note_id

TITLE = "Logseq page"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("logseq")

BLOCK_PATTERN = re.compile(r"(?P<indent>[ \t]*)- ?(?P<text>.*)")
PROPERTY_PATTERN = re.compile(r"\s*([A-Za-z][\w-]{0,60})::(?:\s+(.*))?")
TAG_PATTERN = re.compile(r"(?<!\S)#(?:\[\[([^\[\]\n]+)\]\]|([^\s#,\[\]]+))")
CLOZE_PATTERN = re.compile(r"\{\{cloze\s+((?:(?!\}\}).)+?)\s*\}\}")
MAX_DEPTH = 100


@dataclass(slots=True)
class _Block:
    """A block of a page: text, properties, and child blocks."""

    line: int
    depth: int
    lines: list[str]
    properties: dict[str, str] = field(default_factory=dict)
    children: list[_Block] = field(default_factory=list)

    @property
    def is_card(self) -> bool:
        """Whether it is a card."""
        return "card" in _property_tags(self.properties) or bool(LOGSEQ_CARD_TAG.search(self.lines[0]))


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards of a page; other blocks are ignored."""
    decks = DeckCollector(source, from_commonmark)
    decks.default_deck = decks.default_deck.replace("___", "::").replace("%2F", "::")
    for block in _parse_blocks(decks.read_lines()):
        if not block.is_card:
            if "card-next-schedule" in block.properties:
                decks.skip(block.line, "a schedule, but no #card")
            continue
        note = _make_note(block)
        decks.add_complete(note, _card_histories(block, note))
    return decks.result()


def _parse_blocks(lines: list[str]) -> Iterator[_Block]:
    """Yield every block of a page, once its children are known."""
    found: list[_Block] = []
    path: list[_Block] = []
    fences = FenceTracker()
    for number, line in enumerate(lines, 1):
        start = None if fences.open_fence else BLOCK_PATTERN.fullmatch(line)
        in_code = fences.is_in_fence(start["text"] if start else line)
        if start:
            depth = len(start["indent"].expandtabs(2))
            while path and (path[-1].depth >= depth or len(path) > MAX_DEPTH):
                path.pop()
            block = _Block(number, depth, [])
            if path:
                path[-1].children.append(block)
            path.append(block)
            found.append(block)
        text = start["text"].rstrip() if start else line
        if path and (named := None if in_code else PROPERTY_PATTERN.fullmatch(text)):
            path[-1].properties[named[1].casefold()] = (named[2] or "").strip()
        elif path:
            path[-1].lines.append(text if start else _without_indent(line, path[-1].depth, in_code=in_code))
    for block in found:
        block.lines = block.lines or [""]
    yield from found


def _without_indent(line: str, depth: int, *, in_code: bool) -> str:
    """Remove a block's indentation; code keeps what exceeds it."""
    if not in_code:
        return line.strip()
    width = 0
    while line[:1] in {" ", "\t"} and width < depth + 2:
        width, line = width + (2 if line[0] == "\t" else 1), line[1:]
    return line


def _make_note(block: _Block) -> Note:
    text = "\n".join(block.lines).strip()
    tags = tuple(one or two for one, two in TAG_PATTERN.findall(text))
    front = LOGSEQ_CARD_TAG.sub("", text).strip()
    tags += _property_tags(block.properties)
    for tag in TAG_PATTERN.finditer(front):
        if tag.end() == len(front) or tag.start() == 0:
            front = front.replace(tag[0], "", 1).strip()
    back = "\n".join(_list_lines(block.children, 0))
    if not CLOZE_PATTERN.search(front) and CLOZE_PATTERN.search(back):
        front, back = f"{front}\n\n{back}", ""  # gaps may be in a child block
    cloze = bool(CLOZE_PATTERN.search(front))
    return Note(
        _convert_gaps(front) if cloze else front,
        back.removeprefix("- ") if len(block.children) == 1 and "\n" not in back else back,
        id=valid_note_id(block.properties.get("id", "")),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag != "card")),
        cloze=cloze,
        line=block.line,
    )


def _property_tags(properties: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(re.findall(r"[^,#\[\]\s][^,#\[\]]*", properties.get("tags", "")))


def _list_lines(blocks: Sequence[_Block], depth: int) -> Iterator[str]:
    """Yield blocks as a list, without those that are cards."""
    for block in blocks:
        if block.is_card:
            continue
        pad = "  " * depth
        first, *more = "\n".join(block.lines).strip("\n").split("\n")
        yield f"{pad}- {first}"
        yield from (f"{pad}  {line}" for line in more)
        yield from _list_lines(block.children, depth + 1)


def _convert_gaps(text: str) -> str:
    """Convert gaps to ours; text after two backslashes is a hint."""
    hinted = any("\\\\" in match[1] for match in CLOZE_PATTERN.finditer(text))
    numbers = count(1)

    def convert_gap(match: re.Match[str]) -> str:
        body, _, hint = (part.strip() for part in match[1].partition("\\\\"))
        name = f"c{next(numbers)}::" if hinted else ""
        return "{{" + name + separate_double_braces(body) + (f"::{hint}" if hint else "") + "}}"

    return convert_parts(CLOZE_PATTERN, text, convert_gap, between=separate_double_braces)


def _card_histories(block: _Block, note: Note) -> Mapping[str, ImportedHistory]:
    """Return the histories of a block's cards; the last answer is the first's."""
    suffixes = card_suffixes(note)
    schedule, review = _read_schedule(block.properties), _last_review(block)
    return {
        name: ImportedHistory([review] if review and name == suffixes[0] else (), schedule)
        for name in suffixes
        if schedule or review
    }


def _read_schedule(properties: Mapping[str, str]) -> ImportedSchedule | None:
    due = parse_date(properties.get("card-next-schedule", "")[:10])
    interval = parse_number(properties.get("card-last-interval", ""))
    repeats = int(parse_number(properties.get("card-repeats", "")) or 0)
    if not due or not interval or interval <= 0 or repeats < 1:
        return None
    ease = parse_number(properties.get("card-ease-factor", "")) or 2.5
    return ImportedSchedule.rounded(due, interval, ease, repeats)


def _last_review(block: _Block) -> ImportedReview | None:
    score = parse_number(block.properties.get("card-last-score", ""))
    try:
        at = datetime.fromisoformat(block.properties.get("card-last-reviewed", ""))
    except ValueError:
        return None
    if not score or not 1 <= score <= 5 or at.tzinfo is None:
        return None
    own = block.properties.get("id", "") or block.lines[0]
    return ImportedReview(f"{own} {at.isoformat()}", at, int(score))
