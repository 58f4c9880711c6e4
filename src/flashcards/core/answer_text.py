"""The answer in a card's text, as shown and as one would type it."""

import re

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import LIST_ITEM_START, is_single_line

CODE_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
MARKDOWN_MARKS = (
    (re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"(\*\*|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])", re.DOTALL), r"\2"),
    (re.compile(r"\$\$?(?=\S)(.+?)(?<=\S)\$\$?", re.DOTALL), r"\1"),
    (re.compile(r"\\([^\w\s])"), r"\1"),
)


def answer_text(card: Card) -> str:
    """Return the Markdown of the answer, without the extra text after it."""
    if card.answer_mode.answer:
        return card.answer_mode.answer
    return re.split(r"\n[ \t]*\n", card.back.strip("\n"), maxsplit=1)[0]


def extra_text(card: Card) -> str:
    """Return what the back adds to the answer."""
    if card.answer_mode.answer:
        return card.back
    return card.back.strip("\n").removeprefix(answer_text(card)).strip("\n")


def plain_text(markdown: str) -> str:
    """Return Markdown as a user would type it, list items joined."""
    lines = [line.strip() for line in markdown.split("\n") if line.strip()]
    text = " ".join(lines)
    if lines and not is_single_line(markdown) and all(map(LIST_ITEM_START.match, lines)):
        text = ", ".join(re.sub(r"^(?:[-*+•]|\d{1,3}[.)])\s+", "", line) for line in lines)
    pieces = []
    end = 0
    for code in CODE_SPAN.finditer(text):
        pieces += [_strip_marks(text[end : code.start()]), code[2].strip()]
        end = code.end()
    return "".join([*pieces, _strip_marks(text[end:])])


def _strip_marks(text: str) -> str:
    for mark, bare in MARKDOWN_MARKS:
        text = mark.sub(bare, text)
    return text
