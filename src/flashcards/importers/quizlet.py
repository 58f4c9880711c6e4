"""Import Quizlet sets: term, separator, definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers import csv as importers_csv
from flashcards.importers.base import ImportedNote, ImportResult, ImportSource, TableOptions
from flashcards.importers.csv.rows import LIST_LINE, SEPARATORS, has_continued_rows, has_rows_in_one_line
from flashcards.importers.html.escaping import plain_to_markdown
from flashcards.importers.shared.source_text import (
    PLAIN_TEXT_EXTENSIONS,
    DeckCollector,
    decode_text,
    default_deck_name,
    read_head,
)

TITLE = "Quizlet export (term, separator, definition)"
EXTENSIONS: tuple[str, ...] = ()
SEPARATOR_REMARK = "{!r} was used between term and definition; change it with --separator."

TERM_SEPARATORS = ("\t", " - ", " – ", " — ", " = ", " | ", " : ", ";", ", ", ",", ": ")
"""What may part a term from its definition, the likeliest first."""
CLEAR_SEPARATORS = frozenset({" - ", " – ", " — ", " = ", " | ", ";"})
"""Those of them that, once in each row, tell a set."""
WEAK_SEPARATORS = frozenset({" : ", ", ", ","})
"""Those that tell it where all rows are short, too; the others are in prose, and in lists."""
ROW_SEPARATORS = ("\n", "\n\n", ";", "|")
MIN_ROWS = 3
"""Rows that are needed to tell a set by its separators."""
MAX_ROW_LENGTH, MAX_SHORT_ROW_LENGTH, MAX_TERM_WORDS = 400, 120, 6
"""Letters of a row of a set, of a short one, and words of its term; prose has more."""
NOT_A_ROW = re.compile(r"^(?:#|\s*[-*+>] |\s*\d+[.)] |\*\*?|```|<!--|Q:|A:|C:|---)")
SENTENCE_ENDS = (".", "!", "?", ",", ":")


@dataclass(frozen=True, slots=True)
class SetFormat:
    """What parts rows, and what parts the term of each from its definition."""

    row_separator: str
    term_separator: str


def recognises(source: ImportSource) -> bool:
    """Tell a set by a separator that stands once in every row; tabs are those of a table.

    Raises FlashcardsError where two separators do.
    """
    asked = source.options
    is_told = bool(asked.separator or asked.row_separator)
    text = read_head(source).strip() if is_told or source.extension in PLAIN_TEXT_EXTENSIONS else ""
    if is_told:
        told = all(sign in text for sign in (asked.separator, asked.row_separator))
        return bool(text) and told and not importers_csv.recognises(source)
    return (
        has_rows_in_one_line(text)
        or has_continued_rows(text)
        or (not importers_csv.recognises(source) and bool(_detect_format(source, text)))
    )


def _detect_format(source: ImportSource, text: str) -> SetFormat | None:
    """Return the shape that all rows of a text have; raises FlashcardsError for two of them."""
    for signs in (CLEAR_SEPARATORS, WEAK_SEPARATORS):
        found: dict[str, SetFormat] = {}
        shapes = _possible_formats(sign for sign in TERM_SEPARATORS if sign in signs)
        # "a,b;c,d" has both signs as often as rows: it is a set of pairs, and not of lists.
        for shape in sorted(shapes, key=lambda shape: shape.row_separator != "\n"):
            if _is_set(text, shape):
                found.setdefault(shape.term_separator.strip(), shape)
        if len(found) > 1:
            one, other = (repr(shape.term_separator) for shape in list(found.values())[:2])
            raise FlashcardsError(
                f"{source.name}: the separator could be {one} or {other}. Choose: "
                f"--separator {one}, or --separator {other}."
            )
        if found:
            return next(iter(found.values()))
    return None


def _possible_formats(signs: Iterable[str], rows: Sequence[str] = ROW_SEPARATORS) -> list[SetFormat]:
    return [SetFormat(row, sign) for sign in signs for row in rows if sign not in row and row not in sign]


def _is_set(text: str, set_format: SetFormat) -> bool:
    found = [row for row in text.split(set_format.row_separator) if row.strip()]
    return len(found) >= MIN_ROWS and all(
        row.count(set_format.term_separator) == 1
        and len(row) <= MAX_ROW_LENGTH
        and not NOT_A_ROW.match(row)
        and "::" not in row and all(side.strip() for side in row.split(set_format.term_separator))
        and (set_format.row_separator in "\n\n" or "\n" not in row.strip())
        and (set_format.term_separator not in WEAK_SEPARATORS or _is_short_row(row.strip(),
        set_format.term_separator))
        for row in found
    )  # fmt: skip


def _is_short_row(row: str, between: str) -> bool:
    return (
        len(row) <= MAX_SHORT_ROW_LENGTH
        and not row.endswith(SENTENCE_ENDS)
        and len(row.partition(between)[0].split()) <= MAX_TERM_WORDS
    )


def read_source(source: ImportSource) -> ImportResult:
    """Return a set's notes. Raises FlashcardsError when nothing parts its terms."""
    text = decode_text(source)
    set_format = _best_format(text.text, source.options)
    if set_format is None:
        raise FlashcardsError(
            f"{source.name}: no separator between terms and definitions found. Name it: "
            '--separator " = ", and --row-separator where a line is not a row.'
        )
    decks = DeckCollector(source, plain_to_markdown)
    for begins, row in _join_continued_rows(_split_rows(text.text, set_format.row_separator), set_format):
        term, sign, definition = (part.strip() for part in row.partition(set_format.term_separator))
        if term and definition:
            decks.add_note(default_deck_name(source), ImportedNote(Note(term, definition, line=begins)))
        elif row.strip():
            missing = "definition" if term else "term"
            why = (
                f"it has no {missing}" if sign.strip() or sign else f"it has no {set_format.term_separator!r}"
            )
            decks.skip(begins, why)
    plain = set_format.term_separator == "\t" or source.options.separator
    said = () if plain else (SEPARATOR_REMARK.format(set_format.term_separator),)
    return decks.result((*text.remarks, *said))


