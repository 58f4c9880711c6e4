"""The answer text of a card, and the check of a typed one."""

from __future__ import annotations

import re

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import LIST_ITEM_START, is_single_line, split_list
from flashcards.core.typed_answer_check import AnswerCheck, check_answer

CODE_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
CODE_ANSWER = re.compile(r"(`+)(?!`)(?:(?!(?<!`)\1(?!`)).)+\1", re.DOTALL)
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


def check_typed_answer(card: Card, given: str) -> AnswerCheck:
    """Check a typed answer; code must match exactly."""
    is_code = CODE_ANSWER.fullmatch(answer_text(card).strip())
    return check_answer(given, accepted_answers(card, given), () if is_code else card.answer_mode.lenient)


def accepted_answers(card: Card, given: str) -> list[str]:
    """Return all right answers; an unnumbered list may be in any order."""
    answer = answer_text(card)
    answers = [plain_text(answer), *card.answer_mode.accept]
    lead, items = split_list(answer)
    if len(items) > 1 and not lead.strip() and not any(item[0].isdigit() for item in items):
        typed_folded = given.casefold()
        listed = [plain_text(f"{item}\n") for item in items]
        places = {item: typed_folded.find(item.casefold()) % (len(typed_folded) + 1) for item in listed}
        answers.append(", ".join(sorted(listed, key=places.__getitem__)))
    return answers


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
