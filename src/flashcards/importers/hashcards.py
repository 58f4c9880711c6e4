r"""Cards written Q: and A:, or C: with [gaps], in Markdown: hashcards, repeater, and our own.

A card ends at `---`, at the next Q: or C:, or with the file. A line that only looks like one of
these has a space before it; `\[` is a bracket and no gap. What only our own cards have stands in
a comment before the card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from flashcards.core.cards import Note
from flashcards.core.cloze_brackets import from_brackets
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Skipped, Source
from flashcards.importers.hashcards_metadata import COMMENT, Meta, meta
from flashcards.importers.notations import MARKDOWN_ENDINGS, QUESTIONS, notation, pair
from flashcards.importers.shared.front_matter import FrontMatter, front_matter
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, skipped

TITLE = "Markdown with Q: and A:"
ENDINGS = MARKDOWN_ENDINGS

STARTS = ("Q:", "A:", "C:")
PAIRS = "{} lines between its cards have :: in them, and were left; --format obsidian takes those."
KEPT = re.compile(r"^ ( *(?:[QAC]:|---[ \t]*$|<!-- flashcards: ))")


def fits(source: Source) -> bool:
    """Tell a text that has a Q: with its A:, or a C: with brackets."""
    return notation(source) == QUESTIONS


def read(source: Source) -> Brought:
    """Return the cards of a text; what stands between them is no card, and is left."""
    text = decoded(source)
    lines = text.text.split("\n")
    about = front_matter(lines)
    reader = _Reader(source, about)
    for number, line in enumerate(lines[about.lines :], about.lines + 1):
        reader.line(number, line)
    reader.end()
    return Brought(reader.decks(), tuple(reader.skipped), (*text.remarks, *reader.remarks()))


@dataclass(slots=True)
class _Reader:
    """Takes the lines of a text one by one; `sides` are those of the card that is open."""

    source: Source
    about: FrontMatter
    skipped: list[Skipped] = field(default_factory=list)
    _decks: Decks = field(default_factory=Decks)
    _sides: dict[str, list[str]] = field(default_factory=dict)
    _start: int = 0
    _meta: Meta = field(default_factory=Meta)
    _next: Meta = field(default_factory=Meta)
    _open: str = ""
    _pairs: int = 0

    def line(self, number: int, line: str) -> None:
        """Take a line."""
        start = line[:2]
        if line.strip() == "---" and line[0] == "-":
            self.end()
        elif found := COMMENT.fullmatch(line.rstrip()):
            self.end()
            self._next = meta(found[1])
        elif start in {"Q:", "C:"}:
            self.end()
            self._begin(start, number, line)
        elif start == "A:":
            self._answer(number, line)
        elif self._open:
            self._sides[self._open].append(KEPT.sub(r"\1", line))
        elif "::" in line and pair(line):
            self._pairs += 1

    def _begin(self, start: str, number: int, line: str) -> None:
        self._sides = {start: [line[2:].strip()]}
        self._start, self._open = number, start
        self._meta, self._next = self._next, Meta()

    def _answer(self, number: int, line: str) -> None:
        if self._open == "Q:":
            self._sides["A:"] = [line[2:].strip()]
            self._open = "A:"
            return
        why = "an A: without its Q:" if not self._open else f"an A: inside of {self._open}"
        self.end()
        self.skipped.append(skipped(self.source, number, f"{why} {line[2:].strip()[:60]}".rstrip()))

    def end(self) -> None:
        """End the card that is open."""
        if self._open:
            note, why = self._note()
            if note is None:
                self.skipped.append(skipped(self.source, self._start, why))
            else:
                deck = self._meta.deck or self._deck()
                self._decks.add(deck, BroughtNote(note))
        self._open, self._sides = "", {}

    def _deck(self) -> str:
        return self.about.text("name", "deck", "title") or deck_name(self.source)

    def _note(self) -> tuple[Note | None, str]:
        side = {name: "\n".join(lines).strip() for name, lines in self._sides.items()}
        if "C:" in side:
            sentence, why = self._meta.sentence, ""
            if not sentence:
                sentence, why = from_brackets(side["C:"])
            return (self._meta.cloze(sentence, self._start), "") if sentence else (None, why)
        if not side["Q:"]:
            return None, "its question is empty"
        if not side.get("A:"):
            return (
                None,
                "this question has no answer" if "A:" not in side else "its answer is empty",
            )
        return self._meta.note(side["Q:"], side["A:"], self._start), ""

    def decks(self) -> tuple[BroughtDeck, ...]:
        """Return the decks, each with what the head of the text says of its own."""
        own, tags = self._deck(), self.about.words("tags")
        return tuple(
            replace(deck, description=self.about.whole("description"), tags=tags)
            if deck.name == own
            else deck
            for deck in self._decks.all()
        )

    def remarks(self) -> tuple[str, ...]:
        """Return what to say of lines that were left, and of files that are not ours."""
        left = (PAIRS.format(self._pairs),) if self._pairs else ()
        return (*left, *self._decks.remarks(but="media/"))
