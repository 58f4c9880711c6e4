"""Right-to-left text in the order that the eye reads it, for terminals that place signs as sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from unicodedata import bidirectional, combining, decomposition

from rich.text import Text

from flashcards.terminal.text.width import clusters, width

RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Where the scripts that run from right to left are."""
ARABIC = re.compile("[\u0620-\u06d3]")
ANY_RIGHT = re.compile(f"[{RIGHT}]")
BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»"}
STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
"""What a sign's class makes it to brackets around it."""
CLASSES = frozenset(["L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "WS", "ON"])
TURNED = re.compile(r"\d+")


def runs_left(text: str) -> bool:
    """Tell whether a paragraph runs from right to left, as its first letter says (UAX 9, P2)."""
    for sign in text:
        direction = bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def visual(text: Text, *, leftward: bool) -> Text:
    """Return a line of a paragraph with its signs from left to right as they are seen."""
    signs, at = [], 0
    for sign, _ in clusters(text.plain):
        signs.append((at, at + len(sign)))
        at += len(sign)
    bases = "".join(_weighed(text.plain[start]) for start, _ in signs)
    levels, mirrors = _levels(bases, leftward=leftward)
    if ARABIC.search(text.plain):
        text = text.copy()
        text.plain = joined(text.plain)
    found = Text(style=text.style, end=text.end)
    for i in _order(levels):
        start, end = signs[i]
        piece = text[start:end] if text.spans else Text(text.plain[start:end])
        if levels[i] % 2 and bases[i] in mirrors:
            piece.plain = mirrors[bases[i]] + piece.plain[1:]
        found.append_text(piece)
    return found


def _weighed(sign: str) -> str:
    """Return a sign that has a class; one for those of none, such as signs not yet assigned."""
    return sign if bidirectional(sign) in CLASSES else "•"


def _levels(text: str, *, leftward: bool) -> tuple[list[int], dict[str, str]]:
    """Return how deep each sign is in text of the other direction, and which signs have mirrors."""
    from bidi import algorithm, mirror

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(leftward), "R" if leftward else "L"
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _pair(storage["chars"], "R" if leftward else "L")
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    levels = [int(sign["level"]) for sign in storage["chars"]]
    return levels, mirror.MIRRORED


def _pair(signs: list[dict[str, Any]], around: str) -> None:
    """Give both brackets of a pair one direction (UAX 9, N0, which the library leaves out)."""
    open_at: list[int] = []
    pairs = []
    for i, sign in enumerate(signs):
        if sign["ch"] in BRACKETS:
            open_at.append(i)
        elif open_at and sign["ch"] == BRACKETS[signs[open_at[-1]]["ch"]]:
            pairs.append((open_at.pop(), i))
    for start, end in sorted(pairs):
        inside = {STRONG.get(sign["type"]) for sign in signs[start + 1 : end]} - {None}
        before = (STRONG.get(sign["type"]) for sign in reversed(signs[:start]))
        led = next(filter(None, before), around)
        if inside:
            whole = around if around in inside or led == around else led
            signs[start]["type"] = signs[end]["type"] = whole


def _order(levels: Sequence[int]) -> list[int]:
    """Return the places of signs as they are seen: deeper text is turned first (UAX 9, L2)."""
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


def turned(head: str) -> str:
    """Return what stands before a line as it stands behind one that runs left: " •", " .12"."""
    return TURNED.sub(lambda found: found[0][::-1], head)[::-1]


def aligned(lines: Iterable[Text], columns: int) -> list[Text]:
    """Return lines with those that run left moved to the right edge of so many columns."""
    return [_pushed(line, columns) if line.justify == "right" else line for line in lines]


def _pushed(line: Text, columns: int) -> Text:
    return Text(" " * max(0, columns - width(line.plain)), justify="right") + line


FORMS = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
"""Where Unicode keeps letters in the shape that they have between others."""
TATWEEL = "\u0640"
INITIAL, MEDIAL, FINAL, ISOLATED = "<initial>", "<medial>", "<final>", "<isolated>"


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    """Return the shapes of each letter, as Unicode's own table tells them."""
    found: dict[str, dict[str, str]] = {}
    for first, last in FORMS:
        for sign in map(chr, range(first, last + 1)):
            shape, *letters = decomposition(sign).split() or [""]
            if shape.startswith("<") and len(letters) == 1:
                found.setdefault(chr(int(letters[0], 16)), {}).setdefault(shape, sign)
    return found


def joined(text: str) -> str:
    """Return a text of as many signs, each Arabic letter in the shape that its neighbours ask for.

    Accents stand between letters without parting them; a non-joiner parts them.
    """
    forms = _forms()
    signs = list(text)
    places = [i for i, sign in enumerate(signs) if not combining(sign)]
    for at, i in enumerate(places):
        own = forms.get(text[i])
        if own is None:
            continue
        before = text[places[at - 1]] if at else ""
        after = text[places[at + 1]] if at + 1 < len(places) else ""
        leads = INITIAL in own and (after == TATWEEL or FINAL in forms.get(after, {}))
        follows = FINAL in own and (before == TATWEEL or INITIAL in forms.get(before, {}))
        shape = (ISOLATED, INITIAL, FINAL, MEDIAL)[leads + 2 * follows]
        signs[i] = own.get(shape, text[i])
    return "".join(signs)
