"""Notes in CSV, TSV and Anki's text export: a note a row, in whatever columns they come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from flashcards.core.card import Note
from flashcards.errors import FlashcardsError
from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.columns import Layout, Settings, layout, names_columns, settings
from flashcards.importers.fields import own_note
from flashcards.importers.html import to_markdown
from flashcards.importers.rows import Row, rows, separator_of
from flashcards.importers.text import (
    PLAIN_ENDINGS,
    Decks,
    deck_name,
    decoded,
    head,
    identifier,
    skipped,
)

TITLE = "table (CSV, TSV, Anki's text export)"
ENDINGS = (".csv", ".tsv", ".tab")

NUMBERED_GAP = re.compile(r"\{\{c\d{1,3}::")
BREAK = re.compile(r"<br ?/?>|<div[ >]|&nbsp;|<img ", re.IGNORECASE)
HTML = re.compile(
    r"<br ?/?>|<div[ >]|&nbsp;|<img |</(?:b|i|u|span|p|li|sub|sup|font|strong|em)>",
    re.IGNORECASE,
)
OPTIONAL = "optional reversed"
"""Of a kind of note that Anki has: a field more says whether it is asked both ways."""
AS_HTML = 'Its fields hold HTML, and were read as such; a first line "#html:false" stops that.'
EVEN = 0.7
"""How much of a text's lines must have a tab in it to be taken for a table."""


def fits(source: Source) -> bool:
    """Tell a table by Anki's lines above it, by its ending, its first row, or its tabs."""
    text = head(source)
    if not text.strip():
        return False
    if settings(text).lines:
        return True
    if source.ending not in PLAIN_ENDINGS:
        return source.ending in ENDINGS
    guess = separator_of(text)
    first = next((row.fields for row in rows(text, guess.separator)), [])
    if names_columns(first):
        return True
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    tabbed = sum("\t" in line.lstrip("\t") for line in lines)
    return guess.separator == "\t" and tabbed >= EVEN * len(lines) > 0


def read(source: Source) -> Brought:
    """Return a table's notes. Raises FlashcardsError when it has no two columns."""
    text = decoded(source, newlines=False)
    said = settings(text.text)
    separator = said.separator or _separator(source, text.text, said.lines)
    table = rows(text.text, separator, said.lines)
    table = (row for row in table if not _is_comment(row, among_settings=said.lines > 0))
    first = next(table, None)
    if first is None:
        return Brought((), remarks=text.remarks)
    shape = layout(said, first.fields)
    body = table if shape.header else chain([first], table)
    as_html = bool(said.html) if said.html is not None else _has_html(text.text, separator)
    reader = _Reader(source, said, shape, as_html=as_html and not shape.ours)
    reader.take(body)
    remarks = [
        *text.remarks,
        *reader.remarks(told=said.html is not None),
        *(() if shape.ours else reader.decks.remarks()),
    ]
    return Brought(reader.decks.all(), tuple(reader.skipped), tuple(remarks))


def _is_comment(row: Row, *, among_settings: bool) -> bool:
    """Tell a line that Anki passes over; without its settings only one that is no row at all."""
    begins = bool(row.fields) and row.fields[0].startswith("#")
    return begins and (among_settings or len(row.fields) == 1)


def _separator(source: Source, text: str, start: int) -> str:
    sample = text[: 1 << 18].split("\n", start)[-1] if start else text
    guess = separator_of(sample)
    if source.ending == ".tsv" or (guess.columns < 2 and "\t" in sample):
        return "\t"
    if guess.columns < 2:
        raise FlashcardsError(
            f"{source.name}: no tab, semicolon, comma or bar parts its rows into a front and a "
            'back. Say what does in a first line, as "#separator:|".'
        )
    return guess.separator


def _has_html(text: str, separator: str) -> bool:
    """Tell HTML from text with angles: with tabs any tag does, as programs write such tables."""
    return bool((HTML if separator == "\t" else BREAK).search(text, 0, 1 << 22))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(slots=True)
