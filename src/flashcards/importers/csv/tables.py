"""Import CSV, TSV and Anki's text export."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter

from flashcards.core.cards import Note
from flashcards.core.cloze_brackets import separate_unnumbered_gaps
from flashcards.core.format_count import format_count
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.csv.column_headings import (
    TableLayout,
    TableSettings,
    is_header_row,
    read_settings,
    table_layout,
)
from flashcards.importers.csv.guess_header import HeaderGuess, guess_header
from flashcards.importers.csv.own_rows import read_own_row
from flashcards.importers.csv.split_rows import (
    TableRow,
    guess_separator,
    has_continued_rows,
    has_rows_in_one_line,
    read_rows,
)
from flashcards.importers.html.escaping import plain_to_markdown
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head, valid_note_id

TITLE = "table (CSV, TSV, Anki's text export)"
EXTENSIONS = (".csv", ".tsv", ".tab")

NUMBERED_GAP = re.compile(r"\{\{c\d{1,3}(?:,\d{1,3})*::")
SURE_HTML = re.compile(r"<br ?/?>|<div[ >]|&nbsp;|<img ", re.IGNORECASE)
ANY_HTML = re.compile(
    r"<br ?/?>|<div[ >]|&nbsp;|<img |</(?:b|i|u|span|p|li|sub|sup|font|strong|em)>", re.IGNORECASE
)
FIELD_ROLES = ("deck", "notetype", "front", "cloze", "back", "id", "tags", "reverse")
OPTIONAL_REVERSED = "optional reversed"
"""Part of the name of an Anki note type whose extra field adds the reverse card."""
HTML_REMARK = 'Fields were read as HTML; put "#html:false" on the first line to prevent that.'
MIN_TABBED_SHARE = 0.7  # share of a text's rows that must contain a tab to be a table
SAMPLE_ROWS = 100  # rows examined to detect a header
QUOTED_FIELD = re.compile(r'^"[^"\n]*"[,;]|[,;]"[^"\n]*"$', re.MULTILINE)
"""Quoted fields, which only tables have."""
HEADER_REMARK = "The first row, {}, was read as column names; use --no-header to import it as a card."
DOUBTFUL_HEADER_REMARK = (
    "The first row, {}, was imported as a card. If it has the column names, import again with "
    "--header, and delete that card from its deck."
)


def recognises(source: ImportSource) -> bool:
    """Recognise a table by Anki's header, ending, first row or tabs."""
    text = read_head(source)
    if not text.strip():
        return False
    if read_settings(text).line_count:
        return True
    asked, row_separator = source.options.separator, source.options.row_separator
    if row_separator not in {"", "\n"} or len(asked) > 1 or asked == "\n":
        return False
    if source.extension not in PLAIN_TEXT_EXTENSIONS:
        return source.extension in EXTENSIONS
    if asked:
        return asked in text
    return not has_rows_in_one_line(text) and not has_continued_rows(text) and _is_table(text)


def _is_table(text: str) -> bool:
    """Recognise a table by column names, quoted fields or tabs."""
    guess = guess_separator(text)
    found = [row.fields for row in islice(read_rows(text, guess.separator), SAMPLE_ROWS)]
    if is_header_row(found[0] if found else []):
        return True
    if guess.separator != "\t":
        return guess.agreement == 1 and len(found) > 1 and bool(QUOTED_FIELD.search(text))
    found = [fields for fields in found if not fields[0].startswith("#")]
    tabbed = sum(any(fields[:1]) and len(fields) > 1 for fields in found)
    return tabbed >= MIN_TABBED_SHARE * len(found) > 0


def read_source(source: ImportSource) -> ImportResult:
    """Return a table's notes. Raises FlashcardsError if it has fewer than two columns."""
    decks = DeckCollector(source)
    text = decks.read_text(newlines=False)
    table_settings = read_settings(text)
    decks.default_deck = table_settings.values.get("deck", "").strip() or decks.default_deck
    separator = source.options.separator or table_settings.separator
    separator = separator or _detect_separator(source, text, table_settings)
    table = read_rows(text, _require_single_character(source, separator), table_settings.line_count)
    table = (row for row in table if not _is_comment(row, has_settings=table_settings.line_count > 0))
    sample = list(islice(table, SAMPLE_ROWS))
    if not sample:
        return decks.result()
    layout, header = _detect_layout(source, table_settings, sample)
    body = chain(sample[1:] if layout.has_header else sample, table)
    as_html = table_settings.is_html
    if as_html is None:  # with tabs any tag counts, as in exports of programs
        as_html = bool((ANY_HTML if separator == "\t" else SURE_HTML).search(text, 0, 1 << 22))
    reader = _TableReader(table_settings, layout, as_html=as_html and not layout.is_own_table)
    for row in body:
        deck, made = reader.read_row(row)
        decks.add_or_skip(row.line, made, deck=deck)
    decks.remarks += [*header, *reader.remarks()]
    return decks.result()


def _require_single_character(source: ImportSource, separator: str) -> str:
    """Return a separator valid for tables. Raises FlashcardsError."""
    if len(separator) == 1 and separator not in '"\r\n':
        return separator
    raise FlashcardsError(
        f"{source.name}: {separator!r} cannot separate fields; use a single character. "
        "For terms and definitions without quotes: --format quizlet."
    )


