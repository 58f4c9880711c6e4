"""Convert Obsidian's cloze marks to gaps."""

import re
from collections.abc import Collection

from flashcards.core.cloze_brackets import separate_double_braces
from flashcards.importers.obsidian_settings import ANKI_SIGN, CURLY_SIGN, GAP_PATTERNS

PART_SEPARATOR = re.compile(r";;|::")
GAP_SEQUENCE = re.compile(r"\d{1,3}|[ash]+")


def gap_signs_in(text: str) -> list[str]:
    """Return the marks of gaps in a text, the most usual first."""
    return [sign for sign, pattern in GAP_PATTERNS.items() if pattern.search(text)]


def convert_gaps(text: str, signs: Collection[str]) -> str:
    """Convert a paragraph's marks to gaps of ours."""
    # Numbers are kept, so that gaps of one number stay one card.
    matches = sorted(
        (found.start(), found.end(), sign, found)
        for sign in signs
        for found in GAP_PATTERNS[sign].finditer(text)
    )
    made = [_gap_parts(found, sign) for _, _, sign, found in matches]
    numbered = any(group or hint for _, group, hint in made)
    numbers = {group: int(group) for _, group, _ in made if group.isdecimal()}
    free = iter(sorted(set(range(1, len(made) + 1)).difference(numbers.values())))
    pieces, end = list[str](), 0
    for (start, stop, _, _), (body, group, hint) in zip(matches, made, strict=True):
        if start < end:
            continue
        pieces.append(separate_double_braces(text[end:start]))
        name = group or f"at {start}"
        number = numbers[name] if name in numbers else numbers.setdefault(name, next(free))
        tail = f"::{hint}" if hint else ""
        pieces.append(
            "{{" + (f"c{number}::" if numbered else "") + separate_double_braces(body) + tail + "}}"
        )
        end = stop
    return "".join([*pieces, separate_double_braces(text[end:])])


def _gap_parts(match: re.Match[str], sign: str) -> tuple[str, str, str]:
    """Return the text, group and hint of a mark."""
    body, hint, group = match["body"], match["hint"] or "", match["group"] or ""
    parted = ";;" in body or (sign in {ANKI_SIGN, CURLY_SIGN} and "::" in body)
    parts = [part.strip() for part in PART_SEPARATOR.split(body)] if parted else [body]
    if len(parts) > 1 and GAP_SEQUENCE.fullmatch(parts[0]):
        first = parts.pop(0)
        group = first if first.isdecimal() else group
    if len(parts) > 1:
        hint = "; ".join(parts[1:])
    return (parts[0] or body), group, hint
