"""Which of the ways to write cards in Markdown a text is written in: one of them at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from flashcards.importers import csv as importers_csv
from flashcards.importers import org
from flashcards.importers.base import Source
from flashcards.importers.shared.code_fences import Fences
from flashcards.importers.shared.front_matter import front_matter
from flashcards.importers.shared.source_text import PLAIN_ENDINGS, head

LOGSEQ, QUESTIONS, HASCARD, INLINE, CARDDOWN, HEADINGS = (
    "logseq", "questions", "hascard", "inline", "carddown", "headings",
)  # fmt: skip
LOGSEQ_CARD = re.compile(r"(?<!\S)#(?:card|\[\[card\]\])(?!\w)")
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown")
SIGN = re.compile(r"`[^`]*`|\{\{[^{}\n]*\}\}|:{2,}")
"""What may part a question from its answer; code and gaps are passed over, whole."""
HIGHLIGHT = re.compile(r"==(?=[^\s=])(?P<body>[^=\n]+?)(?<=\S)==")
ANKI_GAP = re.compile(r"\{\{c\d{1,3}::[^{}\n]+\}\}")
SCHEDULE = re.compile(r"<!--SR:(?P<all>[^<>]*)-->")
DECK_TAG = re.compile(r"(?<![\w&/])#flashcards?(?:/[^\s#]*)?(?!\w)")
CHOICE = re.compile(r"^\[[ xX*]\] ", re.MULTILINE)
HEADING = re.compile(r"#{1,6}\s+(\S.*)")
MARKED = re.compile(r"(?:🧠|#flashcard\b)")
ASKING = ("?", "？", "?**", "?_", "?*", "؟")


@lru_cache(maxsize=1)
def notation(source: Source) -> str:
    """Return the notation of a source; "" when it is none of them, or not Markdown at all."""
    text = head(source) if source.ending in PLAIN_ENDINGS else ""
    if (
        not text
        or text.lstrip().startswith(("{", "<"))
        or importers_csv.fits(source)
        or org.fits(source)
    ):
        return ""
    lines = text.split("\n")
    lines = lines[front_matter(lines).lines :]
    tests = (
        (LOGSEQ, _is_logseq),
        (QUESTIONS, _has_questions),
        (CARDDOWN, _is_carddown),
        (HASCARD, _is_hascard),
        (INLINE, _has_inline),
        (HEADINGS, _asks_in_headings),
    )
    return next((name for name, test in tests if test(lines)), "")


def _is_logseq(lines: list[str]) -> bool:
    """Tell blocks with #card: every line of a page begins one, or belongs to one."""
    return any(line.lstrip().startswith("- ") and LOGSEQ_CARD.search(line) for line in lines)


def _has_questions(lines: list[str]) -> bool:
    """Tell Q: with an A: after it, or C: with brackets in its paragraph."""
    if any(line.startswith("I: REP=") for line in lines):
        return False  # SuperMemo's own text
    asked = gapped = False
    for line in lines:
        if line.startswith("Q:"):
            asked, gapped = True, False
        elif asked and line.startswith("A:"):
            return True
        elif line.startswith("C:"):
            asked, gapped = False, True
        if gapped and re.search(r"(?<!!)\[[^\]]+\]", line):
            return True
    return False


def _is_carddown(lines: list[str]) -> bool:
    """Tell marked lines with a colon between spaces, or marked ones and rules."""
    marked = [line for line in lines if MARKED.search(line)]
    if any(" : " in line for line in marked):
        return True
    return (
        any(DECK_TAG.sub("", line).strip() for line in marked)
        and any(line.strip() in {"---", "***"} for line in lines)
        and not any("::" in line for line in lines)
    )


def _is_hascard(lines: list[str]) -> bool:
    """Tell cards that each begin with a heading, with rules between them, or choices below it."""
    parts = [part.strip("\n") for part in re.split(r"(?m)^---[ \t]*$", "\n".join(lines))]
    parts = [part for part in parts if part]
    if not parts or not all(part.startswith("# ") for part in parts):
        return False
    return len(parts) > 1 or any(
        CHOICE.search(part) or (re.search(r"(?m)^\* ", part) and re.search(r"(?m)^- ", part))
        for part in parts
    )


def _has_inline(lines: list[str]) -> bool:
    """Tell the signs that Obsidian's plug-in knows, outside blocks of code."""
    fences = Fences()
    above = ""
    for line in lines:
        if not fences.holds(line) and (
            SCHEDULE.search(line)
            or HIGHLIGHT.search(line)
            or ANKI_GAP.search(line)
            or (line.strip() in {"?", "??"} and above)
            or _is_pair(line)
        ):
            return True
        above = line.strip()
    return False


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer on one line."""

    front: str
    back: str
    both_ways: bool


def pair(line: str) -> Pair | None:
    """Return the question and the answer that :: or ::: parts; None when a line has none."""
    for found in SIGN.finditer(line):
        if found[0] not in {"::", ":::"}:
            continue
        front, back = line[: found.start()].strip(), line[found.end() :].strip()
        if front and back:
            return Pair(front, back, found[0] == ":::")
    return None


def _is_pair(line: str) -> bool:
    """Tell a question and an answer from a name with colons in it, as programs have them."""
    return " " in line.strip() and pair(line) is not None


def heading(line: str) -> str:
    """Return the text of a heading; "" when a line is none."""
    found = HEADING.fullmatch(line.rstrip()) if line.startswith("#") else None
    if not found:
        return ""
    bare = found[1].rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() or not bare else found[1]


def _asks_in_headings(lines: list[str]) -> bool:
    """Tell headings of which at least half ask something."""
    headings = [found for line in lines if (found := heading(line))]
    asking = sum(found.endswith(ASKING) for found in headings)
    return asking > 0 and asking * 2 >= len(headings)
