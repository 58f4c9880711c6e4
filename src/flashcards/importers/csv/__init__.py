"""Notes in CSV, TSV and Anki's text export: a note a row, in whatever columns they come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.csv.anki_header import Header, header_of
from flashcards.importers.csv.columns import Layout, Settings, layout, names_columns, settings
from flashcards.importers.csv.own_rows import own_note
from flashcards.importers.csv.rows import Row, rows, runs_on, separator_of
from flashcards.importers.html import to_markdown
from flashcards.importers.shared.source_text import (
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
"""How much of a text's rows must have a tab in it to be taken for a table."""
SAMPLE = 100
"""Rows that tell what the first one is."""
QUOTED = re.compile(r'^"[^"\n]*"[,;]|[,;]"[^"\n]*"$', re.MULTILINE)
"""Fields in quotation marks, as tables have them."""
TAKEN = "Its first row, {}, was taken for the names of its columns; --no-header makes it a card."
DOUBTED = (
    "Its first row, {}, came in as a card. If it is the names of the columns, import it with "
    "--header, and take that card out of its deck."
)


def fits(source: Source) -> bool:
    """Tell a table by Anki's lines above it, by its ending, its first row, or its tabs."""
    text = head(source)
    if not text.strip():
        return False
    if settings(text).lines:
        return True
    if source.ending not in PLAIN_ENDINGS:
        return source.ending in ENDINGS
    if asked := source.asked.separator:
        return len(asked) == 1 and asked in text and not source.asked.between
    return not runs_on(text) and _is_table(text)


def _is_table(text: str) -> bool:
    """Tell rows from other text: by names, by quotation marks, or by tabs."""
    guess = separator_of(text)
    found = [row.fields for row in islice(rows(text, guess.separator), SAMPLE)]
    if names_columns(found[0] if found else []):
        return True
    if guess.separator != "\t":
        return guess.agreement == 1 and len(found) > 1 and bool(QUOTED.search(text))
    found = [fields for fields in found if not fields[0].startswith("#")]
    tabbed = sum(any(fields[:1]) and len(fields) > 1 for fields in found)
    return tabbed >= EVEN * len(found) > 0


def read(source: Source) -> Brought:
    """Return a table's notes. Raises FlashcardsError when it has no two columns."""
    text = decoded(source, newlines=False)
    said = settings(text.text)
    separator = source.asked.separator or said.separator or _separator(source, text.text, said)
    table = rows(text.text, _single(source, separator), said.lines)
    table = (row for row in table if not _is_comment(row, among_settings=said.lines > 0))
    sample = list(islice(table, SAMPLE))
    if not sample:
        return Brought((), remarks=text.remarks)
    shape, header = _layout(source, said, sample)
    body = chain(sample[1:] if shape.header else sample, table)
    as_html = bool(said.html) if said.html is not None else _has_html(text.text, separator)
    reader = _Reader(source, said, shape, as_html=as_html and not shape.ours)
    reader.take(body)
    remarks = [
        *text.remarks,
        *header,
        *reader.remarks(told=said.html is not None),
        *(() if shape.ours else reader.decks.remarks()),
    ]
    return Brought(reader.decks.all(), tuple(reader.skipped), tuple(remarks))


def _single(source: Source, separator: str) -> str:
    """Return a separator that can part the fields of a table. Raises FlashcardsError."""
    if len(separator) == 1 and separator not in '"\r\n':
        return separator
    raise FlashcardsError(
        f"{source.name}: {separator!r} cannot part the fields of a table; a single sign can. "
        "For terms and definitions without quotes: --format quizlet."
    )


def _layout(source: Source, said: Settings, sample: list[Row]) -> tuple[Layout, list[str]]:
    """Return the layout of a table, and what to say of its first row."""
    asked, (first, *others) = source.asked.header, [row.fields for row in sample]
    shape = layout(said, first, header=asked)
    if asked is not None or shape.header or said.lines:
        return shape, []
    cells = " and ".join(repr(cell.strip()) for cell in first[:2])
    match header_of(first, others):
        case Header.NAMES:
            return layout(said, first, header=True), [TAKEN.format(cells)]
        case Header.LIKELY:
            return shape, [DOUBTED.format(cells)]
    return shape, []


