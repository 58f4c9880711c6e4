"""Recognise which Markdown card notation a text uses."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from flashcards.importers.base import ImportSource
from flashcards.importers.csv import tables
from flashcards.importers.obsidian_settings import USUAL_SIGNS, CardSigns
from flashcards.importers.org import org_files
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.front_matter import read_front_matter
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

Notation = Literal["decksmd", "logseq", "questions", "hascard", "inline", "carddown", "headings", ""]
LOGSEQ_CARD_TAG = re.compile(
    r"(?<!\S)(?:#(?:card(?!\w)|\[\[card\]\])|\[\[card\]\])|^tags::.*?(?<!\w)card(?!\w)"
)
MARKDOWN_EXTENSIONS = (".md", ".markdown", ".mdown")
SCHEDULE_COMMENT = re.compile(r"<!--SR:(?P<all>[^<>]*)-->")
DECKS_TAG = re.compile(
    r"(?<![\w&/])#decks(?:/[^\s#]*)?(?!\w)|%%dk:\w+:|\A---\n(?:(?!---).*\n)*?(?:tags?:.*|\s*- *)\bdecks\b"
)
CHOICE_LINE = re.compile(r"^\[[ xX*]\] ", re.MULTILINE)
HEADING_PATTERN = re.compile(r"#{1,6}\s+(\S.*)")
CARDDOWN_MARK = re.compile(r"(?:🧠|#flashcard\b)")
QUESTION_MARKS = ("?", "？", "?**", "?_", "?*", "؟")


@lru_cache(maxsize=1)
def detect_notation(source: ImportSource) -> Notation:
    """Return the notation of a source, or ""."""
    text = read_head(source) if source.extension in PLAIN_TEXT_EXTENSIONS else ""
    if (
        not text
        or text.lstrip().startswith(("{", "<"))
        or tables.recognises(source)
        or org_files.recognises(source)
    ):
        return ""
    lines = text.split("\n")
    lines = lines[read_front_matter(lines).line_count :]
    tests: tuple[tuple[Notation, Callable[[list[str]], bool]], ...] = (
        ("decksmd", lambda _: bool(DECKS_TAG.search(text))),
        ("logseq", _is_logseq),
        ("questions", _has_questions),
        ("carddown", _is_carddown),
        ("hascard", _is_hascard),
        ("inline", lambda lines: _has_inline_cards(text, lines, source.signs)),
        ("headings", lambda lines: not source.signs.are_tags_required and _has_question_headings(lines)),
    )
    return next((name for name, test in tests if test(lines)), "")


def notation_test(notation: Notation) -> Callable[[ImportSource], bool]:
    """Return a function that tells whether the cards of a source have this notation."""
    return lambda source: detect_notation(source) == notation


def _is_logseq(lines: list[str]) -> bool:
    """Recognise list blocks with #card."""
    return any(line.lstrip().startswith("- ") and LOGSEQ_CARD_TAG.search(line.lstrip()[2:]) for line in lines)


def _has_questions(lines: list[str]) -> bool:
    """Recognise Q: with a later A:, or C: with brackets in its paragraph."""
    if any(line.startswith("I: REP=") for line in lines):
        return False  # SuperMemo's text format
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
    """Recognise marked lines with a spaced colon, or with rules."""
    marked = [line for line in lines if CARDDOWN_MARK.search(line)]
    if any(" : " in line for line in marked):
        return True
    return (
        any(USUAL_SIGNS.tags.sub("", line).strip() for line in marked)
        and any(line.strip() in {"---", "***"} for line in lines)
        and not any("::" in line for line in lines)
    )


def _is_hascard(lines: list[str]) -> bool:
    """Recognise cards under headings, with rules or choices."""
    parts = [part.strip("\n") for part in re.split(r"(?m)^---[ \t]*$", "\n".join(lines))]
    parts = [part for part in parts if part]
    if not parts or not all(part.startswith("# ") for part in parts):
        return False
    return len(parts) > 1 or any(
        CHOICE_LINE.search(part) or (re.search(r"(?m)^\* ", part) and re.search(r"(?m)^- ", part))
        for part in parts
    )


def _has_inline_cards(text: str, lines: list[str], signs: CardSigns) -> bool:
    """Recognise the notation of Obsidian's plug-in, outside code."""
    fences = FenceTracker()
    above = ""
    tags = read_front_matter(text.split("\n")).word_list("tags")
    tagged = "\n".join((text, *(f"#{tag.removeprefix('#')}" for tag in tags)))
    has_tag = signs.tags.search(tagged) is not None
    if (signs.are_tags_required and not has_tag) or signs.ignored_tags.search(tagged):
        return False
    for line in lines:
        if not fences.is_in_fence(line) and (
            SCHEDULE_COMMENT.search(line)
            or signs.has_gap(line)
            or (line.strip() in signs.between_lines and above)
            or ((has_tag or " " in line.strip()) and parse_inline_pair(line, signs))
        ):
            return True  # without a tag a line must have a space: names in programs have colons, too
        above = line.strip()
    return False


def parse_inline_pair(line: str, signs: CardSigns = USUAL_SIGNS) -> tuple[str, str, bool | None] | None:
    """Return the sides of a line with :: or :::, and True if it asks both ways; or None."""
    for found in signs.separators.finditer(line):
        if found[0] not in signs.inline:
            continue
        front, back = line[: found.start()].strip(), line[found.end() :].strip()
        if front and back:
            return front, back, signs.inline[found[0]]
    return None


def heading_text(line: str) -> str:
    """Return the text of a heading, or ""."""
    found = HEADING_PATTERN.fullmatch(line.rstrip()) if line.startswith("#") else None
    if not found:
        return ""
    bare = found[1].rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() or not bare else found[1]


def _has_question_headings(lines: list[str]) -> bool:
    """Tell whether at least half of the headings are questions."""
    headings = [found for line in lines if (found := heading_text(line))]
    asking = sum(found.endswith(QUESTION_MARKS) for found in headings)
    return asking > 0 and asking * 2 >= len(headings)
