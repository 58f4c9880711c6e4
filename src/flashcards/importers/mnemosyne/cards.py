"""Mnemosyne's kinds of cards as notes: one side, both sides, vocabulary, map, gaps, sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flashcards.core.cards import SIBLING, Note
from flashcards.core.cloze import keys
from flashcards.core.cloze_brackets import from_brackets
from flashcards.importers.html import to_markdown

BOTH, VOCABULARY, MAP, CLOZE, SENTENCE = "2", "3", "4", "5", "6"
BRACKET = re.compile(r"\[([^\[\]\n]+)\]")
INDEX = re.compile(r"'index':\s*(\d{1,4})")
LATEX = (
    (re.compile(r"<(latex|\$)>(.*?)</\1>", re.DOTALL), r"[$]\2[/$]"),
    (re.compile(r"<\$\$>(.*?)</\$\$>", re.DOTALL), r"[$$]\1[/$$]"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What cards ask, by the names that Mnemosyne has for its parts; and its line."""

    line: int
    parts: Mapping[str, str]

    def markdown(self, name: str) -> str:
        """Return a part as Markdown."""
        source = self.parts.get(name, "")
        for pattern, ours in LATEX:
            source = pattern.sub(ours, source)
        return to_markdown(source.strip().replace("\n", "<br>"))


@dataclass(frozen=True, slots=True)
class Made:
    """The note of a fact, or why there is none; and which of its cards a view is."""

    note: Note | None
    why: str = ""

    def sibling(self, view: str, place: int, extra: str) -> str | None:
        """Return what a card adds to the note's id; None when the note has no such card."""
        if self.note is None:
            return None
        if self.note.cloze:
            names = [SIBLING + key for key in keys(self.note.front)]
            index = INDEX.search(extra)
            at = int(index[1]) if index else place
            return names[at] if at < len(names) else None
        if not self.note.reverse:
            return ""
        return "" if view.endswith(".1") else SIBLING + "r"


def note_of(ident: str, fact: Fact, kind: str, views: Sequence[str], tags: tuple[str, ...]) -> Made:
    """Return the note of a fact of some kind; a kind of one's own begins with a built-in one."""
    kind = kind.partition(":")[0].strip()
    front, back, cloze = _sides(fact, kind)
    if not front or not (back or cloze):
        return Made(None, "its question is empty" if not front else "its answer is empty")
    if cloze:
        sentence, why = _sentence(front)
        if not sentence:
            return Made(None, why)
        return Made(Note(sentence, back, id=ident, tags=tags, cloze=True, line=fact.line))
    both = kind in {BOTH, VOCABULARY} and len(views) > 1
    if kind == VOCABULARY and views == ["3.2"]:
        front, back = back, front
    note = Note(front, back, id=ident, tags=tags, reverse=both or None, line=fact.line)
    return Made(note)


def _sides(fact: Fact, kind: str) -> tuple[str, str, bool]:
    """Return the front and the back of a fact, and whether the front has gaps."""
    part = fact.markdown
    if kind in {CLOZE, SENTENCE} or ("text" in fact.parts and "f" not in fact.parts):
        sentence = part("text") or part("f")
        more = _joined(part("p_1"), part("m_1"), part("n"), part("b"))
        return sentence, more, bool(BRACKET.search(sentence))
    if kind == MAP or "marked" in fact.parts:
        return (
            _joined(part("blank"), "Where is it? / What is it?"),
            _joined(part("loc"), part("marked")),
            False,
        )
    if kind == VOCABULARY or "m_1" in fact.parts:
        return _joined(part("f"), part("p_1")), _joined(part("m_1"), part("n")), False
    return part("f"), _joined(part("b"), part("n")), False


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _sentence(text: str) -> tuple[str, str]:
    """Return a sentence with its gaps as ours; [text:hint] has a hint."""
    if not any(":" in found[1] for found in BRACKET.finditer(text)):
        return from_brackets(text)
    number = 0

    def gap(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        body, _, hint = found[1].partition(":")
        return "{{" + f"c{number}::{body}" + (f"::{hint}" if hint else "") + "}}"

    return BRACKET.sub(gap, text), ""