def _is_comment(row: Row, *, among_settings: bool) -> bool:
    """Tell a line that Anki passes over; without its settings only one that is no row at all."""
    begins = bool(row.fields) and row.fields[0].startswith("#")
    return begins and (among_settings or len(row.fields) == 1)


def _separator(source: Source, text: str, said: Settings) -> str:
    sample = text[: 1 << 18].split("\n", said.lines)[-1] if said.lines else text
    guess = separator_of(sample)
    if source.ending == ".tsv" or (guess.columns < 2 and "\t" in sample):
        return "\t"
    if guess.columns < 2:
        raise FlashcardsError(
            f"{source.name}: no tab, semicolon, comma or bar parts its rows into a front and a "
            'back. Say what does: --separator "|".'
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
    _kind: str = ""
    _places: dict[str, int] = field(default_factory=dict)
    _rest: list[int] = field(default_factory=list)
    """Columns that no role is known for."""
    _more: set[str] = field(default_factory=set)
    _tagged: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._text = to_markdown if self.as_html else _plain
        self._deck = self.said.said.get("deck", "").strip() or deck_name(self.source)
        self._kind = self.said.said.get("notetype", "")
        for place, role in enumerate(self.shape.roles):
            if role == "more":
                self._rest.append(place)
            elif role:
                self._places.setdefault(role, place)

    def take(self, table: Iterable[Row]) -> None:
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
        fields = row.fields
        deck = self._field("deck", fields).strip() or self._deck
        kind = (self._field("notetype", fields) or self._kind).casefold()
        front = self._text(self._field("front", fields) or self._field("cloze", fields))
        if not front:
            return deck, None, "its front is empty"
        cloze = "{{c" in front and bool(NUMBERED_GAP.search(front))
        if self._places.get("back", len(fields)) >= len(fields) and not cloze:
            return deck, None, f"it has {_many(len(fields))}; a front and a back need two"
        note = Note(
            front,
            self._back(fields, more=OPTIONAL not in kind),
            id=identifier(self._field("id", fields)),
            tags=self._tags(self._field("tags", fields)),
            reverse=True if not cloze and self._reversed(kind, fields) else None,
            cloze=cloze,
            line=row.line,
            typed=True if "type in" in kind and not cloze else None,
        )
        return deck, note, ""

    def _field(self, role: str, fields: Sequence[str]) -> str:
        place = self._places.get(role)
        return fields[place] if place is not None and place < len(fields) else ""

    def _back(self, fields: Sequence[str], *, more: bool) -> str:
        """Return the back, and below it what stands in columns that no role is known for."""
        back = self._text(self._field("back", fields))
        beyond = len(self.shape.roles)
        if not more or (len(fields) <= beyond and not self._rest and "cloze" not in self._places):
            return back
        parts = [back]
        if "front" in self._places:
            parts.append(self._text(self._field("cloze", fields)))
        for place in (*self._rest, *range(beyond, len(fields))):
            if place < len(fields) and (text := self._text(fields[place])):
                name = self.shape.names[place] if place < len(self.shape.names) else ""
                self._more.add(name or f"column {place + 1}")
                parts.append(f"{name}: {text}" if name else text)
        return "\n\n".join(part for part in parts if part)

    def _reversed(self, kind: str, fields: Sequence[str]) -> bool:
        if "reverse" in self._places:
            return self._field("reverse", fields).strip().casefold() in {
                "1",
                "true",
                "yes",
                "y",
                "x",
            }
        if OPTIONAL in kind:
            return any(fields[place].strip() for place in self._rest if place < len(fields))
        return "reversed" in kind

    def _tags(self, text: str) -> tuple[str, ...]:
        """Return the tags that a field names; rows that say the same share them."""
        if text not in self._tagged:
            found = re.split(r"[,;\s]+", f"{self.said.said.get('tags', '')} {text}")
            self._tagged[text] = tuple(dict.fromkeys(tag for tag in found if tag))
        return self._tagged[text]

    def remarks(self, *, told: bool) -> Iterator[str]:
        """Yield what a person may want to know of how the table was read."""
        if self.as_html and not told:
            yield AS_HTML
        if self._more:
            names = ", ".join(sorted(self._more)[:8])
            yield f"What stood in these columns is below the answers: {names}."


def _many(fields: int) -> str:
    return f"{fields} field" + ("" if fields == 1 else "s")
