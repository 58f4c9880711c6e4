"""Import Quizlet sets: term, separator, definition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportResult, ImportSource, TableOptions
from flashcards.importers.csv import split_rows, tables
from flashcards.importers.html.escaping import plain_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

TITLE = "Quizlet export (term, separator, definition)"
EXTENSIONS: tuple[str, ...] = ()
SEPARATOR_REMARK = "{!r} was used between term and definition; change it with --separator."

TERM_SEPARATORS = ("\t", " - ", " – ", " — ", " = ", " | ", " : ", ";", ", ", ",", ": ")
"""Possible separators of term and definition, the likeliest first."""
CLEAR_SEPARATORS = frozenset({" - ", " – ", " — ", " = ", " | ", ";"})
"""If one of these is once in each row, the text is a set."""
WEAK_SEPARATORS = frozenset({" : ", ", ", ","})
"""These count only if all rows are short, because prose and lists contain them too."""
ROW_SEPARATORS = ("\n", "\n\n", ";", "|")
MIN_ROWS = 3  # fewer rows are not recognised as a set
MAX_ROW_LENGTH, MAX_SHORT_ROW_LENGTH, MAX_TERM_WORDS = 400, 120, 6
"""Characters of a row and of a short one, and words of a term; prose has more."""
NOT_A_ROW = re.compile(r"^(?:#|\s*[-*+>] |\s*\d+[.)] |\*\*?|```|<!--|Q:|A:|C:|---)")
SENTENCE_ENDS = (".", "!", "?", ",", ":")


class SetFormat(NamedTuple):
    """The separators of rows, and of term and definition."""

    row_separator: str
    term_separator: str


def recognises(source: ImportSource) -> bool:
    """Recognise a set by a separator that is once in every row.

    Raises FlashcardsError if two separators are.
    """
    separators = source.options.separator, source.options.row_separator
    text = read_head(source).strip() if any(separators) or source.extension in PLAIN_TEXT_EXTENSIONS else ""
    if any(separators):
        has_all = all(separator in text for separator in separators)
        return bool(text) and has_all and not tables.recognises(source)
    return (
        split_rows.has_rows_in_one_line(text)
        or split_rows.has_continued_rows(text)
        or (not tables.recognises(source) and bool(_detect_format(source, text)))
    )


def _detect_format(source: ImportSource, text: str) -> SetFormat | None:
    """Return the format that all rows share. Raises FlashcardsError if two fit."""
    for signs in (CLEAR_SEPARATORS, WEAK_SEPARATORS):
        found: dict[str, SetFormat] = {}
        shapes = _possible_formats(sign for sign in TERM_SEPARATORS if sign in signs)
        # In "a,b;c,d" both separators occur as often as rows: it is a set of pairs, not of lists.
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
    """Return a set's notes. Raises FlashcardsError if no separator is found."""
    decks = DeckCollector(source, plain_to_markdown)
    text = decks.read_text()
    set_format = _best_format(text, source.options)
    if set_format is None:
        raise FlashcardsError(
            f"{source.name}: no separator between terms and definitions found. Name it: "
            '--separator " = ", and --row-separator where a line is not a row.'
        )
    for begins, row in _join_continued_rows(_split_rows(text, set_format.row_separator), set_format):
        term, sign, definition = (part.strip() for part in row.partition(set_format.term_separator))
        if term and definition:
            decks.add_note(Note(term, definition, line=begins))
        elif row.strip():
            missing = "definition" if term else "term"
            decks.skip(begins, f"it has no {missing if sign else repr(set_format.term_separator)}")
    if set_format.term_separator != "\t" and not source.options.separator:
        decks.remarks.append(SEPARATOR_REMARK.format(set_format.term_separator))
    return decks.result()


def _split_rows(text: str, between: str) -> Iterator[tuple[int, str]]:
    line = 1
    for row in re.split(r"(\n(?:[ \t]*\n)+)", text) if between == "\n\n" else text.split(between):
        if row.strip():
            yield line + len(row) - len(row.lstrip("\n")), row.strip("\n")
        line += row.count("\n") + (between if between != "\n\n" else "").count("\n")


def _join_continued_rows(rows: Iterator[tuple[int, str]], set_format: SetFormat) -> Iterator[tuple[int, str]]:
    """Join list lines without the separator to the row above."""
    begins, row = 0, ""
    for line, more in rows:
        if row and set_format.term_separator not in more and split_rows.LIST_LINE.match(more):
            row += f"\n{more}"
            continue
        if row:
            yield begins, row
        begins, row = line, more
    if row:
        yield begins, row


def _best_format(text: str, options: TableOptions) -> SetFormat | None:
    """Return the format that gives most rows one term and one definition."""
    sample = text[: 1 << 16]
    if options.separator and options.row_separator:
        return SetFormat(options.row_separator, options.separator)
    signs = [options.separator] if options.separator else (*TERM_SEPARATORS, *split_rows.SEPARATORS)
    shapes = _possible_formats(signs, [options.row_separator] if options.row_separator else ROW_SEPARATORS)
    best, most = None, 0.0
    for shape in shapes:
        found = [row for row in sample.split(shape.row_separator) if row.strip()]
        sides = [row.split(shape.term_separator) for row in found]
        good = sum(len(parts) == 2 and all(map(str.strip, parts)) for parts in sides)
        share = good / len(found) if found else 0.0
        # Earlier formats are likelier: a later one must fit clearly more rows.
        if good and share > most + 0.05:
            best, most = shape, share
    return best or next((shape for shape in shapes if shape.term_separator in sample), None)
