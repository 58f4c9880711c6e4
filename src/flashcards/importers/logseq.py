"""Logseq's pages: blocks tagged #card ask, those below them answer; properties are the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flashcards.core.cards import SIBLING, Note
from flashcards.core.cloze import keys
from flashcards.core.cloze_brackets import calm
from flashcards.importers.base import Brought, BroughtNote, Life, PastReview, Source, Standing
from flashcards.importers.notations import LOGSEQ, LOGSEQ_CARD, MARKDOWN_ENDINGS, notation
from flashcards.importers.shared.code_fences import Fences
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, identifier, skipped

TITLE = "Logseq page"
ENDINGS = MARKDOWN_ENDINGS

BLOCK = re.compile(r"(?P<indent>[ \t]*)- ?(?P<text>.*)")
PROPERTY = re.compile(r"\s*([A-Za-z][\w-]{0,60})::(?:\s+(.*))?")
TAG = re.compile(r"(?<!\S)#(?:\[\[([^\[\]\n]+)\]\]|([^\s#,\[\]]+))")
CLOZE = re.compile(r"\{\{cloze\s+((?:(?!\}\}).)+?)\s*\}\}")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DEEPEST = 100


@dataclass(slots=True)
class _Block:
    """A block of a page: its text, what it says of itself, and the blocks below it."""

    line: int
    depth: int
    lines: list[str]
    said: dict[str, str] = field(default_factory=dict)
    below: list[_Block] = field(default_factory=list)

    @property
    def is_card(self) -> bool:
        """Whether it is asked."""
        return bool(LOGSEQ_CARD.search(self.lines[0]))


def fits(source: Source) -> bool:
    """Tell a page by its blocks with #card."""
    return notation(source) == LOGSEQ


def read(source: Source) -> Brought:
    """Return the cards of a page; all other blocks are left."""
    text = decoded(source)
    decks, left_out = Decks(), []
    deck = deck_name(source).replace("___", "::").replace("%2F", "::")
    for block in _blocks(text.text.split("\n")):
        if not block.is_card:
            continue
        note = _note(block)
        if not note.front or not (note.back or note.cloze):
            why = "its answer is empty" if note.front else "its question is empty"
            left_out.append(skipped(source, block.line, why))
        else:
            decks.add(deck, BroughtNote(note, _lives(block, note)))
    return Brought(decks.all(), tuple(left_out), (*text.remarks, *decks.remarks()))


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """Yield every block of a page, in its order, once all below it is known."""
    found: list[_Block] = []
    path: list[_Block] = []
    fences = Fences()
    for number, line in enumerate(lines, 1):
        start = None if fences.inside else BLOCK.fullmatch(line)
        fences.holds(start["text"] if start else line)
        if start:
            depth = len(start["indent"].expandtabs(2))
            while path and (path[-1].depth >= depth or len(path) > DEEPEST):
                path.pop()
            block = _Block(number, depth, [start["text"].rstrip()])
            if path:
                path[-1].below.append(block)
            path.append(block)
            found.append(block)
        elif path and (said := None if fences.inside else PROPERTY.fullmatch(line)):
            path[-1].said[said[1].casefold()] = (said[2] or "").strip()
        elif path:
            path[-1].lines.append(line.strip() if not fences.inside else line)
    yield from found


def _note(block: _Block) -> Note:
    text = "\n".join(block.lines).strip()
    tags = tuple(one or two for one, two in TAG.findall(text))
    front = LOGSEQ_CARD.sub("", text).strip()
    for tag in TAG.finditer(front):
        if tag.end() == len(front) or tag.start() == 0:
            front = front.replace(tag[0], "", 1).strip()
    back = "\n".join(_listed(block.below, 0))
    cloze = bool(CLOZE.search(front))
    return Note(
        _with_gaps(front) if cloze else front,
        back.removeprefix("- ") if len(block.below) == 1 and "\n" not in back else back,
        id=identifier(block.said.get("id", "")),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag != "card")),
        cloze=cloze,
        line=block.line,
    )


def _listed(blocks: Sequence[_Block], level: int) -> Iterator[str]:
    """Yield blocks as a list, those that are cards of their own left out."""
    for block in blocks:
        if block.is_card:
            continue
        pad = "  " * level
        first, *more = "\n".join(block.lines).strip("\n").split("\n")
        yield f"{pad}- {first}"
        yield from (f"{pad}  {line}" for line in more)
        yield from _listed(block.below, level + 1)


def _with_gaps(text: str) -> str:
    """Return a text with its gaps as ours; what stands behind two backslashes is a hint."""
    pieces, place = list[str](), 0
    hinted = any("\\\\" in found[1] for found in CLOZE.finditer(text))
    for number, found in enumerate(CLOZE.finditer(text), 1):
        body, _, hint = (part.strip() for part in found[1].partition("\\\\"))
        name = f"c{number}::" if hinted else ""
        gap = "{{" + name + calm(body) + (f"::{hint}" if hint else "") + "}}"
        pieces += [calm(text[place : found.start()]), gap]
        place = found.end()
    return "".join([*pieces, calm(text[place:])])


def _lives(block: _Block, note: Note) -> Mapping[str, Life]:
    """Return what the properties of a block say of its cards; the last answer is the first's."""
    names = [SIBLING + key for key in keys(note.front)] if note.cloze else [""]
    standing, review = _standing(block.said), _review(block)
    return {
        name: Life([review] if review and name == names[0] else (), standing)
        for name in names
        if standing or review
    }


def _standing(said: Mapping[str, str]) -> Standing | None:
    found = DAY.match(said.get("card-next-schedule", ""))
    interval = _number(said.get("card-last-interval", ""))
    repeats = int(_number(said.get("card-repeats", "")) or 0)
    if not found or not interval or interval <= 0 or repeats < 1:
        return None
    try:
        due = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    ease = _number(said.get("card-ease-factor", "")) or 2.5
    return Standing(due, max(1, round(interval)), max(130, round(ease * 100)), repeats)


def _review(block: _Block) -> PastReview | None:
    score = _number(block.said.get("card-last-score", ""))
    try:
        at = datetime.fromisoformat(block.said.get("card-last-reviewed", ""))
    except ValueError:
        return None
    if not score or not 1 <= score <= 5 or at.tzinfo is None:
        return None
    own = block.said.get("id", "") or block.lines[0]
    return PastReview(f"{own} {at.isoformat()}", at, int(score))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 36_500 else None
