"""Cloze sentences: find gaps and make their cards."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

MAX_CARDS_PER_SENTENCE = 500  # each card holds the whole sentence
MAX_NESTING = 20  # gaps nested deeper are plain text
MAX_UNBALANCED_GAPS = 20  # each costs a scan to the end of the sentence
GAP_START = re.compile(
    r"\{\{(?:c(?P<numbers>\d{1,3}(?:,\d{1,3}){0,20})::|(?!\{c\d{1,3}(?:,\d{1,3}){0,20}::))"
)
FIRST_GAP_END = re.compile(r"\}\}(?!\})")
BRACE = re.compile(r"\\[\\{}]|[{}]")
ASKED_GAP, ANSWERED_GAP, GAP_END = "\ufdd0", "\ufdd1", "\ufdd2"
"""Marks around gaps on the way to the screen: Unicode reserves them for internal use."""
GAP_MARKS: Final = re.compile(f"[{ASKED_GAP}{ANSWERED_GAP}{GAP_END}]")
MARKED_LINE = (
    r"(?P<block>[ \t]*(?:(?:[-*+>]|\d{1,9}[.)]|#{1,6})[ \t]+)*)(?P<bare>(?:```|~~~|\$\$).*)?(?P<text>.*)"
)
"""A line: its block marker, or all of it if marks inside would break it, and its text."""
Spans = tuple[tuple[int, int], ...]


class Gap(NamedTuple):
    """A gap of a sentence, and the gaps inside it."""

    start: int
    end: int
    numbers: tuple[int, ...]
    keys: tuple[str, ...]  # one for each card that asks it: c1, c2, or a hash of its text
    parts: tuple["str | Gap", ...]
    hint: str = ""

    @property
    def text(self) -> str:
        """The hidden text."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


class ClozeCard(NamedTuple):
    """One card of a sentence: its key, sides and answer."""

    key: str
    front: str
    back: str
    answer: str  # the texts of its gaps, without repetitions
    front_gaps: Spans
    back_gaps: Spans


@lru_cache(maxsize=8)
def find_gaps(text: str, *, numbered: bool = False, depth: int = 0) -> tuple[Gap, ...]:
    """Return the outermost gaps of a text; `numbered` skips others."""
    gaps, place, outer_braces, unbalanced = list[Gap](), 0, 0, 0
    last = text.rfind("}}")  # later starts cannot be closed; scanning them all would be quadratic
    while (match := GAP_START.search(text, place)) and match.start() < last:
        outer_braces = _open_braces(text[place : match.start()], outer_braces)
        start, end = match.end(), -1
        if numbered and not match["numbers"]:
            place = match.start() + 1
            outer_braces += 1
            continue
        if unbalanced < MAX_UNBALANCED_GAPS:
            end = _balanced_end(text, start, outer_braces)
            unbalanced += end < 0
        first = FIRST_GAP_END.search(text, start + 1)
        if end < 0 and first:
            end = first.start()
        if end <= start:
            place = match.start() + 1
            outer_braces += 1
            continue
        # The key hashes the text up to the first double brace, as before gaps could be nested.
        hashed = text[start : first.start() if first else end]
        gaps.append(_make_gap(match, text[start:end], hashed, depth))
        place = end + 2
    return tuple(gaps)


def _open_braces(text: str, already_open: int) -> int:
    for sign in BRACE.findall(text) if "{" in text or "}" in text else ():
        already_open = max(0, already_open + (sign == "{") - (sign == "}"))
    return already_open


def _balanced_end(text: str, start: int, outer_braces: int) -> int:
    """Return where the closing braces of a gap start; -1 if unbalanced."""
    depth = 0
    for match in BRACE.finditer(text, start):
        place = match.start()
        if match[0] == "{":
            depth += 1
        elif match[0] == "}" and depth:
            depth -= 1
        elif text.startswith("}}", place) and (outer_braces or text[place + 2 : place + 3] != "}"):
            return place
    return -1


