"""Where the Markdown of cards differs from CommonMark.

Emphasis may touch punctuation and letters, as Chinese and Japanese need it; `__init__` and `2*3*4` are
text, and so is a single line that only looks like a list, a heading or a quotation.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flashcards.core.cloze import ANSWERED_GAP, ASKED_GAP, GAP_END, GAP_MARKS

_OPERAND = (
    r"(?:-?\d[\d.,]{0,40}+|[A-Za-z\u0391-\u03c9][\d₀-₉]{0,3}|\w{0,30}\([^()\\\n]{0,80}\)"
    f"|[{ASKED_GAP}{ANSWERED_GAP}][^{GAP_END}\n]{{0,80}}{GAP_END})"
)
PRODUCT = re.compile(
    rf"(?<![\w*\\\]])(?:{_OPERAND}(?:\*{{1,2}}{_OPERAND}){{1,30}}+|[A-Za-z_][A-Za-z0-9_]*+\*\*-?\d+)(?![\w*])"
)
"""Operands with stars between them, and powers."""
_CODE_OR_MATH = r"(?<![\\`])(?P<ticks>`+)[^`].*?(?<!`)(?P=ticks)(?!`)|\$\$[^$]+\$\$|\$(?=\S)[^$\n]*\S\$"
_COMMONMARK_BOLD = r"(?<![\w\\])__(?=[^\s_])(?P<bold>(?:[^_\n]|_(?!_))+)(?<![\s\\])__(?!\w)"
COMMONMARK_PIECE = re.compile(rf"{_CODE_OR_MATH}|{_COMMONMARK_BOLD}", re.DOTALL)
PRODUCT_OUTSIDE_CODE = re.compile(rf"{_CODE_OR_MATH}|(?P<product>{PRODUCT.pattern})", re.DOTALL)
InlineRule = Callable[[Any, bool], bool]


def from_commonmark(text: str) -> str:
    """Return CommonMark in our dialect: `__bold__` becomes `**bold**`."""
    if "__" not in text:
        return text
    return COMMONMARK_PIECE.sub(lambda match: f"**{match['bold']}**" if match["bold"] else match[0], text)


def to_commonmark(text: str) -> str:
    """Return our dialect as CommonMark, escaping what is text here."""
    text = COMMONMARK_PIECE.sub(
        lambda match: rf"\_\_{match['bold']}\_\_" if match["bold"] else match[0], text
    )
    return PRODUCT_OUTSIDE_CODE.sub(
        lambda match: match[0].replace("*", r"\*") if match["product"] else match[0], text
    )


def relax_emphasis(rule: InlineRule) -> InlineRule:
    """Return a markdown-it rule with our conditions for emphasis."""

    def relaxed(state: Any, silent: bool) -> bool:  # noqa: ANN401, FBT001 (markdown-it's own signature)
        start, known = state.pos, len(state.delimiters)
        if not rule(state, silent):
            return False
        opens, closes = _emphasis_flanks(state.src, start, state.pos)
        for delimiter in state.delimiters[known:]:
            delimiter.open, delimiter.close = opens, closes
        return True

    return relaxed


@lru_cache(maxsize=4)
def _product_places(source: str) -> frozenset[int]:
    return frozenset(place for match in PRODUCT.finditer(source) for place in range(*match.span()))


def _emphasis_flanks(source: str, start: int, end: int) -> tuple[bool, bool]:
    """Return whether emphasis marks can (open, close) at this place."""
    before = GAP_MARKS.sub("", source[max(0, start - 3) : start])[-1:] or " "
    after = GAP_MARKS.sub("", source[end : end + 3])[:1] or " "
    opens, closes = not after.isspace(), not before.isspace()
    if source[start] == "_":
        single = end - start == 1
        return (single and opens and not _is_word(before), single and closes and not _is_word(after))
    if source[start] == "*" and start in _product_places(source):
        return False, False
    return opens, closes


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