def _detect_layout(
    source: ImportSource, table_settings: TableSettings, sample: list[TableRow]
) -> tuple[TableLayout, list[str]]:
    """Return a table's layout, and remarks on its first row."""
    has_header, (first, *others) = source.options.has_header, [row.fields for row in sample]
    shape = table_layout(table_settings, first, has_header=has_header)
    if has_header is not None or shape.has_header or table_settings.line_count:
        return shape, []
    cells = " and ".join(repr(cell.strip()) for cell in first[:2])
    match guess_header(first, others):
        case HeaderGuess.NAMES:
            return table_layout(table_settings, first, has_header=True), [HEADER_REMARK.format(cells)]
        case HeaderGuess.LIKELY:
            return shape, [DOUBTFUL_HEADER_REMARK.format(cells)]
    return shape, []


def _is_comment(row: TableRow, *, has_settings: bool) -> bool:
    """Recognise Anki's comment lines; without settings only single-field ones."""
    begins = bool(row.fields) and row.fields[0].startswith("#")
    return begins and (has_settings or len(row.fields) == 1)


def _detect_separator(source: ImportSource, text: str, table_settings: TableSettings) -> str:
    sample = text[: 1 << 18].split("\n", table_settings.line_count)[-1] if table_settings.line_count else text
    guess = guess_separator(sample)
    if source.extension == ".tsv" or (guess.column_count < 2 and "\t" in sample):
        return "\t"
    if guess.column_count < 2:
        raise FlashcardsError(
            f"{source.name}: no tab, semicolon, comma or bar separates front and back. "
            'Name the separator: --separator "|".'
        )
    return guess.separator


class _TableReader:
    """Converts rows to notes."""

    def __init__(self, settings: TableSettings, layout: TableLayout, *, as_html: bool) -> None:
        self.settings, self.layout, self.as_html = settings, layout, as_html
        self._convert_text = html_to_markdown if as_html else plain_to_markdown
        self._note_type = settings.values.get("notetype", "")
        roles = [*enumerate(layout.roles)]
        self._extra_columns = [place for place, role in roles if role == "more"]  # without a known role
        self._column_by_role = {role: place for place, role in reversed(roles) if role not in {"", "more"}}
        self._field_texts = itemgetter(*(self._column_by_role.get(role, -1) for role in FIELD_ROLES))
        self._padding = [""] * (len(roles) + 1)  # for short rows, and the roles that no column has
        self._extra_column_names = set[str]()
        self._tags_by_text: dict[str, tuple[str, ...]] = {}

    def read_row(self, row: TableRow) -> tuple[str, Note | str]:
        """Return a row's deck, or "", and its note, or why there is none."""
        if row.problem:
            return "", row.problem
        if self.layout.is_own_table:
            return read_own_row(self.layout.roles, row)
        fields = row.fields
        deck, kind, front, cloze_text, back, own, tags, said = self._field_texts(fields + self._padding)
        deck, kind = deck.strip(), (kind or self._note_type).casefold()
        front = self._convert_text(front or cloze_text)
        if not front:
            return deck, "its front is empty"
        cloze = "{{c" in front and bool(NUMBERED_GAP.search(front))
        if self._column_by_role.get("back", len(fields)) >= len(fields) and not cloze:
            return deck, f"it has {format_count(len(fields), 'field')}; front and back need two"
        note = Note(
            separate_unnumbered_gaps(front) if cloze else front,
            self._back_text(back, cloze_text, fields, more=OPTIONAL_REVERSED not in kind),
            own and valid_note_id(own),
            self._split_tags(tags),
            reverse=True if (kind or said) and not cloze and self._is_reversed(kind, said, fields) else None,
            cloze=cloze,
            line=row.line,
            typed=True if "type in" in kind and not cloze else None,
        )
        return deck, note

    def _back_text(self, back: str, cloze_text: str, fields: Sequence[str], *, more: bool) -> str:
        """Return the back, and below it the columns without a role."""
        back = self._convert_text(back)
        beyond = len(self.layout.roles)
        if not more or (
            len(fields) <= beyond and not self._extra_columns and "cloze" not in self._column_by_role
        ):
            return back
        parts = [back]
        if "front" in self._column_by_role:
            parts.append(self._convert_text(cloze_text))
        for place in (*self._extra_columns, *range(beyond, len(fields))):
            if place < len(fields) and (text := self._convert_text(fields[place])):
                name = self.layout.names[place] if place < len(self.layout.names) else ""
                self._extra_column_names.add(name or f"column {place + 1}")
                parts.append(f"{name}: {text}" if name else text)
        return "\n\n".join(part for part in parts if part)

    def _is_reversed(self, kind: str, said: str, fields: Sequence[str]) -> bool:
        if "reverse" in self._column_by_role:
            return said.strip().casefold() in {"1", "true", "yes", "y", "x"}
        if OPTIONAL_REVERSED in kind:
            return any(fields[place].strip() for place in self._extra_columns if place < len(fields))
        return "reversed" in kind

    def _split_tags(self, text: str) -> tuple[str, ...]:
        if text not in self._tags_by_text:
            found = re.split(r"[,;\s]+", f"{self.settings.values.get('tags', '')} {text}")
            self._tags_by_text[text] = tuple(dict.fromkeys(tag for tag in found if tag))
        return self._tags_by_text[text]

    def remarks(self) -> Iterator[str]:
        """Yield remarks on how the table was read."""
        if self.as_html and self.settings.is_html is None:
            yield HTML_REMARK
        if self._extra_column_names:
            names = ", ".join(sorted(self._extra_column_names)[:8])
            yield f"These columns were added below the answers: {names}."
