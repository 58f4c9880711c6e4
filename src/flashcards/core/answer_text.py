"""What counts as the answer of a card: the text to type or to choose, and the options around it."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import BULLET, pieces

MOST_OPTIONS = 26
"""Each has a letter of its own."""
CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
MARKS = (
    (re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])", re.DOTALL), r"\2"),
    (re.compile(r"\$\$?(?=\S)(.+?)(?<=\S)\$\$?", re.DOTALL), r"\1"),
    (re.compile(r"^#+\s+", re.MULTILINE), ""),
    (re.compile(r"\\([^\w\s])"), r"\1"),
)


def answer_of(card: Card) -> str:
    """Return the answer alone, in Markdown: what stands behind a blank line is a remark."""
    if card.asking.answer:
        return card.asking.answer
    return re.split(r"\n[ \t]*\n", card.back.strip("\n"), maxsplit=1)[0]


def remark_of(card: Card) -> str:
    """Return what the back says beyond the answer; all of it where the answer is a gap's."""
    if card.asking.answer:
        return card.back
    return card.back.strip("\n").removeprefix(answer_of(card)).strip("\n")


def right_answers(card: Card, given: str) -> list[str]:
    """Return all that is right for a card, as typed; a list without numbers in the given order."""
    answer = answer_of(card)
    found = [as_typed(answer), *card.asking.accept]
    lead, items = pieces(answer)
    if len(items) > 1 and not lead.strip() and not any(item[0].isdigit() for item in items):
        said = given.casefold()
        listed = [as_typed(item) for item in items]
        places = {item: said.find(item.casefold()) % (len(said) + 1) for item in listed}
        found.append(", ".join(sorted(listed, key=places.__getitem__)))
    return found


def as_typed(markdown: str) -> str:
    """Return Markdown as a person would type it: without its marks, a list's items in a row."""
    lines = [line.strip() for line in markdown.split("\n") if line.strip()]
    bulleted = [BULLET.match(line) is not None for line in lines]
    bare = [re.sub(r"^(?:[-*+•]|\d{1,3}[.)])\s+", "", line) for line in lines]
    text = ", ".join(bare) if lines and all(bulleted) else " ".join(lines)
    pieces = []
    end = 0
    for code in CODE.finditer(text):
        pieces += [_unmarked(text[end : code.start()]), code[2].strip()]
        end = code.end()
    return "".join([*pieces, _unmarked(text[end:])])


def _unmarked(text: str) -> str:
    for mark, bare in MARKS:
        text = mark.sub(bare, text)
    return text


def options(card: Card, day: date) -> list[str]:
    """Return a card's options, the right one among them, in an order of the card and the day."""
    right = answer_of(card)
    others = [text for text in card.asking.choices if as_typed(text) != as_typed(right)]
    others = others[: MOST_OPTIONS - 1]
    place = f"{card.id}\x1f{day.toordinal()}\x1f"  # not zlib.crc32: its order hardly changes by day
    return sorted([right, *others], key=lambda text: _mixed(place + text))


def _mixed(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