def _make_gap(match: re.Match[str], body: str, hashed: str, depth: int) -> Gap:
    """Return a gap; `hashed` is its text up to the first double brace."""
    numbers = tuple(map(int, match["numbers"].split(","))) if match["numbers"] else ()
    inner = find_gaps(body, numbered=bool(numbers), depth=depth + 1) if depth < MAX_NESTING else ()
    parts, hint, place = list[str | Gap](), "", 0
    for gap in (*inner, None):
        piece = body[place : gap.start if gap else None]
        before, colons, _ = piece.partition("::") if numbers else (piece, "", "")
        parts.append(before)
        if colons:
            hint = replace_gaps(body[place + len(before) + 2 :], lambda gap: gap.text)
            break
        if gap:
            parts.append(gap)
            place = gap.end
    keys = tuple(f"c{number}" for number in numbers) or (f"{crc32(' '.join(hashed.split()).encode()):08x}",)
    return Gap(match.start(), match.end() + len(body) + 2, numbers, keys, tuple(parts), hint)


def replace_gaps(
    sentence: str, replacement: Callable[[Gap], str], between: Callable[[str], str] = str
) -> str:
    """Return a text with each gap replaced, and the text between them changed."""
    pieces, place = list[str](), 0
    for gap in find_gaps(sentence):
        pieces += [between(sentence[place : gap.start]), replacement(gap)]
        place = gap.end
    return "".join([*pieces, between(sentence[place:])])


def all_gaps(parts: Sequence[str | Gap]) -> Iterator[Gap]:
    """Yield gaps, each before those inside it."""
    for part in parts:
        if isinstance(part, Gap):
            yield part
            yield from all_gaps(part.parts)


def cloze_keys(sentence: str) -> list[str]:
    """Return the card keys of a sentence, in order of first use."""
    return list(dict.fromkeys(key for gap in all_gaps(find_gaps(sentence)) for key in gap.keys))


def has_too_many_gaps(sentence: str) -> bool:
    """Tell whether a sentence makes more cards than allowed."""
    # One gap has 21 numbers at most: few braces need no parsing.
    few = sentence.count("{{") <= MAX_CARDS_PER_SENTENCE // 21
    return not few and len(cloze_keys(sentence)) > MAX_CARDS_PER_SENTENCE


def cloze_cards(sentence: str) -> Iterator[ClozeCard]:
    """Yield the cards of a sentence, in order of first gap."""
    parts, place = list[str | Gap](), 0
    for gap in find_gaps(sentence):
        parts += [sentence[place : gap.start], gap]
        place = gap.end
    parts.append(sentence[place:])
    for key in cloze_keys(sentence):
        answer = ", ".join(dict.fromkeys(gap.text for gap in all_gaps(parts) if key in gap.keys))
        front, front_gaps = _fill_side(parts, key, asked=True)
        back, back_gaps = _fill_side(parts, key, asked=False)
        yield ClozeCard(key, front, back, answer, front_gaps, back_gaps)


def _fill_side(parts: Sequence[str | Gap], key: str, *, asked: bool) -> tuple[str, Spans]:
    pieces, spans, length = list[str](), list[tuple[int, int]](), 0
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if isinstance(part, Gap) and key not in part.keys:
            waiting += reversed(part.parts)
            continue
        text = part if isinstance(part, str) else f"[{part.hint or '…'}]" if asked else part.text
        if isinstance(part, Gap):
            spans.append((length, length + len(text)))
        pieces.append(text)
        length += len(text)
    return "".join(pieces), tuple(spans)


def mark_gaps(text: str, spans: Spans, opening: str) -> str:
    """Return Markdown with marks around its gaps, line by line.

    Marks come after a line's list, heading or quote marker, which stays valid.
    """
    text = GAP_MARKS.sub("\ufffd", text)
    pieces, place = list[str](), 0
    for start, end in spans:
        pieces.append(text[place:start])
        place = start
        while place < min(end, len(text)):
            stop = text.find("\n", place, end) + 1 or min(end, len(text))
            line = text[place:stop].removesuffix("\n")
            match = re.fullmatch(MARKED_LINE, line) if not place or text[place - 1] == "\n" else None
            plain = line if match is None else match["text"]
            if plain.strip():
                line = f"{line[: len(line) - len(plain)]}{opening}{plain}{GAP_END}"
            pieces.append(line + "\n" * (text[stop - 1] == "\n"))
            place = stop
    return "".join([*pieces, text[place:]])
