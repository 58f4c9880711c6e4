"""Convert gaps between [brackets], as in hashcards, and double braces.

A bracket after an odd number of backslashes is text; backslashes before it count double.
"""

import re

from flashcards.core.cloze import find_gaps, replace_gaps

BRACKET_TOKEN = re.compile(r"(?P<image>!\[[^\[\]\n]*\]\([^()\n]*\))|(?<!\\)(?P<back>\\*)(?P<sign>[\[\]])")
LINK_TARGET = re.compile(r"\((?:https?://|media/|<)[^)\n]*\)")
ESCAPABLE_TEXT = re.compile(
    r"(?P<image>!\[[^\[\]\n]*\]\([^()\n]*\))|(?<!\\)(?:(?P<back>\\*)(?P<sign>[\[\]])|(\\+)\Z)"
)


def cloze_from_brackets(text: str) -> tuple[str, str]:
    """Return (sentence with our gaps, ""), or ("", why not)."""
    pieces, place, start = list[str](), 0, -1
    for match in BRACKET_TOKEN.finditer(text):
        if match["image"]:
            continue
        pieces.append(separate_double_braces(text[place : match.start()]))
        back, sign = match["back"], match["sign"]
        place = match.end()
        pieces.append("\\" * (len(back) // 2))
        if len(back) % 2:
            pieces.append(sign)
        elif sign == "[":
            if start >= 0:
                return "", "a gap inside of a gap"
            start = len(pieces)
            pieces.append("[")
        elif start < 0:
            return "", "a ] without its ["
        else:
            body = "".join(pieces[start + 1 :])
            if not body.strip():
                return "", "an empty gap"
            link = LINK_TARGET.match(text, match.end())
            pieces[start:] = [f"[{body}]" if link else "{{" + body + "}}"]
            start = -1
    if start >= 0:
        return "", "a [ without its ]"
    sentence = "".join([*pieces, separate_double_braces(text[place:])])
    return (sentence, "") if find_gaps(sentence) else ("", "no [gap] in it")


def separate_double_braces(text: str) -> str:
    """Return a text without gaps: a space between double braces."""
    return re.sub(r"(?<=\{)(?=\{)|(?<=\})(?=\})", " ", text)


def separate_unnumbered_gaps(sentence: str) -> str:
    """Return a sentence without unnumbered gaps: Anki has none."""
    return replace_gaps(
        sentence, lambda gap: (str if gap.numbers else separate_double_braces)(sentence[gap.start : gap.end])
    )


def brackets_from_cloze(sentence: str) -> str | None:
    """Return a sentence with bracketed gaps; None if brackets cannot express it."""
    gaps = find_gaps(sentence)
    if any(gap.numbers or len(gap.parts) > 1 or LINK_TARGET.match(sentence, gap.end) for gap in gaps):
        return None
    whole = replace_gaps(sentence, lambda gap: f"[{_escape_brackets(gap.text)}]", between=_escape_brackets)
    return whole if cloze_from_brackets(whole) == (sentence, "") else None


def _escape_brackets(text: str) -> str:
    """Return text without gaps that can stand before a bracket."""

    def escaped(match: re.Match[str]) -> str:
        if match["image"]:
            return match["image"]
        if match["sign"]:
            return "\\" * (2 * len(match["back"]) + 1) + match["sign"]
        return match[0] * 2

    return ESCAPABLE_TEXT.sub(escaped, text)
