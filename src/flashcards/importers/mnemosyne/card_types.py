"""Convert Mnemosyne's card types to notes."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flashcards.core.cards import REVERSE_KEY, Note
from flashcards.core.cloze_brackets import cloze_from_brackets
from flashcards.importers.base import card_suffixes
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.source_text import join_paragraphs

BOTH_WAYS_KIND, VOCABULARY_KIND, MAP_KIND, CLOZE_KIND, SENTENCE_KIND = "2", "3", "4", "5", "6"
BRACKET_GAP = re.compile(r"\[([^\[\]\n]+)\]")
CLOZE_INDEX = re.compile(r"'index':\s*(\d{1,4})")
LATEX_TAGS = (
    (re.compile(r"<(latex|\$)>(.*?)</\1>", re.DOTALL), r"[$]\2[/$]"),
    (re.compile(r"<\$\$>(.*?)</\$\$>", re.DOTALL), r"[$$]\1[/$$]"),
)


class MnemosyneFact(NamedTuple):
    """The fields of a fact, and its line."""

    line: int
    fields: Mapping[str, str]

    def field_markdown(self, name: str) -> str:
        """Return a field as Markdown."""
        source = self.fields.get(name, "")
        for pattern, ours in LATEX_TAGS:
            source = pattern.sub(ours, source)
        return html_to_markdown(source.strip().replace("\n", "<br>"))


def card_suffix(note: Note, view: str, position: int, extra: str) -> str | None:
    """Return the id suffix of a fact's card; None if the note has no such card."""
    if note.cloze:
        suffixes = card_suffixes(note)
        index = CLOZE_INDEX.search(extra)
        at = int(index[1]) if index else position
        return suffixes[at] if at < len(suffixes) else None
    return REVERSE_KEY if note.reverse and not view.endswith(".1") else ""


def note_from_fact(
    note_id: str, fact: MnemosyneFact, kind: str, views: Sequence[str], tags: tuple[str, ...]
) -> Note | str:
    """Return the note of a fact, or why there is none; custom kinds begin with a built-in one."""
    kind = kind.partition(":")[0].strip()
    front, back, cloze = _fact_sides(fact, kind)
    if not front or not (back or cloze):
        return "its question is empty" if not front else "its answer is empty"
    if cloze:
        sentence, why = _cloze_sentence(front)
        return Note(sentence, back, id=note_id, tags=tags, cloze=True, line=fact.line) if sentence else why
    both = kind in {BOTH_WAYS_KIND, VOCABULARY_KIND} and len(views) > 1
    if kind == VOCABULARY_KIND and views == ["3.2"]:
        front, back = back, front
    return Note(front, back, id=note_id, tags=tags, reverse=both or None, line=fact.line)


def _fact_sides(fact: MnemosyneFact, kind: str) -> tuple[str, str, bool]:
    """Return front and back, and whether the front has gaps."""
    part = fact.field_markdown
    if kind in {CLOZE_KIND, SENTENCE_KIND} or ("text" in fact.fields and "f" not in fact.fields):
        sentence = part("text") or part("f")
        more = join_paragraphs(part("p_1"), part("m_1"), part("n"), part("b"))
        return sentence, more, bool(BRACKET_GAP.search(sentence))
    if kind == MAP_KIND or "marked" in fact.fields:
        return (
            join_paragraphs(part("blank"), "Where is it? / What is it?"),
            join_paragraphs(part("loc"), part("marked")),
            False,
        )
    if kind == VOCABULARY_KIND or "m_1" in fact.fields:
        return (join_paragraphs(part("f"), part("p_1")), join_paragraphs(part("m_1"), part("n")), False)
    return part("f"), join_paragraphs(part("b"), part("n")), False


def _cloze_sentence(text: str) -> tuple[str, str]:
    """Convert gaps to ours; [text:hint] has a hint."""
    if not any(":" in found[1] for found in BRACKET_GAP.finditer(text)):
        return cloze_from_brackets(text)
    number = 0

    def gap(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        body, _, hint = found[1].partition(":")
        return "{{" + f"c{number}::{body}" + (f"::{hint}" if hint else "") + "}}"

    return BRACKET_GAP.sub(gap, text), ""
