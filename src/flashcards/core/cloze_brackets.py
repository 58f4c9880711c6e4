r"""Gaps written in [brackets], as hashcards has them, and ours: each as the other.

A bracket that is no gap has an odd number of backslashes before it; those before it count double.
"""

from __future__ import annotations

import re

from flashcards.core.cloze import find_gaps, replace_gaps

BRACKET_TOKEN = re.compile(r"(?P<image>!\[[^\[\]\n]*\]\([^()\n]*\))|(?<!\\)(?P<back>\\*)(?P<sign>[\[\]])")
LINK_TARGET = re.compile(r"\((?:https?://|media/|<)[^)\n]*\)")
ESCAPABLE_TEXT = re.compile(
    r"(?P<image>!\[[^\[\]\n]*\]\([^()\n]*\))|(?<!\\)(?:(?P<back>\\*)(?P<sign>[\[\]])|(\\+)\Z)"
)


def cloze_from_brackets(text: str) -> tuple[str, str]:
    """Return a sentence with its gaps as ours, or "" and why it has none."""
    pieces, place, start = list[str](), 0, -1
    for found in BRACKET_TOKEN.finditer(text):
        if found["image"]:
            continue
        pieces.append(separate_double_braces(text[place : found.start()]))
        back, sign = found["back"], found["sign"]
        place = found.end()
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
            link = LINK_TARGET.match(text, found.end())
            pieces[start:] = [f"[{body}]" if link else "{{" + body + "}}"]
            start = -1
    if start >= 0:
        return "", "a [ without its ]"
    sentence = "".join([*pieces, separate_double_braces(text[place:])])
    return (sentence, "") if find_gaps(sentence) else ("", "no [gap] in it")


def separate_double_braces(text: str) -> str:
    """Part double braces, so that they make no gap; math does not mind."""
    return re.sub(r"(?<=\{)(?=\{)|(?<=\})(?=\})", " ", text)


def separate_unnumbered_gaps(sentence: str) -> str:
    """Return a sentence of Anki, where only gaps with a number are gaps, with other double braces parted."""
    return replace_gaps(
        sentence,
        lambda gap: (str if gap.numbers else separate_double_braces)(sentence[gap.start : gap.end]),
    )


def brackets_from_cloze(sentence: str) -> str | None:
    """Return a sentence with its gaps in brackets; None when brackets cannot say all of it."""
    pieces, place = list[str](), 0
    for gap in find_gaps(sentence):
        if gap.numbers or len(gap.parts) > 1 or LINK_TARGET.match(sentence, gap.end):
            return None
        pieces += [_escape_brackets(sentence[place : gap.start]), f"[{_escape_brackets(gap.text)}]"]
        place = gap.end
    whole = "".join([*pieces, _escape_brackets(sentence[place:])])
    return whole if cloze_from_brackets(whole) == (sentence, "") else None


def _escape_brackets(text: str) -> str:
    """Return text whose brackets are no gaps, and whose end does not touch the bracket after it."""

    def escaped(found: re.Match[str]) -> str:
        if found["image"]:
            return found["image"]
        if found["sign"]:
            return "\\" * (2 * len(found["back"]) + 1) + found["sign"]
        return found[0] * 2

    return ESCAPABLE_TEXT.sub(escaped, text)