def _split_rows(text: str, between: str) -> Iterator[tuple[int, str]]:
    """Yield each row with the number of the line that it begins on."""
    line = 1
    for row in re.split(r"(\n(?:[ \t]*\n)+)", text) if between == "\n\n" else text.split(between):
        if row.strip():
            yield line + len(row) - len(row.lstrip("\n")), row.strip("\n")
        line += row.count("\n") + (between if between != "\n\n" else "").count("\n")


def _join_continued_rows(rows: Iterator[tuple[int, str]], set_format: SetFormat) -> Iterator[tuple[int, str]]:
    """Yield rows; a line without the sign, in a list, belongs to the one above."""
    begins, row = 0, ""
    for line, more in rows:
        if row and set_format.term_separator not in more and LIST_LINE.match(more):
            row += f"\n{more}"
            continue
        if row:
            yield begins, row
        begins, row = line, more
    if row:
        yield begins, row


def _best_format(text: str, options: TableOptions) -> SetFormat | None:
    """Return the shape by which most rows have one term and one definition."""
    sample = text[: 1 << 16]
    if options.separator and options.row_separator:
        return SetFormat(options.row_separator, options.separator)
    signs = [options.separator] if options.separator else (*TERM_SEPARATORS, *SEPARATORS)
    shapes = _possible_formats(signs, [options.row_separator] if options.row_separator else ROW_SEPARATORS)
    best, most = None, 0.0
    for shape in shapes:
        found = [row for row in sample.split(shape.row_separator) if row.strip()]
        sides = [row.split(shape.term_separator) for row in found]
        good = sum(len(parts) == 2 and all(map(str.strip, parts)) for parts in sides)
        share = good / len(found) if found else 0.0
        if good and share > most + 0.05:
            best, most = shape, share
    return best or next((shape for shape in shapes if shape.term_separator in sample), None)
