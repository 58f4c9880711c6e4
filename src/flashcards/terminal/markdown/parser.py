"""Markdown parser with dollar formulas."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.token import Token

from flashcards.core.markdown_dialect import relax_emphasis
from flashcards.core.markdown_lists import is_single_line

INLINE_MATH = re.compile(r"\$(?=[^\s$])((?:[^$\\]|\\.)*?[^\s\\$]|(?:[^$\\]|\\.)*?\\.)\$(?!\d)", re.DOTALL)
DISPLAY_MATH = re.compile(r"\$\$((?:[^$\\]|\\.)+)\$\$", re.DOTALL)


def _inline_math_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    """Take `$…$` and `$$…$$` verbatim, so _ and * inside are not emphasis."""
    if state.src[state.pos] != "$":
        return False
    match = DISPLAY_MATH.match(state.src, state.pos) or INLINE_MATH.match(state.src, state.pos)
    if match is None or not match[1].strip():
        return False
    if not silent:
        kind = "display" if match[0].startswith("$$") else "math"
        state.push(kind, "", 0).content = match[1]
    state.pos = match.end()
    return True


def _display_math_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take lines from `$$` to `$$` verbatim, so - and = inside start no list."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith("$$", first):
        return False
    opening = first + 2
    for line in range(start, end):
        last = state.eMarks[line]
        closing = state.src.find("$$", opening if line == start else state.bMarks[line], last)
        if closing < 0 and state.isEmpty(line):
            break
        if closing >= 0:
            if state.src[closing + 2 : last].strip() or not state.src[opening:closing].strip():
                break
            if not silent:
                token = state.push("display_block", "", 0)
                token.content = state.src[opening:closing]
                state.line = line + 1
            return True
    return False


def parse_markdown(text: str) -> list[Token]:
    """Return the tokens of a Markdown text."""
    parser = _markdown_parser(with_links="](" in text or "]:" in text)
    return parser.parseInline(text.strip()) if is_single_line(text) else parser.parse(text)


@cache
def _markdown_parser(*, with_links: bool) -> MarkdownIt:
    """Return a parser; without links it skips the search at each bracket."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    around: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "display", _display_math_rule, around)
    parser.inline.ruler.before("escape", "math", _inline_math_rule)
    parser.inline.ruler.at("emphasis", relax_emphasis(emphasis.tokenize))
    parser.inline.ruler.at("strikethrough", relax_emphasis(strikethrough.tokenize))
    return parser if with_links else parser.disable(["link", "image"])
