"""Right-to-left text in visual order, with Arabic letters joined."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from unicodedata import bidirectional, combining, decomposition

from rich.text import Text

from flashcards.terminal.text.width import graphemes

RTL_RANGES = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
ARABIC_LETTER = re.compile("[\u0620-\u06d3]")
RTL_CHARACTER = re.compile(f"[{RTL_RANGES}]")
BRACKET_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}
STRONG_DIRECTIONS = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
"""Bidi class to strong direction, for resolving brackets (UAX 9, N0)."""
BIDI_CLASSES = frozenset(["L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "WS", "ON"])
DIGIT_RUN = re.compile(r"\d+")


def is_rtl_paragraph(text: str) -> bool:
    """Tell whether the first letter is right-to-left (UAX 9, P2)."""
    for character in text:
        direction = bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def reorder_rtl(line: Text) -> Text:
    """Return a line as it is seen; one without right-to-left letters is returned as it is."""
    if not RTL_CHARACTER.search(line.plain):
        return line
    return to_visual_order(line, rtl=is_rtl_paragraph(line.plain))


def to_visual_order(text: Text, *, rtl: bool) -> Text:
    """Reorder a line's characters as they are seen, left to right."""
    clusters, offset = [], 0
    for grapheme, _ in graphemes(text.plain):
        clusters.append((offset, offset + len(grapheme)))
        offset += len(grapheme)
    firsts = (text.plain[start] for start, _ in clusters)
    bases = "".join(one if bidirectional(one) in BIDI_CLASSES else "•" for one in firsts)
    levels, mirrors = _embedding_levels(bases, rtl=rtl)
    if ARABIC_LETTER.search(text.plain):
        text = text.copy()
        text.plain = shape_arabic(text.plain)
    reordered = Text(style=text.style, end=text.end)
    for i in _visual_positions(levels):
        start, end = clusters[i]
        piece = text[start:end] if text.spans else Text(text.plain[start:end])
        if levels[i] % 2 and bases[i] in mirrors:
            piece.plain = mirrors[bases[i]] + piece.plain[1:]
        reordered.append_text(piece)
    return reordered


def _embedding_levels(text: str, *, rtl: bool) -> tuple[list[int], dict[str, str]]:
    """Return each character's embedding level, and the mirrored characters."""
    from bidi import algorithm, mirror

    # The library's steps one by one: its get_display returns text only, but styles need the levels.
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(rtl), "R" if rtl else "L"
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_bracket_pairs(storage["chars"], "R" if rtl else "L")
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    levels = [int(sign["level"]) for sign in storage["chars"]]
    return levels, mirror.MIRRORED


def _resolve_bracket_pairs(characters: list[dict[str, Any]], around: str) -> None:
    """Give both brackets of a pair one direction."""
    # This is rule N0 of UAX 9, which the library leaves out.
    open_at: list[int] = []
    pairs = []
    for i, character in enumerate(characters):
        if character["ch"] in BRACKET_PAIRS:
            open_at.append(i)
        elif open_at and character["ch"] == BRACKET_PAIRS[characters[open_at[-1]]["ch"]]:
            pairs.append((open_at.pop(), i))
    for start, end in sorted(pairs):
        inside = {STRONG_DIRECTIONS.get(sign["type"]) for sign in characters[start + 1 : end]} - {None}
        before = (STRONG_DIRECTIONS.get(sign["type"]) for sign in reversed(characters[:start]))
        led = next(filter(None, before), around)
        if inside:
            direction = around if around in inside or led == around else led
            characters[start]["type"] = characters[end]["type"] = direction


def _visual_positions(levels: Sequence[int]) -> list[int]:
    """Return the visual order: deeper levels are reversed first (UAX 9, L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            if levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end
    return order


def reverse_margin(margin: str) -> str:
    """Mirror a margin for right-to-left lines: " •", " .12"."""
    return DIGIT_RUN.sub(lambda digits: digits[0][::-1], margin)[::-1]


PRESENTATION_FORM_RANGES = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
"""Arabic Presentation Forms A and B: letters shaped for their position."""
TATWEEL = "\u0640"
INITIAL, MEDIAL, FINAL, ISOLATED = "<initial>", "<medial>", "<final>", "<isolated>"


@cache
def _shapes_by_letter() -> Mapping[str, Mapping[str, str]]:
    """Return each letter's shapes, from Unicode's decomposition table."""
    shapes: dict[str, dict[str, str]] = {}
    for first, last in PRESENTATION_FORM_RANGES:
        for character in map(chr, range(first, last + 1)):
            shape, *letters = decomposition(character).split() or [""]
            if shape.startswith("<") and len(letters) == 1:
                shapes.setdefault(chr(int(letters[0], 16)), {}).setdefault(shape, character)
    return shapes


def shape_arabic(text: str) -> str:
    """Replace Arabic letters by their joined shapes; the length stays."""
    # Accents between letters do not break a join; a non-joiner does.
    forms = _shapes_by_letter()
    clusters = list(text)
    places = [i for i, sign in enumerate(clusters) if not combining(sign)]
    for place, i in enumerate(places):
        own = forms.get(text[i])
        if own is None:
            continue
        before = text[places[place - 1]] if place else ""
        after = text[places[place + 1]] if place + 1 < len(places) else ""
        leads = INITIAL in own and (after == TATWEEL or FINAL in forms.get(after, {}))
        follows = FINAL in own and (before == TATWEEL or INITIAL in forms.get(before, {}))
        shape = (ISOLATED, INITIAL, FINAL, MEDIAL)[leads + 2 * follows]
        clusters[i] = own.get(shape, text[i])
    return "".join(clusters)