class _Reader:
    """Makes notes of rows."""

    source: Source
    said: Settings
    shape: Layout
    as_html: bool
    decks: Decks = field(default_factory=Decks)
    skipped: list[Skipped] = field(default_factory=list)
    _text: Callable[[str], str] = _plain
    _deck: str = ""
    _more: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._text = to_markdown if self.as_html else _plain
        self._deck = self.said.said.get("deck", "").strip() or deck_name(self.source)

    def take(self, table: Iterator[Row]) -> None:
        """Make a note of each row, and a skipped piece of each that makes none."""
        for row in table:
            deck, note, why = self._made(row)
            if note is None:
                self.skipped.append(skipped(self.source, row.line, why))
            else:
                self.decks.add(deck, BroughtNote(note))

    def _made(self, row: Row) -> tuple[str, Note | None, str]:
        if row.why:
            return "", None, row.why
        if self.shape.ours:
            deck, note, why = own_note(self.shape.roles, row)
            return deck or self._deck, note, why
        fields = self._by_role(row.fields)
        deck = fields.get("deck", "").strip() or self._deck
        kind = fields.get("notetype", self.said.said.get("notetype", "")).casefold()
        front = self._text(fields.get("front", "") or fields.get("cloze", ""))
        back = self._back(fields, [] if OPTIONAL in kind else row.fields)
        if not front:
            return deck, None, "its front is empty"
        cloze = bool(NUMBERED_GAP.search(front))
        if "back" not in fields and not cloze:
            return deck, None, f"it has {_many(len(row.fields))}; a front and a back need two"
        note = Note(
            front,
            back,
            id=identifier(fields.get("id", "")),
            tags=self._tags(fields.get("tags", "")),
            reverse=True if not cloze and self._reversed(kind, fields, row.fields) else None,
            cloze=cloze,
            line=row.line,
            typed=True if "type in" in kind and not cloze else None,
        )
        return deck, note, ""

    def _by_role(self, fields: Sequence[str]) -> dict[str, str]:
        return {
            role: value
            for role, value in zip(self.shape.roles, fields, strict=False)
            if role and role != "more"
        }

    def _back(self, fields: dict[str, str], all_fields: Sequence[str]) -> str:
        """Return the back, and below it what stands in columns that no role is known for."""
        parts = [self._text(fields.get("back", ""))]
        if "front" in fields and "cloze" in fields:
            parts.append(self._text(fields["cloze"]))
        for place, value in enumerate(all_fields):
            role = self.shape.roles[place] if place < len(self.shape.roles) else "more"
            if role == "more" and (text := self._text(value)):
                name = self.shape.names[place] if place < len(self.shape.names) else ""
                self._more.add(name or f"column {place + 1}")
                parts.append(f"{name}: {text}" if name else text)
        return "\n\n".join(part for part in parts if part)

    def _reversed(self, kind: str, fields: dict[str, str], all_fields: Sequence[str]) -> bool:
        if "reverse" in fields:
            return fields["reverse"].strip().casefold() in {"1", "true", "yes", "y", "x"}
        if OPTIONAL in kind:
            more = self.shape.places("more")
            return any(all_fields[place].strip() for place in more if place < len(all_fields))
        return "reversed" in kind

    def _tags(self, text: str) -> tuple[str, ...]:
        found = re.split(r"[,;\s]+", f"{self.said.said.get('tags', '')} {text}")
        return tuple(dict.fromkeys(tag for tag in found if tag))

    def remarks(self, *, told: bool) -> Iterator[str]:
        """Yield what a person may want to know of how the table was read."""
        if self.as_html and not told:
            yield AS_HTML
        if self._more:
            names = ", ".join(sorted(self._more)[:8])
            yield f"What stood in these columns is below the answers: {names}."


def _many(fields: int) -> str:
    return f"{fields} field" + ("" if fields == 1 else "s")
